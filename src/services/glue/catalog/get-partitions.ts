import { parsePartitionExpression } from '../../../catalog/partition-expression/index.ts'
import type { GetPartitionsRequest, GetPartitionsResponse, Partition, Segment } from '../../../wire/model/glue.ts'
import type { GlueOperation } from '../context.ts'
import { decodeToken, encodeToken } from '../page.ts'
import { checkCatalogId, refuseMembers } from '../unsupported.ts'
import { tableNamed } from './found.ts'
import { fromPartition } from './partition-shape.ts'

const PARTITIONS_MAX = 1000

export const getPartitions: GlueOperation<GetPartitionsRequest, GetPartitionsResponse> = async (
  input,
  { catalog, accountId },
) => {
  checkCatalogId(input.CatalogId, accountId)
  refuseMembers(input, ['TransactionId', 'QueryAsOfTime'])
  const table = await tableNamed(catalog, input.DatabaseName, input.TableName)
  const matches = parsePartitionExpression(input.Expression ?? '', table.partitionKeys)
  const limit = input.MaxResults ?? PARTITIONS_MAX
  const after = input.NextToken ? decodeToken(input.NextToken) : undefined
  const found: Partition[] = []
  let last: readonly string[] = []
  for await (const partition of catalog.partitions(table.database, table.name, after)) {
    if (!inSegment(partition.values, input.Segment) || !matches(partition.values)) continue
    if (found.length === limit) return { Partitions: found, NextToken: encodeToken(last) }
    found.push(fromPartition(partition, { table, accountId, withoutColumns: input.ExcludeColumnSchema }))
    last = partition.values
  }
  return { Partitions: found }
}

/** Segments share the partitions out so that readers in parallel see each exactly once. */
function inSegment(values: readonly string[], segment: Segment | undefined): boolean {
  if (segment === undefined) return true
  let hash = 0
  for (const character of values.join('\u0000')) hash = (Math.imul(hash, 31) + (character.codePointAt(0) ?? 0)) >>> 0
  return hash % segment.TotalSegments === segment.SegmentNumber
}
