import type { Catalog } from '../../../catalog/catalog.ts'
import { parsePartitionExpression } from '../../../catalog/partition-expression/index.ts'
import type { PartitionFilter } from '../../../catalog/partition-filter.ts'
import { bestIndex } from '../../../catalog/partition-indexes.ts'
import type { Table } from '../../../catalog/types.ts'
import type { GetPartitionsRequest, GetPartitionsResponse, Partition, Segment } from '../../../wire/model/glue.ts'
import type { GlueOperation } from '../context.ts'
import { invalidInput } from '../errors.ts'
import { decodeToken, encodeToken } from '../page.ts'
import { checkCatalogId, refuseMembers } from '../unsupported.ts'
import { tableNamed } from './found.ts'
import { fromPartition } from './partition-shape.ts'

const PARTITIONS_MAX = 1000

/**
 * In the order of values, or of the partition index that suits the expression best. A token has the name of that index
 * ('' of none) and the values given last, so that all pages go the same way.
 */
export const getPartitions: GlueOperation<GetPartitionsRequest, GetPartitionsResponse> = async (
  input,
  { catalog, accountId },
) => {
  checkCatalogId(input.CatalogId, accountId)
  refuseMembers(input, ['TransactionId', 'QueryAsOfTime'])
  checkSegment(input.Segment)
  const table = await tableNamed(catalog, input.DatabaseName, input.TableName)
  const expression = parsePartitionExpression(input.Expression ?? '', table.partitionKeys)
  const { by, after } = input.NextToken
    ? await goingOn(input.NextToken, catalog, table)
    : { by: bestIndex(expression, table.partitionKeys, await indexesOf(catalog, table))?.name }
  const filter = inSegment(expression, input.Segment)
  const limit = input.MaxResults ?? PARTITIONS_MAX
  const found: Partition[] = []
  let last: readonly string[] = []
  const scan = { ...(after && { after }), ...(filter && { filter }), ...(by !== undefined && { by }) }
  for await (const partition of catalog.partitions(table.database, table.name, scan)) {
    if (found.length === limit) return { Partitions: found, NextToken: encodeToken([by ?? '', ...last]) }
    found.push(fromPartition(partition, { table, accountId, withoutColumns: input.ExcludeColumnSchema }))
    last = partition.values
  }
  return { Partitions: found }
}

interface Way {
  readonly by: string | undefined
  readonly after?: readonly string[]
}

async function goingOn(token: string, catalog: Catalog, table: Table): Promise<Way> {
  const [by = '', ...after] = decodeToken(token)
  const isThere = by === '' || (await indexesOf(catalog, table)).some(({ name }) => name === by)
  if (!isThere || after.length !== table.partitionKeys.length)
    throw invalidInput('The continuation token is not valid.')
  return { by: by === '' ? undefined : by, after }
}

function indexesOf(catalog: Catalog, table: Table) {
  return catalog.partitionIndexes(table.database, table.name)
}

function checkSegment(segment: Segment | undefined): void {
  if (segment !== undefined && segment.SegmentNumber >= segment.TotalSegments)
    throw invalidInput('SegmentNumber must be less than TotalSegments.')
}

/** Segments share the partitions out so that readers in parallel see each exactly once. */
function inSegment(filter: PartitionFilter | undefined, segment: Segment | undefined): PartitionFilter | undefined {
  if (segment === undefined) return filter
  const { SegmentNumber, TotalSegments } = segment
  return {
    ...filter,
    matches: (values) => hashOf(values) % TotalSegments === SegmentNumber && (filter?.matches(values) ?? true),
  }
}

function hashOf(values: readonly string[]): number {
  let hash = 0
  for (const character of values.join('\u0000')) hash = (Math.imul(hash, 31) + (character.codePointAt(0) ?? 0)) >>> 0
  return hash
}
