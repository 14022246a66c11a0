/** Tables of the catalog by where they lie. Pure. */
import type { Table, TableInput } from '../catalog/types.ts'
import type { ProposedTable } from './group.ts'
import { s3Url } from './include-path.ts'

/** Tables by their locations, as URLs that end in `/`; where several share one, the crawler's own comes first. */
export function byLocation(tables: readonly Table[], crawler: string): ReadonlyMap<string, Table> {
  const found = new Map<string, Table>()
  for (const table of tables) {
    if (!isOfFiles(table)) continue
    const location = asFolder(table.storage?.location ?? '')
    const other = found.get(location)
    if (other === undefined || (wasMadeBy(table, crawler) && !wasMadeBy(other, crawler))) found.set(location, table)
  }
  return found
}

/** The key under which `byLocation` has the table for a proposal. */
export function locationOf({ bucket, path }: Pick<ProposedTable, 'bucket' | 'path'>): string {
  return asFolder(s3Url(bucket, path))
}

/** Views hold no files, and what Iceberg's files are only Iceberg says. */
export function isOfFiles(table: Table): boolean {
  return (
    table.storage?.location !== undefined &&
    table.tableType !== 'VIRTUAL_VIEW' &&
    table.parameters['table_type']?.toUpperCase() !== 'ICEBERG'
  )
}

export function wasMadeBy(table: Table, crawler: string): boolean {
  return table.parameters['UPDATED_BY_CRAWLER'] === crawler
}

export function asFolder(location: string): string {
  return location === '' || location.endsWith('/') ? location : `${location}/`
}

/** Where tables lie. */
export function locationsOf(tables: readonly Table[]): string[] {
  return tables.flatMap(({ storage }) => (storage?.location === undefined ? [] : [storage.location]))
}

/** What a writer says of a table, without what the catalog adds. */
export function asInput({
  database: _1,
  createdAtMs: _2,
  updatedAtMs: _3,
  createdBy: _4,
  versionId: _5,
  ...input
}: Table): TableInput {
  return input
}

/** A folder's URL, then that of each folder above it, down to the bucket's. */
export function* foldersAbove(url: string): Iterable<string> {
  const bucketEnd = url.indexOf('/', 's3://'.length)
  for (let end = url.lastIndexOf('/'); end >= bucketEnd && end > 0; end = url.lastIndexOf('/', end - 1))
    yield url.slice(0, end + 1)
}

/** Every folder that holds one of the places, these included: looking one up costs the same however many there are. */
export function foldersOver(urls: readonly string[]): ReadonlySet<string> {
  const folders = new Set<string>()
  for (const url of urls) {
    for (const folder of foldersAbove(asFolder(url))) {
      if (folders.has(folder)) break
      folders.add(folder)
    }
  }
  return folders
}
