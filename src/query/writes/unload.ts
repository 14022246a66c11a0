/** UNLOAD: a query's rows as files in a folder, without a table (D8). */
import { SqlFailure } from '../../sql/failure.ts'
import type { TrinoStatement } from '../../sql/tree.ts'
import type { TypedQuery } from '../../sql/typed-tree.ts'
import type { Outcome } from '../outcome.ts'
import { partitionFolder } from '../partition-path.ts'
import type { SelectParts, SelectRequest } from '../select.ts'
import { emptyLocation } from './empty-location.ts'
import { Properties } from './properties.ts'
import { stage, writeOutcome } from './stage.ts'
import { fileSuffix, writeFormat } from './write-format.ts'
import { partitionValues, writtenObjects } from './written-objects.ts'

type Unload = Extract<TrinoStatement, { kind: 'Unload' }>

export async function unload(
  statement: Unload,
  request: SelectRequest,
  parts: SelectParts,
  signal: AbortSignal,
): Promise<Outcome> {
  const { at, to } = statement
  const properties = new Properties(statement.properties, 'UNLOAD property')
  const format = properties.text('format')
  if (format === undefined) throw new SqlFailure('INVALID_TABLE_PROPERTY', "UNLOAD needs WITH (format = '…')", at)
  const fieldDelimiter = properties.text('field_delimiter')
  const written = writeFormat({
    format,
    compression: properties.text('compression'),
    compressionLevel: properties.integer('compression_level'),
    fieldDelimiter,
    at,
  })
  const partitionedBy = properties.texts('partitioned_by') ?? []
  properties.end()
  const place = await emptyLocation(to, 'directory', parts, at)
  const keys = { partitionKeys: partitionedBy.map((name) => ({ name, type: 'string' })) }
  const staged = await stage(
    request,
    parts,
    {
      format: written,
      partitionColumns: partitionedBy.length,
      shape: (query) => lastOnes(query, partitionedBy, statement),
    },
    signal,
  )
  const names = { executionId: request.id, startedAtMs: parts.clock.nowMs(), suffix: fileSuffix(written) }
  const folderOf = (partition: readonly (string | null)[]) =>
    partition.length === 0 ? '' : `${partitionFolder(keys, partitionValues(partition))}/`
  return writeOutcome(staged, {
    files: writtenObjects(staged.written.files, (of) => ({ ...place, key: `${place.key}${folderOf(of)}` }), names),
  })
}

/** Partition columns must stand last, in their order. */
function lastOnes(query: TypedQuery, partitionedBy: readonly string[], { at }: Unload): TypedQuery {
  const output = query.output.map((field) => ({ ...field, name: field.name.toLowerCase() }))
  const last = output.slice(output.length - partitionedBy.length).map(({ name }) => name)
  if (partitionedBy.length >= output.length || last.join('\0') !== partitionedBy.join('\0'))
    throw new SqlFailure(
      'HIVE_COLUMN_ORDER_MISMATCH',
      `Partition keys must be the last columns of the query and in the same order as the properties: [${partitionedBy.join(', ')}]`,
      at,
    )
  return { ...query, output }
}
