import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { seededRandom, systemRandom } from '../../platform/random.ts'
import { Refusal } from '../../platform/refusal.ts'
import { defaultConfiguration, parseConfiguration } from '../../simulator/configuration.ts'
import { Simulation } from '../../simulator/simulation.ts'
import { clientsOf } from '../clients.ts'
import { type Command, wholeNumber } from '../command.ts'
import { connectionFlags, findConnection } from '../connection.ts'
import { simulate as sendEvents } from '../simulate.ts'
import { bytesText, countText } from '../terminal.ts'

export const simulate: Command = {
  name: 'simulate',
  summary:
    "Sends a website's fake events to a delivery stream, one PutRecord an event, as fast as the stream takes them.",
  arguments: [],
  flags: {
    stream: { value: 'NAME', says: 'the delivery stream' },
    duration: { value: 'S', says: 'real seconds to run', default: '300' },
    users: { value: 'N', says: 'visitors of the site', default: '100' },
    'sessions-per-day': { value: 'N', says: 'sessions on a simulated day', default: '100000' },
    rate: { value: 'N', says: 'events a second at most' },
    seed: { value: 'N', says: 'the same seed gives the same events' },
    config: { value: 'FILE', says: "the site's config.yml, as fake-web-events has it" },
    batch: { says: 'PutRecordBatch of up to 500 events a call' },
    ...connectionFlags,
  },
  examples: [
    'lakelet simulate --stream egd-how --duration 20',
    'lakelet simulate --stream egd-how --batch --rate 5000 --seed 7',
  ],
  async run(input) {
    const { flags, terminal } = input
    const stream = flags['stream']
    if (stream === undefined)
      throw new Refusal('usage', 'simulate: --stream NAME must be given.\nSee lakelet simulate --help.')
    const seed = wholeNumber('seed', flags['seed'], 0)
    const startMs = seed === undefined ? Date.now() : SEEDED_START_MS
    const simulation = new Simulation({
      users: wholeNumber('users', flags['users'], 1) ?? 100,
      sessionsPerDay: wholeNumber('sessions-per-day', flags['sessions-per-day'], 1) ?? 100_000,
      startMs,
      configuration:
        flags['config'] === undefined
          ? defaultConfiguration
          : parseConfiguration(await readText(resolve(input.workingDirectory, flags['config']))),
      random: seed === undefined ? systemRandom : seededRandom(seed),
    })
    const firehose = await clientsOf(await findConnection(input)).firehose()
    const sent = await sendEvents(simulation, firehose, {
      stream,
      durationMs: (wholeNumber('duration', flags['duration'], 1) ?? 300) * 1000,
      rate: wholeNumber('rate', flags['rate'], 1),
      batch: input.switches.has('batch'),
      signal: input.signal,
      onProgress: (progress) => terminal.live(progressText(progress)),
    })
    const perSecond = sent.acknowledged / (sent.elapsedMs / 1000)
    terminal.settle(`${terminal.style('good', '✓')} ${progressText(sent)}`)
    terminal.remark('The stream delivers them when its buffer is full or old enough; then: lakelet crawl.')
    terminal.result({
      stream,
      acknowledged: sent.acknowledged,
      bytes: sent.acknowledgedBytes,
      retried: sent.retried,
      seconds: sent.elapsedMs / 1000,
      eventsPerSecond: perSecond,
    })
    return 0
  },
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (cause) {
    throw new Refusal('unreadable', `Cannot read the configuration ${path}: ${(cause as Error).message}`, { cause })
  }
}

/** A seeded simulation begins at the same simulated moment on every run, or its events would not be the same. */
const SEEDED_START_MS = Date.UTC(2026, 0, 1, 12)

export function progressText(progress: {
  elapsedMs: number
  acknowledged: number
  acknowledgedBytes: number
  retried: number
}): string {
  const seconds = Math.max(progress.elapsedMs / 1000, 0.001)
  const parts = [
    `${countText(progress.acknowledged)} events acknowledged`,
    `${countText(Math.round(progress.acknowledged / seconds))} events/s`,
    bytesText(progress.acknowledgedBytes),
    `${seconds.toFixed(0)} s`,
    ...(progress.retried > 0 ? [`${countText(progress.retried)} sent again`] : []),
  ]
  return parts.join(' · ')
}
