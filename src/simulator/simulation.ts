/**
 * Fake web events with the logic of a real site: sessions begin at the rate of the hour, move from page to page by the
 * site's probabilities and end. Simulated time goes in steps of about ten seconds and has nothing to do with real time;
 * the caller decides when to stop. The same seed and start give the same events, byte for byte.
 *
 * One event is one JSON object and a newline. A visitor's 25 attributes never change, so their JSON is written once.
 */
import { Ids } from '../platform/ids.ts'
import type { Random } from '../platform/random.ts'
import { type Choice, weighted } from './choice.ts'
import { SESSION_END, type SimulatorConfiguration } from './configuration.ts'
import { userPool } from './user-pool.ts'

/** Simulated seconds of a step; each step is this ± 30 %. */
const STEP_SECONDS = 10
const SCATTER = 0.3

export interface SimulationOptions {
  readonly users: number
  readonly sessionsPerDay: number
  readonly startMs: number
  readonly configuration: SimulatorConfiguration
  readonly random: Random
}

interface Session {
  readonly visitor: string
  page: string
  atMs: number
  isNewPage: boolean
}

export class Simulation {
  readonly #random: Random
  readonly #ids: Ids
  readonly #options: SimulationOptions
  /** JSON of each visitor's attributes with the closing brace and newline. */
  readonly #visitors: readonly string[]
  readonly #landing: Choice
  readonly #next: ReadonlyMap<string, Choice>
  #sessions: Session[] = []
  #nowMs: number

  constructor(options: SimulationOptions) {
    this.#options = options
    this.#random = options.random
    this.#ids = new Ids(options.random)
    this.#nowMs = options.startMs
    this.#visitors = userPool(options.users, options.configuration, options.random).map(
      (attributes) => `,${JSON.stringify(attributes).slice(1)}\n`,
    )
    this.#landing = weighted(options.configuration.landingPages)
    this.#next = new Map(Object.entries(options.configuration.pages).map(([page, next]) => [page, weighted(next)]))
  }

  /** Simulated time, milliseconds since the epoch. */
  get nowMs(): number {
    return this.#nowMs
  }

  /** Lives through one step and returns its events as lines. May be empty. */
  step(): string[] {
    this.#moveSessions()
    this.#beginSessions()
    this.#nowMs += this.#scattered(STEP_SECONDS * 1000)
    const lines: string[] = []
    for (const session of this.#sessions) {
      if (session.isNewPage) lines.push(this.#eventLine(session))
    }
    return lines
  }

  /** Events without end, in the order they happen. */
  *events(): Generator<string, never> {
    for (;;) yield* this.step()
  }

  #moveSessions(): void {
    const going: Session[] = []
    for (const session of this.#sessions) {
      const page = (this.#next.get(session.page) as Choice).pick(this.#random)
      if (page === SESSION_END) continue
      session.isNewPage = page !== session.page
      session.page = page
      session.atMs = this.#scatteredTime()
      going.push(session)
    }
    this.#sessions = going
  }

  #beginSessions(): void {
    const share = this.#options.configuration.visitsPerHour[new Date(this.#nowMs).getUTCHours()] as number
    const expected = (share * this.#options.sessionsPerDay) / (3600 / STEP_SECONDS)
    const count = Math.floor(expected) + (this.#random.unit() < expected % 1 ? 1 : 0)
    for (let begun = 0; begun < count; begun++) {
      const visitor = this.#visitors[Math.floor(this.#random.unit() * this.#visitors.length)] as string
      const page = this.#landing.pick(this.#random)
      if (page === SESSION_END) continue
      this.#sessions.push({ visitor, page, atMs: this.#scatteredTime(), isNewPage: true })
    }
  }

  #scatteredTime(): number {
    return this.#nowMs + this.#scattered(STEP_SECONDS * 1000) - STEP_SECONDS * 1000
  }

  #scattered(ms: number): number {
    return ms * (1 - SCATTER + 2 * SCATTER * this.#random.unit())
  }

  #eventLine(session: Session): string {
    return (
      `{"event_id":"${this.#ids.uuid()}","event_timestamp":"${timestampText(session.atMs)}","event_type":"pageview",` +
      `"page_url":"http://www.dummywebsite.com/${session.page}","page_url_path":"/${session.page}"${session.visitor}`
    )
  }
}

/** `2020-07-05 14:32:45.407110`: microseconds, UTC. */
function timestampText(ms: number): string {
  const wholeMs = Math.floor(ms)
  const micros = Math.floor((ms - wholeMs) * 1000)
  return `${new Date(wholeMs).toISOString().slice(0, 23).replace('T', ' ')}${String(micros).padStart(3, '0')}`
}
