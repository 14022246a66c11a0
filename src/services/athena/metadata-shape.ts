/** Databases and tables of the catalog as Athena shows them (D7). */
import type { Column as CatalogColumn, Database as CatalogDatabase, Table } from '../../catalog/types.ts'
import { Refusal } from '../../platform/refusal.ts'
import type { QueryRefusal } from '../../query/refusal.ts'
import type { Column, Database, TableMetadata } from '../../wire/model/athena.ts'
import type { AthenaContext } from './context.ts'

export function fromDatabase({ name, description, parameters }: CatalogDatabase): Database {
  return {
    Name: name,
    ...(description !== undefined && { Description: description }),
    ...(Object.keys(parameters).length > 0 && { Parameters: parameters }),
  }
}

export function fromTable(table: Table): TableMetadata {
  const { storage, lastAccessMs, tableType } = table
  return {
    Name: table.name,
    CreateTime: new Date(table.createdAtMs),
    ...(lastAccessMs !== undefined && { LastAccessTime: new Date(lastAccessMs) }),
    ...(tableType !== undefined && { TableType: tableType }),
    Columns: (storage?.columns ?? []).map(fromColumn),
    PartitionKeys: table.partitionKeys.map(fromColumn),
    Parameters: { ...table.parameters, ...storageParameters(table) },
  }
}

function fromColumn({ name, type, comment }: CatalogColumn): Column {
  return { Name: name, Type: type, ...(comment !== undefined && { Comment: comment }) }
}

function storageParameters({ storage }: Table): Record<string, string> {
  const serde = storage?.serde
  const entries: [string, string | undefined][] = [
    ['inputformat', storage?.inputFormat],
    ['outputformat', storage?.outputFormat],
    ['location', storage?.location],
    ['serde.serialization.lib', serde?.library],
    ...Object.entries(serde?.parameters ?? {}).map(([name, value]): [string, string] => [`serde.param.${name}`, value]),
  ]
  return Object.fromEntries(entries.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])))
}

export async function databaseNamed(name: string, { catalog }: AthenaContext, requestId: string) {
  const found = await catalog.findDatabase(name)
  if (found === undefined) throw entityNotFound(requestId)
  return found
}

export function entityNotFound(requestId: string): Refusal<QueryRefusal> {
  return new Refusal(
    'metadata',
    `Entity Not Found (Service: AmazonDataCatalog; Status Code: 400; Error Code: EntityNotFoundException; Request ID: ${requestId}; Proxy: null)`,
  )
}
