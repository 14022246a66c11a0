/** Partition and PartitionInput between the wire and the catalog. */
import type { PartitionFailure } from '../../../catalog/catalog.ts'
import type { Partition, PartitionInput, Table } from '../../../catalog/types.ts'
import type {
  ErrorDetail,
  PartitionError,
  Partition as WirePartition,
  PartitionInput as WirePartitionInput,
} from '../../../wire/model/glue.ts'
import { errorName } from '../errors.ts'
import { fromStorage, toDate, toStorage } from './storage-shape.ts'

export function toPartitionInput(wire: WirePartitionInput): PartitionInput {
  return {
    values: wire.Values ?? [],
    lastAccessMs: wire.LastAccessTime?.getTime(),
    lastAnalyzedMs: wire.LastAnalyzedTime?.getTime(),
    storage: wire.StorageDescriptor && toStorage(wire.StorageDescriptor),
    parameters: wire.Parameters ?? {},
  }
}

export function fromPartition(
  partition: Partition,
  of: { table: Pick<Table, 'database' | 'name'>; accountId: string; withoutColumns?: boolean },
): WirePartition {
  return {
    Values: partition.values,
    DatabaseName: of.table.database,
    TableName: of.table.name,
    CreationTime: new Date(partition.createdAtMs),
    LastAccessTime: toDate(partition.lastAccessMs),
    StorageDescriptor: partition.storage && fromStorage(partition.storage, { withoutColumns: of.withoutColumns }),
    Parameters: partition.parameters,
    LastAnalyzedTime: toDate(partition.lastAnalyzedMs),
    CatalogId: of.accountId,
  }
}

export function toPartitionError(failure: PartitionFailure): PartitionError {
  return { PartitionValues: failure.values, ErrorDetail: toErrorDetail(failure) }
}

export function toErrorDetail({ code, message }: PartitionFailure): ErrorDetail {
  return { ErrorCode: errorName(code), ErrorMessage: message }
}
