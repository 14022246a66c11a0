/** What all parts of the embedded catalog share: rows with a JSON body, and the tables and databases they belong to. */
import type { Clock } from '../../platform/clock.ts'
import { Refusal } from '../../platform/refusal.ts'
import type { MetadataDatabase, Statement } from '../../platform/sqlite.ts'
import type { CatalogRefusal } from '../catalog.ts'
import type { Database, Table } from '../types.ts'
import { Burial } from './burial.ts'
import { GRAVEYARD } from './schema.ts'

export interface Body {
  readonly body: string
}

export interface TableRow extends Body {
  readonly id: number
}

export class CatalogRows {
  protected readonly database: MetadataDatabase
  protected readonly clock: Clock
  protected readonly burial: Burial
  readonly #databaseNamed: Statement<Body>
  readonly #tableNamed: Statement<TableRow>

  /** The tables of SQLite must be there. */
  constructor(parts: { database: MetadataDatabase; clock: Clock }) {
    this.database = parts.database
    this.clock = parts.clock
    this.burial = new Burial(parts.database)
    this.#databaseNamed = parts.database.prepare('SELECT body FROM catalog_database WHERE name = ?')
    this.#tableNamed = parts.database.prepare('SELECT id, body FROM catalog_table WHERE database = ? AND name = ?')
  }

  protected findDatabaseNow(name: string): Database | undefined {
    return name === GRAVEYARD ? undefined : read<Database>(this.#databaseNamed.get(fold(name)))
  }

  protected databaseNamed(name: string): Database {
    const found = this.findDatabaseNow(name)
    if (found === undefined) throw refuse('databaseNotFound', `Database ${name} not found.`)
    return found
  }

  protected findTableNow(database: string, name: string): Table | undefined {
    return database === GRAVEYARD ? undefined : read<Table>(this.#tableNamed.get(fold(database), fold(name)))
  }

  protected tableRow(database: string, name: string): TableRow {
    const found = database === GRAVEYARD ? undefined : this.#tableNamed.get(fold(database), fold(name))
    if (found !== undefined) return found
    this.databaseNamed(database)
    throw refuse('tableNotFound', `Table ${name} not found.`)
  }
}

export function refuse(code: CatalogRefusal, message: string): Refusal<CatalogRefusal> {
  return new Refusal(code, message)
}

/** Names of databases and tables have no case. */
export const fold = (name: string): string => name.toLowerCase()

export function parse<Value>(row: Body): Value {
  return JSON.parse(row.body) as Value
}

export function read<Value>(row: Body | undefined): Value | undefined {
  return row === undefined ? undefined : parse<Value>(row)
}
