/**
 * Executions in the metadata database: durable when started and when ended. While one runs its newest state is in
 * memory only; a crash makes it FAILED at the next start.
 */
import type { MetadataDatabase } from '../platform/sqlite.ts'
import type { Execution } from './execution.ts'

/** What Athena keeps. */
const HISTORY_MS = 45 * 24 * 3_600_000
/** And never more than this many. */
const HISTORY_MAX = 200_000

const CANDIDATES_MAX = 20

interface BodyRow {
  readonly body: string
}

export class ExecutionStore {
  readonly #database: MetadataDatabase
  readonly #live = new Map<string, Execution>()

  constructor(database: MetadataDatabase) {
    this.#database = database
  }

  find(id: string): Execution | undefined {
    const live = this.#live.get(id)
    if (live !== undefined) return live
    const row = this.#database.prepare<BodyRow>('SELECT body FROM query_execution WHERE id = ?').get(id)
    return row && (JSON.parse(row.body) as Execution)
  }

  /** Durable when it resolves. When the token is known already, that execution is the answer and nothing is added. */
  add(execution: Execution): Promise<Execution> {
    return this.#database.write(() => {
      const known = this.findByToken(execution.clientRequestToken)
      if (known !== undefined) return known
      this.#database
        .prepare(
          'INSERT INTO query_execution (id, token, workgroup, submitted_ms, is_finished, body) VALUES (?, ?, ?, ?, 0, ?)',
        )
        .run(
          execution.id,
          execution.clientRequestToken,
          execution.workgroup,
          execution.submittedAtMs,
          JSON.stringify(execution),
        )
      this.#live.set(execution.id, execution)
      return execution
    })
  }

  findByToken(token: string): Execution | undefined {
    const row = this.#database.prepare<{ id: string }>('SELECT id FROM query_execution WHERE token = ?').get(token)
    return row && this.find(row.id)
  }

  /** Seen at once by every reader; not durable by itself. */
  note(execution: Execution): void {
    if (this.#live.has(execution.id)) this.#live.set(execution.id, execution)
  }

  /** Durable and visible when it resolves; visible at once, so that nobody waits for ever when it cannot be written. */
  async finish(execution: Execution): Promise<void> {
    try {
      await this.#database.write(() => {
        this.#database
          .prepare('UPDATE query_execution SET is_finished = 1, body = ? WHERE id = ?')
          .run(JSON.stringify(execution), execution.id)
      })
      this.#live.delete(execution.id)
    } catch (error) {
      this.note(execution)
      throw error
    }
  }

  /** Newest first: those with this text that have got a result of their own since then. */
  succeededWith(sql: string, workgroup: string, sinceMs: number): readonly Execution[] {
    return this.#database
      .prepare<BodyRow>(
        `SELECT body FROM query_execution WHERE workgroup = ? AND is_finished = 1 AND submitted_ms >= ?
          AND json_extract(body, '$.sql') = ? AND json_extract(body, '$.state') = 'SUCCEEDED'
          ORDER BY number DESC LIMIT ?`,
      )
      .all(workgroup, sinceMs, sql, CANDIDATES_MAX)
      .map(({ body }) => JSON.parse(body) as Execution)
      .filter(({ isReused }) => isReused !== true)
  }

  /** Newest first. `before`: the number that the last page ended with. */
  page(workgroup: string, before: number | undefined, limit: number): readonly { number: number; id: string }[] {
    return this.#database
      .prepare<{ number: number; id: string }>(
        'SELECT number, id FROM query_execution WHERE workgroup = ? AND number < ? ORDER BY number DESC LIMIT ?',
      )
      .all(workgroup, before ?? Number.MAX_SAFE_INTEGER, limit)
  }

  count(workgroup: string): number {
    const row = this.#database
      .prepare<{ count: number }>('SELECT count(*) AS count FROM query_execution WHERE workgroup = ?')
      .get(workgroup)
    return row?.count ?? 0
  }

  deleteWorkgroup(workgroup: string): void {
    this.#database.prepare('DELETE FROM query_execution WHERE workgroup = ? AND is_finished = 1').run(workgroup)
  }

  /** Ends what a crash left open and forgets what is too old. */
  recover(end: (open: Execution) => Execution, nowMs: number): Promise<number> {
    return this.#database.write(() => {
      const open = this.#database.prepare<BodyRow>('SELECT body FROM query_execution WHERE is_finished = 0').all()
      for (const { body } of open) {
        const ended = end(JSON.parse(body) as Execution)
        this.#database
          .prepare('UPDATE query_execution SET is_finished = 1, body = ? WHERE id = ?')
          .run(JSON.stringify(ended), ended.id)
      }
      this.#database.prepare('DELETE FROM query_execution WHERE submitted_ms < ?').run(nowMs - HISTORY_MS)
      this.#database
        .prepare('DELETE FROM query_execution WHERE number <= (SELECT max(number) - ? FROM query_execution)')
        .run(HISTORY_MAX)
      return open.length
    })
  }
}
