/** Databases, and the user-defined functions in them. */
import type { MetadataDatabase } from '../../platform/sqlite.ts'
import type { Catalog } from '../catalog.ts'
import type { Database, UserDefinedFunction, UserDefinedFunctionInput } from '../types.ts'
import { type Body, CatalogRows, fold, parse, read, refuse } from './rows.ts'

function prepareStatements(database: MetadataDatabase) {
  const one = (sql: string) => database.prepare<Body>(sql)
  return {
    databases: one('SELECT body FROM catalog_database WHERE name > char(0) ORDER BY name'),
    insertDatabase: one('INSERT INTO catalog_database VALUES (?, ?)'),
    updateDatabase: one('UPDATE catalog_database SET body = ? WHERE name = ?'),
    deleteDatabase: one('DELETE FROM catalog_database WHERE name = ?'),
    functionNamed: one('SELECT body FROM catalog_function WHERE database = ? AND name = ?'),
    functions: one('SELECT body FROM catalog_function WHERE database = ? ORDER BY name'),
    insertFunction: one('INSERT INTO catalog_function VALUES (?, ?, ?)'),
    updateFunction: one('UPDATE catalog_function SET name = ?, body = ? WHERE database = ? AND name = ?'),
    deleteFunction: one('DELETE FROM catalog_function WHERE database = ? AND name = ?'),
  }
}

type Part =
  | 'createDatabase'
  | 'findDatabase'
  | 'databases'
  | 'updateDatabase'
  | 'deleteDatabase'
  | 'createFunction'
  | 'findFunction'
  | 'functions'
  | 'updateFunction'
  | 'deleteFunction'

export class EmbeddedDatabases extends CatalogRows implements Pick<Catalog, Part> {
  readonly #sql = prepareStatements(this.database)

  createDatabase(input: Omit<Database, 'createdAtMs'>): Promise<Database> {
    return this.database.write(() => {
      const created: Database = { ...input, name: fold(input.name), createdAtMs: this.clock.nowMs() }
      if (this.findDatabaseNow(created.name) !== undefined) throw refuse('databaseExists', 'Database already exists.')
      this.#sql.insertDatabase.run(created.name, JSON.stringify(created))
      return created
    })
  }

  async findDatabase(name: string): Promise<Database | undefined> {
    return this.findDatabaseNow(name)
  }

  async databases(): Promise<readonly Database[]> {
    return this.#sql.databases.all().map(parse<Database>)
  }

  updateDatabase(name: string, change: (current: Database) => Omit<Database, 'createdAtMs'>): Promise<Database> {
    return this.database.write(() => {
      const current = this.databaseNamed(name)
      const updated: Database = { ...change(current), name: current.name, createdAtMs: current.createdAtMs }
      this.#sql.updateDatabase.run(JSON.stringify(updated), current.name)
      return updated
    })
  }

  async deleteDatabase(name: string): Promise<void> {
    await this.database.write(() => {
      const { name: found } = this.databaseNamed(name)
      this.burial.moveTables(found)
      this.#sql.deleteDatabase.run(found)
    })
    await this.burial.bury()
  }

  // -------------------------------------------------------------- functions

  createFunction(database: string, input: UserDefinedFunctionInput): Promise<void> {
    return this.database.write(() => {
      const { name: of } = this.databaseNamed(database)
      this.#checkFree(of, input.name)
      const created: UserDefinedFunction = { ...input, database: of, createdAtMs: this.clock.nowMs() }
      this.#sql.insertFunction.run(of, input.name, JSON.stringify(created))
    })
  }

  async findFunction(database: string, name: string): Promise<UserDefinedFunction | undefined> {
    return read<UserDefinedFunction>(this.#sql.functionNamed.get(fold(database), name))
  }

  async functions(database: string): Promise<readonly UserDefinedFunction[]> {
    return this.#sql.functions.all(this.databaseNamed(database).name).map(parse<UserDefinedFunction>)
  }

  updateFunction(database: string, name: string, input: UserDefinedFunctionInput): Promise<void> {
    return this.database.write(() => {
      const { name: of } = this.databaseNamed(database)
      const current = read<UserDefinedFunction>(this.#sql.functionNamed.get(of, name))
      if (current === undefined) throw functionNotFound(name)
      if (input.name !== name) this.#checkFree(of, input.name)
      const updated: UserDefinedFunction = { ...input, database: of, createdAtMs: current.createdAtMs }
      this.#sql.updateFunction.run(input.name, JSON.stringify(updated), of, name)
    })
  }

  deleteFunction(database: string, name: string): Promise<void> {
    return this.database.write(() => {
      const { changes } = this.#sql.deleteFunction.run(this.databaseNamed(database).name, name)
      if (changes === 0) throw functionNotFound(name)
    })
  }

  #checkFree(database: string, name: string): void {
    if (this.#sql.functionNamed.get(database, name) !== undefined)
      throw refuse('functionExists', 'Function already exists.')
  }
}

function functionNotFound(name: string) {
  return refuse('functionNotFound', `Function ${name} not found.`)
}
