/** Table and TableInput between the wire and the catalog. */
import type { Table, TableInput } from '../../../catalog/types.ts'
import type { Table as WireTable, TableInput as WireTableInput } from '../../../wire/model/glue.ts'
import { WireError } from '../../operation.ts'
import { refuseMembers } from '../unsupported.ts'
import { fromColumn, fromStorage, toColumn, toDate, toStorage } from './storage-shape.ts'

export function toTableInput(wire: WireTableInput): TableInput {
  refuseMembers(wire, ['TargetTable', 'ViewDefinition'])
  return {
    name: wire.Name,
    description: wire.Description,
    owner: wire.Owner,
    lastAccessMs: wire.LastAccessTime?.getTime(),
    lastAnalyzedMs: wire.LastAnalyzedTime?.getTime(),
    retention: wire.Retention ?? 0,
    storage: wire.StorageDescriptor && toStorage(wire.StorageDescriptor),
    partitionKeys: (wire.PartitionKeys ?? []).map(toColumn),
    viewOriginalText: wire.ViewOriginalText,
    viewExpandedText: wire.ViewExpandedText,
    tableType: wire.TableType,
    parameters: wire.Parameters ?? {},
  }
}

/** The model lets TableInput be absent for other kinds of tables, which are not offered. */
export function given(wire: WireTableInput | undefined): WireTableInput {
  if (wire !== undefined) return wire
  throw new WireError(
    'ValidationException',
    "1 validation error detected: Value null at 'tableInput' failed to satisfy constraint: Member must not be null",
  )
}

export function fromTable(table: Table, accountId: string): WireTable {
  return {
    Name: table.name,
    DatabaseName: table.database,
    Description: table.description,
    Owner: table.owner,
    CreateTime: new Date(table.createdAtMs),
    UpdateTime: new Date(table.updatedAtMs),
    LastAccessTime: toDate(table.lastAccessMs),
    LastAnalyzedTime: toDate(table.lastAnalyzedMs),
    Retention: table.retention,
    StorageDescriptor: table.storage && fromStorage(table.storage),
    PartitionKeys: table.partitionKeys.map(fromColumn),
    ViewOriginalText: table.viewOriginalText,
    ViewExpandedText: table.viewExpandedText,
    TableType: table.tableType,
    Parameters: table.parameters,
    CreatedBy: table.createdBy,
    IsRegisteredWithLakeFormation: false,
    CatalogId: accountId,
    VersionId: table.versionId,
    IsMultiDialectView: false,
  }
}
