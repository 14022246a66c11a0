/** Web events of about 1 KiB, the same in every run. */
import { seededRandom } from '../../src/platform/random.ts'
import { defaultConfiguration } from '../../src/simulator/configuration.ts'
import { Simulation } from '../../src/simulator/simulation.ts'

export function simulatedRecords(count: number): Buffer[] {
  return [...lines(count)].map((line) => Buffer.from(line))
}

export function* lines(count: number, seed = 7): Generator<string> {
  const simulation = new Simulation({
    users: 1000,
    sessionsPerDay: 1_000_000,
    startMs: Date.UTC(2026, 0, 15, 12),
    configuration: defaultConfiguration,
    random: seededRandom(seed),
  })
  let given = 0
  for (const line of simulation.events()) {
    if (given++ === count) return
    yield line
  }
}
