/** The simulator of `lakelet simulate`, run by this page; its events go out by PutRecordBatch. */
import { defaultConfiguration } from '../../../../src/simulator/configuration.ts'
import { Simulation } from '../../../../src/simulator/simulation.ts'
import { putRecords } from '../../drivers/firehose.ts'
import { browserRandom } from './browser-random.ts'

export interface Sent {
  readonly taken: number
  readonly bytes: number
  readonly elapsedMs: number
}

interface Order {
  readonly stream: string
  readonly perSecond: number
  readonly seconds: number
  readonly signal: AbortSignal
  readonly onProgress: (sent: Sent) => void
}

/** Firehose takes as many in one call. */
const BATCH_MAX = 500
const PAUSE_MS = 250

/** Only what the stream has taken is counted; what it did not take is sent again. */
export async function sendTestEvents({ stream, perSecond, seconds, signal, onProgress }: Order): Promise<void> {
  const events = new Simulation({
    users: 100,
    sessionsPerDay: 100_000,
    startMs: Date.now(),
    configuration: defaultConfiguration,
    random: browserRandom,
  }).events()
  const started = performance.now()
  let taken = 0
  let bytes = 0
  let waiting: string[] = []
  for (;;) {
    const elapsedMs = performance.now() - started
    const isOver = signal.aborted || elapsedMs >= seconds * 1000
    onProgress({ taken, bytes, elapsedMs })
    if (isOver) return
    let due = Math.floor((elapsedMs / 1000) * perSecond) - taken
    while (due > 0 && !signal.aborted) {
      while (waiting.length < Math.min(due, BATCH_MAX)) waiting.push(events.next().value)
      const refused = await putRecords(stream, waiting)
      const count = waiting.length - refused.length
      const size = (lines: readonly string[]) => lines.reduce((sum, line) => sum + line.length, 0)
      bytes += size(waiting) - size(refused)
      waiting = [...refused]
      taken += count
      due -= count
      onProgress({ taken, bytes, elapsedMs: performance.now() - started })
    }
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS))
  }
}
