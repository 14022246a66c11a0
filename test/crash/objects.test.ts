/** Kills a process that writes objects, again and again, then reads everything back. */
import { createHash } from 'node:crypto'
import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { systemClock } from '../../src/platform/clock.ts'
import { seededRandom } from '../../src/platform/random.ts'
import { siblingEntry, startProcess } from '../../src/platform/spawn.ts'
import { bytesOf } from '../contracts/object-store.ts'
import { dataDirectory } from '../objects/local/support.ts'
import type { Step } from './objects-writer.ts'

const KILLS = 10

type Data = Awaited<ReturnType<typeof dataDirectory>>
let data: Data
beforeEach(async () => {
  data = await dataDirectory()
})
afterEach(() => data.remove())

test('killed ten times while writing, every acknowledged object is whole and no bytes are left over', async () => {
  const random = seededRandom(10)
  /** What a key may hold: what was last acknowledged, and what was under way at the kill. */
  const possible = new Map<string, Set<string | undefined>>()
  let acknowledged = 0
  for (let kill = 0; kill < KILLS; kill++) {
    const steps = 20 + Math.floor(random.unit() * 60)
    acknowledged += await writeUntilKilled(kill, { steps, thenMs: random.unit() * 20 }, possible)
    await requireWhole(possible)
  }
  expect(acknowledged).toBeGreaterThanOrEqual(KILLS * 20)
})

/** Kills the writer in the midst of what follows so many acknowledged steps. Resolves to how many steps it acknowledged. */
async function writeUntilKilled(
  seed: number,
  { steps, thenMs }: { steps: number; thenMs: number },
  possible: Map<string, Set<string | undefined>>,
): Promise<number> {
  const child = startProcess(siblingEntry(import.meta.url, './objects-writer'), [data.directory, String(seed)])
  let done = 0
  child.on('message', ({ key, digest, isDone }: Step) => {
    if (isDone) possible.set(key, new Set([digest]))
    else possible.set(key, new Set([...(possible.get(key) ?? [undefined]), digest]))
    if (isDone && ++done === steps) systemClock.after(thenMs, () => child.kill('SIGKILL'))
  })
  await new Promise((resolve) => child.on('close', resolve))
  return done
}

async function requireWhole(possible: Map<string, Set<string | undefined>>): Promise<void> {
  const { store, database, close } = await data.open()
  for (const [key, digests] of possible) {
    const version = await store.head({ bucket: 'lake', key }).catch(() => undefined)
    const digest =
      version &&
      createHash('sha256')
        .update(await bytesOf(store.read(version)))
        .digest('hex')
    expect([...digests], key).toContain(digest)
    possible.set(key, new Set([digest]))
  }
  const rows = database.prepare<{ count: number }>('SELECT count(*) AS count FROM blob WHERE sealed IS NULL').get()
  expect(filesUnder(join(data.directory, 'objects'))).toBe(rows?.count)
  expect(filesUnder(join(data.directory, 'staging'))).toBe(0)
  await close()
}

function filesUnder(folder: string): number {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  return names.filter((name) => statSync(join(folder, name)).isFile()).length
}
