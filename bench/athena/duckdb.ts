/** DuckDB alone, as someone would use it on the same files. */
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'

export class DuckDbAlone {
  readonly #connection: DuckDBConnection

  private constructor(connection: DuckDBConnection) {
    this.#connection = connection
  }

  static async open(): Promise<DuckDbAlone> {
    const instance = await DuckDBInstance.create(':memory:')
    return new DuckDbAlone(await instance.connect())
  }

  async run(sql: string): Promise<void> {
    await this.#connection.run(sql)
  }

  async rows(sql: string): Promise<readonly (readonly unknown[])[]> {
    return (await this.#connection.runAndReadAll(sql)).getRows()
  }

  /** Milliseconds until all rows are there. */
  async time(sql: string): Promise<number> {
    const startedAt = performance.now()
    await this.rows(sql)
    return performance.now() - startedAt
  }
}

export function listed(paths: readonly string[]): string {
  return `[${paths.map((path) => `'${path}'`).join(', ')}]`
}
