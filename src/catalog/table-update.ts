/** What becomes of a table that is updated: pure, the same for every backend. */
import { Refusal } from '../platform/refusal.ts'
import type { CatalogRefusal, UpdateTableOptions } from './catalog.ts'
import type { PartitionIndex, Table, TableInput } from './types.ts'

/** AWS's text for every lost race. */
const CONCURRENT = 'Update table failed due to concurrent modifications.'

/** Before `change` is asked for the new input. */
export function checkVersion(current: Table, { expectVersion }: UpdateTableOptions): void {
  if (expectVersion !== undefined && expectVersion !== current.versionId) throw refuse('versionMismatch', CONCURRENT)
}

export function updatedTable(
  current: Table,
  input: TableInput,
  { indexes, nowMs }: { readonly indexes: readonly PartitionIndex[]; readonly nowMs: number },
): Table {
  checkMetadataPointer(current, input)
  checkIndexedKeys(current, input, indexes)
  return {
    ...input,
    name: input.name.toLowerCase(),
    database: current.database,
    createdAtMs: current.createdAtMs,
    createdBy: current.createdBy,
    updatedAtMs: nowMs,
    versionId: String(Number(current.versionId) + 1),
  }
}

/**
 * A commit to an Iceberg table says which metadata file it goes out from. Another one there now means that somebody else
 * has committed: taking the update would lose that commit. An update that leaves the pointer alone claims nothing.
 */
function checkMetadataPointer(current: Table, input: TableInput): void {
  if (current.parameters.table_type?.toUpperCase() !== 'ICEBERG') return
  const stored = current.parameters.metadata_location
  const { metadata_location: next, previous_metadata_location: previous } = input.parameters
  if (stored === undefined || next === undefined || next === stored || previous === undefined) return
  if (previous !== stored) throw refuse('versionMismatch', CONCURRENT)
}

/** Keys that an index has stay what and where they are. */
function checkIndexedKeys(current: Table, input: TableInput, indexes: readonly PartitionIndex[]): void {
  for (const index of indexes) {
    for (const key of index.keys) {
      const place = current.partitionKeys.findIndex((column) => column.name.toLowerCase() === key.toLowerCase())
      if (input.partitionKeys[place]?.name.toLowerCase() === key.toLowerCase()) continue
      throw refuse(
        'partitionKeyIndexed',
        `Partition key ${key} is used by partition index ${index.name}: it must stay.`,
      )
    }
  }
}

function refuse(code: CatalogRefusal, message: string): Refusal<CatalogRefusal> {
  return new Refusal(code, message)
}
