/**
 * Who runs next. Statements about the catalog and queries have places of their own, so that neither waits for the other
 * (Athena has separate quotas for DDL and DML); within a lane the workgroup that has least running goes first, and of
 * its statements the oldest.
 */
import type { Execution } from './execution.ts'

type Lane = 'ddl' | 'dml'

/** Statements that run at once. */
const PLACES: Readonly<Record<Lane, number>> = { dml: 8, ddl: 4 }

export const WAITING_MAX = 200

interface Queued {
  readonly execution: Execution
}

export class QueryQueue<Item extends Queued> {
  #waiting: Item[] = []
  /** Places of the queue that are promised to statements on their way into it. */
  #promised = 0
  readonly #running = new Map<string, { readonly lane: Lane; readonly workgroup: string }>()

  /** False: there is no room. True: a place is kept until `join` or `giveBack`. */
  promise(): boolean {
    if (this.#waiting.length + this.#promised >= WAITING_MAX) return false
    this.#promised++
    return true
  }

  giveBack(): void {
    this.#promised--
  }

  join(item: Item): void {
    this.#promised--
    this.#waiting.push(item)
  }

  /** Takes one out that waits; undefined: it does not wait. */
  remove(id: string): Item | undefined {
    const index = this.#waiting.findIndex(({ execution }) => execution.id === id)
    return index < 0 ? undefined : this.#waiting.splice(index, 1)[0]
  }

  /** The next that may run, which from now on does; until `ended`. */
  next(): Item | undefined {
    let best: Item | undefined
    for (const item of this.#waiting) {
      if (this.#count(laneOf(item)) >= PLACES[laneOf(item)]) continue
      if (best === undefined || this.#countOf(item) < this.#countOf(best)) best = item
    }
    if (best === undefined) return undefined
    this.remove(best.execution.id)
    this.#running.set(best.execution.id, { lane: laneOf(best), workgroup: best.execution.workgroup })
    return best
  }

  ended(id: string): void {
    this.#running.delete(id)
  }

  clear(): void {
    this.#waiting = []
  }

  #count(lane: Lane): number {
    return [...this.#running.values()].filter((running) => running.lane === lane).length
  }

  #countOf(item: Item): number {
    const lane = laneOf(item)
    const { workgroup } = item.execution
    return [...this.#running.values()].filter((running) => running.lane === lane && running.workgroup === workgroup)
      .length
  }
}

/** CREATE TABLE AS is DDL by its type, but works like a query. */
function laneOf({ execution }: Queued): Lane {
  const isQuery = execution.statementType === 'DML' || execution.substatementType === 'CREATE_TABLE_AS_SELECT'
  return isQuery ? 'dml' : 'ddl'
}
