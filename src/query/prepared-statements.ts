/** Prepared statements: a text with `?` under a name, in a workgroup. Names are told apart by case. */
import type { Clock } from '../platform/clock.ts'
import type { MetadataDatabase } from '../platform/sqlite.ts'
import { invalidInput, refuse } from './refusal.ts'

export interface PreparedStatement {
  readonly name: string
  readonly workgroup: string
  readonly sql: string
  readonly description?: string
  readonly modifiedAtMs: number
}

const PER_WORKGROUP_MAX = 1_000

export class PreparedStatements {
  readonly #database: MetadataDatabase
  readonly #clock: Clock

  constructor(database: MetadataDatabase, clock: Clock) {
    this.#database = database
    this.#clock = clock
  }

  find(workgroup: string, name: string): PreparedStatement | undefined {
    const row = this.#database
      .prepare<{ body: string }>('SELECT body FROM query_prepared WHERE workgroup = ? AND name = ?')
      .get(workgroup, name)
    return row && (JSON.parse(row.body) as PreparedStatement)
  }

  named(workgroup: string, name: string): PreparedStatement {
    const found = this.find(workgroup, name)
    if (found === undefined)
      throw refuse('preparedStatementNotFound', `PreparedStatement ${name} was not found in workGroup ${workgroup}`, {
        name,
      })
    return found
  }

  create(statement: Omit<PreparedStatement, 'modifiedAtMs'>, options: { orReplace: boolean }): Promise<void> {
    return this.#database.write(() => {
      const exists = this.find(statement.workgroup, statement.name) !== undefined
      if (exists && !options.orReplace)
        throw invalidInput(`PreparedStatement ${statement.name} already exists in workGroup ${statement.workgroup}`)
      if (!exists && this.count(statement.workgroup) >= PER_WORKGROUP_MAX)
        throw invalidInput(`A workgroup can have at most ${PER_WORKGROUP_MAX} prepared statements.`)
      this.#put(statement)
    })
  }

  update(statement: Omit<PreparedStatement, 'modifiedAtMs'>): Promise<void> {
    return this.#database.write(() => {
      const current = this.named(statement.workgroup, statement.name)
      this.#put({ ...(current.description !== undefined && { description: current.description }), ...statement })
    })
  }

  delete(workgroup: string, name: string): Promise<void> {
    return this.#database.write(() => {
      this.named(workgroup, name)
      this.#database.prepare('DELETE FROM query_prepared WHERE workgroup = ? AND name = ?').run(workgroup, name)
    })
  }

  /** Sorted by name. */
  page(workgroup: string, after: string | undefined, limit: number): readonly PreparedStatement[] {
    return this.#database
      .prepare<{ body: string }>(
        'SELECT body FROM query_prepared WHERE workgroup = ? AND name > ? ORDER BY name LIMIT ?',
      )
      .all(workgroup, after ?? '', limit)
      .map((row) => JSON.parse(row.body) as PreparedStatement)
  }

  count(workgroup: string): number {
    return (
      this.#database
        .prepare<{ count: number }>('SELECT count(*) AS count FROM query_prepared WHERE workgroup = ?')
        .get(workgroup)?.count ?? 0
    )
  }

  deleteWorkgroup(workgroup: string): void {
    this.#database.prepare('DELETE FROM query_prepared WHERE workgroup = ?').run(workgroup)
  }

  #put(statement: Omit<PreparedStatement, 'modifiedAtMs'>): void {
    const body = JSON.stringify({ ...statement, modifiedAtMs: this.#clock.nowMs() })
    this.#database
      .prepare('INSERT OR REPLACE INTO query_prepared (workgroup, name, body) VALUES (?, ?, ?)')
      .run(statement.workgroup, statement.name, body)
  }
}
