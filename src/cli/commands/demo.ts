/**
 * The main job from nothing to a SQL answer: starts a lake, applies the first lake's file, streams events into it,
 * crawls, queries and checks itself. Everything goes through the public APIs, as a user's own programs would.
 */
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { systemRandom } from '../../platform/random.ts'
import { Refusal } from '../../platform/refusal.ts'
import { defaultConfiguration } from '../../simulator/configuration.ts'
import { Simulation } from '../../simulator/simulation.ts'
import { applyLakeFile } from '../apply/apply.ts'
import { type Clients, clientsOf } from '../clients.ts'
import { type Command, type CommandInput, wholeNumber } from '../command.ts'
import { type Connection, exportLines } from '../connection.ts'
import { runCrawler } from '../crawl.ts'
import { startLakeProcess } from '../demo/lake-process.ts'
import { type LakeFile, parseLakeFile } from '../lake-file.ts'
import { type QueryOutcome, runQuery } from '../query.ts'
import { showAnswer, showCrawledTable } from '../reports.ts'
import { type Progress, simulate } from '../simulate.ts'
import { type StreamFigures, streamFigures } from '../stream-figures.ts'
import { bytesText, countText, type Terminal } from '../terminal.ts'
import { progressText } from './simulate.ts'

/** Fast enough to fill many buffers in twenty seconds, slow enough for any laptop. */
const EVENTS_PER_SECOND = 2_000
/** The buffer's own interval, and some for writing and a busy machine. */
const DELIVERED_WITHIN_MS = 90_000
const FIGURES_EVERY_MS = 250
/** Of thirty columns, what fits a screen. */
const COLUMNS_SHOWN = 5

export const demo: Command = {
  name: 'demo',
  summary: "From nothing to a SQL answer: starts a lake, streams a website's events into it, crawls it and queries it.",
  arguments: [],
  flags: {
    exit: { says: 'end when done instead of leaving the lake up' },
    duration: { value: 'S', says: 'seconds of events', default: '20' },
  },
  examples: ['lakelet demo', 'lakelet demo --exit'],
  async run(input) {
    const { terminal } = input
    const dataDirectory = await mkdtemp(join(tmpdir(), 'lakelet-demo-'))
    const lake = await startLakeProcess(dataDirectory)
    try {
      const report = await firstLake(input, lake.connection)
      terminal.result(report)
      if (!input.switches.has('exit')) await stayUp(input, lake.connection)
      return 0
    } finally {
      await lake.stop()
      await rm(dataDirectory, { recursive: true, force: true })
    }
  },
}

async function firstLake(input: CommandInput, connection: Connection): Promise<object> {
  const { terminal } = input
  const clients = clientsOf(connection)
  const startedAt = performance.now()

  heading(terminal, 1, 'A lake of your own')
  terminal.line(
    `${tick(terminal)} listening at ${terminal.style('strong', connection.endpoint)}. To use it by hand from another shell:`,
  )
  for (const line of exportLines(connection)) terminal.line(`    ${line}`)

  heading(terminal, 2, 'What lake.yaml describes')
  const file = parseLakeFile(await readFile(new URL('../../../examples/first-lake/lake.yaml', import.meta.url), 'utf8'))
  await applyLakeFile(file, clients, connection.region, input)

  heading(terminal, 3, 'Web events stream in')
  const stream = file.deliveryStreams[0]?.name ?? ''
  const seconds = wholeNumber('duration', input.flags['duration'], 1) ?? 20
  const sent = await streamEvents(input, clients, connection, stream, seconds)
  input.signal.throwIfAborted()
  terminal.settle(`${tick(terminal)} ${progressText(sent)}`)
  const delivered = await untilDelivered(connection, stream, sent.acknowledged, input)
  terminal.settle(
    `${tick(terminal)} all delivered: ${countText(delivered.deliveredObjects)} gzip objects in s3://${file.buckets[0]?.name}/events/`,
  )

  heading(terminal, 4, 'The crawler finds out what is in there')
  const crawler = file.crawlers[0]?.name ?? ''
  const crawled = await runCrawler(await clients.glue(), crawler, input.signal, (state, elapsedMs) =>
    terminal.live(`  crawler ${crawler}: ${state} · ${(elapsedMs / 1000).toFixed(1)} s`),
  )
  terminal.settle(`${tick(terminal)} crawler ${crawler}: ${crawled.status} in ${crawled.seconds.toFixed(1)} s`)
  for (const table of crawled.tables) showCrawledTable(table, terminal)

  heading(terminal, 5, 'SQL answers')
  for (const query of file.queries) {
    terminal.line(terminal.style('strong', query.name) + terminal.style('dim', ` · ${query.description ?? ''}`))
    if (query.sql.length < 100) terminal.line(terminal.style('dim', query.sql))
    showAnswer(await ask(clients, query.sql, query, input.signal), terminal, { columnsMax: COLUMNS_SHOWN + 1 })
    terminal.line()
  }

  heading(terminal, 6, 'Is every event there, exactly once?')
  const check = await selfCheck(clients, file, sent, input.signal)
  terminal.line(
    `${tick(terminal)} ${countText(check.acknowledged)} events acknowledged = ${countText(check.counted)} counted = ${countText(check.distinct)} distinct event ids`,
  )
  const totalSeconds = (performance.now() - startedAt) / 1000
  terminal.line(terminal.style('dim', `  ${totalSeconds.toFixed(0)} s from nothing to here`))
  return { ...check, endpoint: connection.endpoint, objects: delivered.deliveredObjects, seconds: totalSeconds }
}

async function streamEvents(
  input: CommandInput,
  clients: Clients,
  connection: Connection,
  stream: string,
  seconds: number,
): Promise<Progress> {
  const simulation = new Simulation({
    users: 100,
    sessionsPerDay: 100_000,
    startMs: Date.now(),
    configuration: defaultConfiguration,
    random: systemRandom,
  })
  let figures: StreamFigures | undefined
  let askedAt = 0
  const show = (progress: Progress) => {
    const inLake =
      figures === undefined
        ? ''
        : ` · ${bytesText(figures.bufferedBytes)} buffered · ${figures.deliveredObjects} objects`
    input.terminal.live(`  ${progressText(progress)}${inLake}`)
    if (performance.now() - askedAt < FIGURES_EVERY_MS) return
    askedAt = performance.now()
    void streamFigures(connection, stream).then(
      (latest) => {
        figures = latest
      },
      // Only the progress line misses its figures; sending goes on and reports its own failures.
      () => undefined,
    )
  }
  return simulate(simulation, await clients.firehose(), {
    stream,
    durationMs: seconds * 1000,
    rate: EVENTS_PER_SECOND,
    batch: true,
    signal: input.signal,
    onProgress: show,
  })
}

async function untilDelivered(
  connection: Connection,
  stream: string,
  acknowledged: number,
  { terminal, signal }: CommandInput,
): Promise<StreamFigures> {
  const startedAt = performance.now()
  for (;;) {
    signal.throwIfAborted()
    const figures = await streamFigures(connection, stream)
    if (figures === undefined)
      throw new Refusal('demoFailed', `The lake at ${connection.endpoint} has no stream ${stream}.`)
    if (figures.bufferedRecords === 0 && figures.deliveredRecords >= acknowledged) return figures
    if (performance.now() - startedAt > DELIVERED_WITHIN_MS) {
      const reason = figures.lastError === undefined ? '' : ` Last error: ${figures.lastError}`
      throw new Refusal(
        'demoFailed',
        `${countText(figures.bufferedRecords)} records are still buffered after ${DELIVERED_WITHIN_MS / 1000} s.${reason}\nSee lakelet.log in the data directory.`,
      )
    }
    const dueIn = figures.dueInMs === undefined ? '' : `, due in ${Math.ceil(figures.dueInMs / 1000)} s`
    terminal.live(
      `  waiting for the last buffer: ${countText(figures.bufferedRecords)} records, ${bytesText(figures.bufferedBytes)}${dueIn}`,
    )
    await sleep(FIGURES_EVERY_MS)
  }
}

async function ask(
  clients: Clients,
  sql: string,
  where: { database: string; workgroup: string },
  signal: AbortSignal,
): Promise<QueryOutcome> {
  return runQuery(await clients.athena(), {
    sql,
    database: where.database,
    workgroup: where.workgroup,
    output: undefined,
    signal,
  })
}

async function selfCheck(clients: Clients, file: LakeFile, sent: Progress, signal: AbortSignal) {
  const where = { database: file.crawlers[0]?.database ?? '', workgroup: file.workgroups[0]?.name ?? 'primary' }
  const answer = await ask(clients, 'SELECT count(*), count(DISTINCT event_id) FROM events', where, signal)
  const [counted = 0, distinct = 0] = (answer.rows[0] ?? []).map(Number)
  const { acknowledged } = sent
  if (counted !== acknowledged || distinct !== acknowledged) {
    throw new Refusal(
      'demoFailed',
      `${countText(acknowledged)} events were acknowledged, but SQL counts ${countText(counted)} of which ${countText(distinct)} are distinct.\nThat is a defect of lakelet: please report it with lakelet.log from the data directory.`,
    )
  }
  return { acknowledged, counted, distinct }
}

async function stayUp({ terminal, signal }: CommandInput, connection: Connection): Promise<void> {
  terminal.line()
  terminal.line(
    `The lake stays up at ${terminal.style('strong', connection.endpoint)} until Ctrl-C. Its data goes with it; for one that stays: lakelet up.`,
  )
  await new Promise<void>((resolve) => {
    if (signal.aborted) resolve()
    signal.addEventListener('abort', () => resolve(), { once: true })
  })
}

function heading(terminal: Terminal, number: number, text: string): void {
  terminal.line()
  terminal.line(terminal.style('strong', `${number}. ${text}`))
}

function tick(terminal: Terminal): string {
  return terminal.style('good', '✓')
}
