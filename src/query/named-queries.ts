/** Saved queries: a name, a text and a database, kept in a workgroup. */
import type { Ids } from '../platform/ids.ts'
import type { MetadataDatabase } from '../platform/sqlite.ts'
import { invalidInput } from './refusal.ts'

export interface NamedQuery {
  readonly id: string
  readonly name: string
  readonly description?: string
  readonly database: string
  readonly sql: string
  readonly workgroup: string
  readonly clientRequestToken?: string
}

interface BodyRow {
  readonly body: string
}

export class NamedQueries {
  readonly #database: MetadataDatabase
  readonly #ids: Ids

  constructor(database: MetadataDatabase, ids: Ids) {
    this.#database = database
    this.#ids = ids
  }

  /** The same token gives the query made before. */
  create(query: Omit<NamedQuery, 'id'>): Promise<NamedQuery> {
    return this.#database.write(() => {
      const known = this.#withToken(query.workgroup, query.clientRequestToken)
      if (known !== undefined) return known
      const created = { ...query, id: this.#ids.uuid() }
      this.#database
        .prepare('INSERT INTO query_named (id, workgroup, body) VALUES (?, ?, ?)')
        .run(created.id, created.workgroup, JSON.stringify(created))
      return created
    })
  }

  find(id: string): NamedQuery | undefined {
    const row = this.#database.prepare<BodyRow>('SELECT body FROM query_named WHERE id = ?').get(id)
    return row && (JSON.parse(row.body) as NamedQuery)
  }

  withId(id: string): NamedQuery {
    const found = this.find(id)
    if (found === undefined) throw invalidInput(`NamedQuery ${id} was not found`)
    return found
  }

  /** In the order they were made. */
  page(workgroup: string, after: number | undefined, limit: number): readonly { number: number; id: string }[] {
    return this.#database
      .prepare<{ number: number; id: string }>(
        'SELECT number, id FROM query_named WHERE workgroup = ? AND number > ? ORDER BY number LIMIT ?',
      )
      .all(workgroup, after ?? 0, limit)
  }

  update(id: string, change: Pick<NamedQuery, 'name' | 'description' | 'sql'>): Promise<void> {
    return this.#database.write(() => {
      const { description, ...current } = this.withId(id)
      const next = { ...current, ...(description !== undefined && { description }), ...withoutUndefined(change) }
      this.#database.prepare('UPDATE query_named SET body = ? WHERE id = ?').run(JSON.stringify(next), id)
    })
  }

  delete(id: string): Promise<void> {
    return this.#database.write(() => {
      this.withId(id)
      this.#database.prepare('DELETE FROM query_named WHERE id = ?').run(id)
    })
  }

  count(workgroup: string): number {
    return (
      this.#database
        .prepare<{ count: number }>('SELECT count(*) AS count FROM query_named WHERE workgroup = ?')
        .get(workgroup)?.count ?? 0
    )
  }

  deleteWorkgroup(workgroup: string): void {
    this.#database.prepare('DELETE FROM query_named WHERE workgroup = ?').run(workgroup)
  }

  #withToken(workgroup: string, token: string | undefined): NamedQuery | undefined {
    if (token === undefined) return undefined
    const row = this.#database
      .prepare<BodyRow>(
        `SELECT body FROM query_named WHERE workgroup = ? AND json_extract(body, '$.clientRequestToken') = ?`,
      )
      .get(workgroup, token)
    return row && (JSON.parse(row.body) as NamedQuery)
  }
}

function withoutUndefined<T extends object>(value: T): Partial<T> {
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined)) as Partial<T>
}
