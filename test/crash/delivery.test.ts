/**
 * Kills a real lake at random moments while records go through every kind of stream, and then accounts for each of them.
 * A few kills here; 200 by `npm run test:crash`. `LAKELET_CRASH_SEED` repeats the moments of a run, as far as a busy
 * machine can.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { seededRandom } from '../../src/platform/random.ts'
import { eventually, type TestLake, temporaryDirectory } from '../support/lake.ts'
import { sendRaw } from '../support/raw-client.ts'
import { audit } from './delivery/auditor.ts'
import { Book } from './delivery/book.ts'
import { type FunctionServer, startFunctionServer } from './delivery/function-server.ts'
import { begin, beginAndKill, type Life } from './delivery/lives.ts'
import { changeInterval, create, produce, setUp } from './delivery/set-up.ts'
import { type CrashStream, FUNCTION, streams } from './delivery/streams.ts'

const KILLS = Number(process.env['LAKELET_CRASH_KILLS'] ?? 4)
const SEED = Number(process.env['LAKELET_CRASH_SEED'] ?? 4)
const PRODUCERS = [0, 1]
/** The longest interval of any stream, and a little. A clock that far ahead finds every batch due. */
const INTERVAL_MS = 65_000
const DRAINED_WITHIN_MS = 60_000

let directory: ReturnType<typeof temporaryDirectory>
let functions: FunctionServer
let lake: TestLake | undefined
beforeEach(async () => {
  directory = temporaryDirectory()
  functions = await startFunctionServer(seededRandom(SEED + 1))
})
afterEach(async () => {
  await lake?.kill()
  await functions.close()
  directory.remove()
})

test(`killed ${KILLS} times (seed ${SEED}), every acknowledged record is once where it must be, and nowhere else`, {
  timeout: 180_000 + KILLS * 10_000,
}, async () => {
  const random = seededRandom(SEED)
  const life = (aheadMs: number): Life => ({
    directory: directory.path,
    args: ['--lambda', `${FUNCTION}=${functions.url}`],
    aheadMs,
  })
  lake = await begin(life(0))
  const books = await createAll(lake)
  for (let kill = 0; kill < KILLS; kill++) {
    const dying = lake
    const productions = [...books].flatMap(([stream, book]) =>
      PRODUCERS.map((producer) => produce(dying, { stream, book, producer, random })),
    )
    if (random.unit() < 0.3) productions.push(changeInterval(dying, 'gzip', Math.floor(random.unit() * 3)))
    // What a producer sees before the kill, it must not wait for.
    const produced = Promise.all(productions)
    await Promise.race([produced, pause(30 + random.unit() * 900)])
    await dying.kill()
    await produced
    // Sometimes the next life ends before it answers, and wall clocks jump back and forth from life to life.
    for (; kill < KILLS - 1 && random.unit() < 0.2; kill++)
      await beginAndKill(life(someClock(random.unit())), random.unit() * 1_000)
    lake = await begin(life(kill < KILLS - 1 ? someClock(random.unit()) : 2 * INTERVAL_MS))
  }
  await drained(lake)
  const table: Record<string, object> = {}
  for (const [stream, book] of books)
    table[stream.name] = await audit(lake, stream, { book, dropped: functions.dropped })
  console.table(table)
  expect(await lake.stop()).toBe(0)
  expect(alarms(directory.path), 'nothing was found damaged').toEqual([])
})

/** Streams that this lake does not offer are left out, and it is said which. */
async function createAll(of: TestLake): Promise<ReadonlyMap<CrashStream, Book>> {
  const place = await setUp(of)
  const books = new Map<CrashStream, Book>()
  for (const stream of streams) {
    const refusal = await create(of, stream, place)
    if (refusal === undefined) books.set(stream, new Book())
    else console.warn(`${stream.name} is left out: ${refusal}`)
  }
  return books
}

function someClock(luck: number): number {
  return luck < 0.5 ? 0 : INTERVAL_MS
}

async function drained(of: TestLake): Promise<void> {
  let buffered: { readonly name: string; readonly bufferedRecords: number; readonly lastError?: string }[] = []
  const isDrained = async () => {
    const { body } = await sendRaw(of, { service: 'lakelet', path: '/_lakelet/streams' })
    const { streams: figures } = JSON.parse(body) as { streams: typeof buffered }
    buffered = figures.filter(({ bufferedRecords }) => bufferedRecords > 0)
    return buffered.length === 0 ? true : undefined
  }
  try {
    await eventually('everything is delivered', isDrained, DRAINED_WITHIN_MS)
  } catch (cause) {
    throw new Error(`Still buffered: ${JSON.stringify(buffered)}`, { cause })
  }
}

function alarms(path: string): string[] {
  const events = readFileSync(join(path, 'lakelet.log'), 'utf8').split('\n').filter(Boolean)
  return events.filter((line) => /"(JournalDamaged|TaskFailed|JournalWriteFailed|SealFailed)"/.test(line))
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
