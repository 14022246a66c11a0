/**
 * Data catalogs that queries name (D7). The lake has one of its own, `AwsDataCatalog`, under any case; GLUE catalogs of
 * the same account are other names for it. Catalogs of other accounts, Lambda functions and connections are refused.
 */
import type { MetadataDatabase } from '../platform/sqlite.ts'
import { invalidInput } from './refusal.ts'

export const OWN_CATALOG = 'AwsDataCatalog'

export type DataCatalogType = 'LAMBDA' | 'GLUE' | 'HIVE' | 'FEDERATED'

export interface DataCatalog {
  readonly name: string
  readonly type: DataCatalogType
  readonly description?: string
  readonly parameters: Readonly<Record<string, string>>
  readonly tags: Readonly<Record<string, string>>
}

const CATALOGS_MAX = 1_000
const ID = 'catalog-id'

export class DataCatalogs {
  readonly #database: MetadataDatabase
  readonly #accountId: string

  constructor(database: MetadataDatabase, accountId: string) {
    this.#database = database
    this.#accountId = accountId
  }

  find(name: string): DataCatalog | undefined {
    const lower = name.toLowerCase()
    if (lower === OWN_CATALOG.toLowerCase()) return this.#own()
    const row = this.#database.prepare<{ body: string }>('SELECT body FROM query_catalog WHERE name = ?').get(lower)
    return row && (JSON.parse(row.body) as DataCatalog)
  }

  named(name: string): DataCatalog {
    const found = this.find(name)
    if (found === undefined) throw invalidInput(`DataCatalog ${name} was not found`)
    return found
  }

  /** Sorted by name, its own among them. */
  page(after: string | undefined, limit: number): readonly DataCatalog[] {
    const own = this.#own()
    return [own, ...this.#made()]
      .toSorted((a, b) => (a.name.toLowerCase() < b.name.toLowerCase() ? -1 : 1))
      .filter(({ name }) => after === undefined || name.toLowerCase() > after.toLowerCase())
      .slice(0, limit)
  }

  /** The names, lower-case, by which statements may call the lake's own catalog besides its own name. */
  aliases(): ReadonlySet<string> {
    return new Set(this.#made().map(({ name }) => name.toLowerCase()))
  }

  create(catalog: DataCatalog): Promise<DataCatalog> {
    return this.#database.write(() => {
      this.#check(catalog)
      if (this.find(catalog.name) !== undefined) throw invalidInput(`DataCatalog ${catalog.name} already exists`)
      if (this.#made().length >= CATALOGS_MAX)
        throw invalidInput(`Cannot create more than ${CATALOGS_MAX} data catalogs.`)
      this.#database
        .prepare('INSERT INTO query_catalog (name, body) VALUES (?, ?)')
        .run(catalog.name.toLowerCase(), JSON.stringify(catalog))
      return catalog
    })
  }

  update(name: string, change: (current: DataCatalog) => DataCatalog): Promise<DataCatalog> {
    return this.#database.write(() => {
      const current = this.named(name)
      if (current.name === OWN_CATALOG) throw invalidInput(`DataCatalog ${OWN_CATALOG} cannot be changed.`)
      const changed = change(current)
      this.#check(changed)
      this.#database
        .prepare('UPDATE query_catalog SET body = ? WHERE name = ?')
        .run(JSON.stringify(changed), name.toLowerCase())
      return changed
    })
  }

  delete(name: string): Promise<DataCatalog> {
    return this.#database.write(() => {
      const current = this.named(name)
      if (current.name === OWN_CATALOG) throw invalidInput(`DataCatalog ${OWN_CATALOG} cannot be deleted.`)
      this.#database.prepare('DELETE FROM query_catalog WHERE name = ?').run(name.toLowerCase())
      return current
    })
  }

  #made(): readonly DataCatalog[] {
    return this.#database
      .prepare<{ body: string }>('SELECT body FROM query_catalog ORDER BY name')
      .all()
      .map((row) => JSON.parse(row.body) as DataCatalog)
  }

  #own(): DataCatalog {
    return { name: OWN_CATALOG, type: 'GLUE', parameters: { [ID]: this.#accountId }, tags: {} }
  }

  #check({ type, parameters }: DataCatalog): void {
    if (type !== 'GLUE')
      throw invalidInput(`Data catalogs of type ${type} are not supported by this lake: those of type GLUE are.`)
    for (const name of Object.keys(parameters))
      if (name !== ID) throw invalidInput(`Parameter ${name} is not one of a data catalog of type GLUE: ${ID} is.`)
    const id = parameters[ID]
    if (id === undefined) throw invalidInput(`A data catalog of type GLUE needs the parameter ${ID}.`)
    if (id !== this.#accountId)
      throw invalidInput(
        `The catalog of account ${id} is not in this lake: a data catalog of type GLUE can have the ${ID} ${this.#accountId}.`,
      )
  }
}
