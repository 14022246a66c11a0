/**
 * Tables that are crawled where they lie (catalog targets): what their locations hold now. No table is made of anything
 * else that lies there, and everything of one format is taken together, as AWS does by default for them.
 */
import type { Catalog } from '../catalog/catalog.ts'
import type { CatalogTarget } from '../catalog/crawler-types.ts'
import type { Table } from '../catalog/types.ts'
import { Refusal } from '../platform/refusal.ts'
import { type FindParts, group, list, sample, type Target } from './find-tables.ts'
import type { ProposedTable } from './group.ts'
import { parseIncludePath, s3Url } from './include-path.ts'
import { isOfFiles } from './known-tables.ts'

export interface FoundTable {
  readonly table: Table
  readonly proposed: ProposedTable
}

/** Those whose data could be read. Refuses 'crawlFailed' where a table is missing or has no files in S3. */
export async function findInCatalog(
  targets: readonly CatalogTarget[],
  catalog: Catalog,
  parts: FindParts,
): Promise<FoundTable[]> {
  const tables: Table[] = []
  for (const { database, tables: names } of targets)
    for (const name of names) tables.push(await tableNamed(catalog, database, name))
  const found: FoundTable[] = []
  for (const table of tables) {
    const proposed = await findAt(table, toTarget(table), parts)
    if (proposed !== undefined) found.push({ table, proposed })
  }
  return found
}

async function tableNamed(catalog: Catalog, database: string, name: string): Promise<Table> {
  const table = await catalog.findTable(database, name)
  if (table === undefined)
    throw new Refusal(
      'crawlFailed',
      `Table ${name} of database ${database}, which the crawler is to crawl, does not exist.`,
    )
  return table
}

function toTarget(table: Table): Target {
  const location = table.storage?.location ?? ''
  const path = isOfFiles(table) ? parseIncludePath(location) : undefined
  if (path === undefined)
    throw new Refusal(
      'crawlFailed',
      `Table ${table.name} of database ${table.database} does not lie in S3, so it cannot be crawled.`,
    )
  return { path, exclusions: [], exclusionUrls: [], sampleSize: undefined }
}

async function findAt(table: Table, target: Target, parts: FindParts): Promise<ProposedTable | undefined> {
  const { bucket, prefix } = target.path
  const configuration = { ...parts.configuration, combineCompatible: true, tableLevel: undefined }
  const combining = { ...parts, configuration }
  const listing = await list(target, combining)
  const proposals = group(listing, await sample(listing, target, combining), combining)
  const path = listing.isFile ? prefix.slice(0, -1) : prefix
  const proposed = proposals.find((proposal) => proposal.path === path)
  if (proposed === undefined) {
    const why = proposals.length === 0 ? 'holds no data that could be read' : 'holds data of several formats'
    parts.say(`Table ${table.name} was left as it is: ${s3Url(bucket, prefix)} ${why}.`)
  }
  return proposed
}
