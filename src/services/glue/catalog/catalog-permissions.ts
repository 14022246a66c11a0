/**
 * What the catalog's operations need (Glue developer guide, "Specifying Glue resource ARNs"; 2026-11): of a table's
 * operation, the catalog, the database and the table, in this order; the first that is not allowed is named.
 */
import type { GlueOperations } from '../../../wire/model/glue.ts'
import { tagFacts } from '../../access.ts'
import { catalogArn, on, onCatalog, onDatabase, onFunction, onTable, tableArn } from '../../catalog-permissions.ts'
import type { Permissions, PermissionTable } from '../../operation.ts'
import type { GlueContext } from '../context.ts'
import type { catalogOperations } from './catalog-operations.ts'

interface OfTable {
  readonly DatabaseName: string
  readonly TableName: string
}

export const catalogPermissions: PermissionTable<GlueOperations, keyof typeof catalogOperations, GlueContext> = {
  CreateDatabase: ({ DatabaseInput, Tags = {} }, account) =>
    onDatabase('CreateDatabase', DatabaseInput.Name, account, tagFacts(Object.entries(Tags))),
  GetDatabase: ({ Name }, account) => onDatabase('GetDatabase', Name, account),
  GetDatabases: (_input, account) => on(['glue:GetDatabases'], [catalogArn(account)]),
  UpdateDatabase: ({ Name }, account) => onDatabase('UpdateDatabase', Name, account),
  DeleteDatabase: async ({ Name }, context) => {
    // Its tables go with it.
    const isThere = (await context.catalog.findDatabase(Name)) !== undefined
    const tables = isThere ? await context.catalog.tables(Name) : []
    return [
      ...onDatabase('DeleteDatabase', Name, context),
      ...tables.flatMap((table) => on(['glue:DeleteDatabase'], [tableArn(Name, table.name, context)])),
    ]
  },
  CreateTable: ({ DatabaseName, Name, TableInput }, account) =>
    onTable('CreateTable', DatabaseName, TableInput?.Name ?? Name ?? '', account),
  GetTable: ({ DatabaseName, Name }, account) => onTable('GetTable', DatabaseName, Name, account),
  // The answer has those tables only that the caller may see.
  GetTables: ({ DatabaseName }, account) => onDatabase('GetTables', DatabaseName, account),
  UpdateTable: ({ DatabaseName, Name, TableInput }, account) => [
    ...onTable('UpdateTable', DatabaseName, TableInput?.Name ?? Name ?? '', account),
    ...(Name === undefined ? [] : onTable('UpdateTable', DatabaseName, Name, account)),
  ],
  DeleteTable: ({ DatabaseName, Name }, account) => onTable('DeleteTable', DatabaseName, Name, account),
  BatchDeleteTable: ({ DatabaseName, TablesToDelete }, account) => [
    ...onDatabase('BatchDeleteTable', DatabaseName, account),
    ...on(
      ['glue:BatchDeleteTable'],
      TablesToDelete.map((name) => tableArn(DatabaseName, name, account)),
    ),
  ],
  GetTableVersion: ofTable('GetTableVersion'),
  GetTableVersions: ofTable('GetTableVersions'),
  DeleteTableVersion: ofTable('DeleteTableVersion'),
  BatchDeleteTableVersion: ofTable('BatchDeleteTableVersion'),
  // The answer has those tables only that the caller may see.
  SearchTables: (_input, account) => onCatalog('SearchTables', account),
  CreatePartition: ofTable('CreatePartition'),
  BatchCreatePartition: ofTable('BatchCreatePartition'),
  GetPartition: ofTable('GetPartition'),
  BatchGetPartition: ofTable('BatchGetPartition'),
  GetPartitions: ofTable('GetPartitions'),
  UpdatePartition: ofTable('UpdatePartition'),
  BatchUpdatePartition: ofTable('BatchUpdatePartition'),
  DeletePartition: ofTable('DeletePartition'),
  BatchDeletePartition: ofTable('BatchDeletePartition'),
  GetPartitionIndexes: ofTable('GetPartitionIndexes'),
  CreatePartitionIndex: ofTable('CreatePartitionIndex'),
  DeletePartitionIndex: ofTable('DeletePartitionIndex'),
  GetColumnStatisticsForTable: ofTable('GetColumnStatisticsForTable'),
  UpdateColumnStatisticsForTable: ofTable('UpdateColumnStatisticsForTable'),
  DeleteColumnStatisticsForTable: ofTable('DeleteColumnStatisticsForTable'),
  GetColumnStatisticsForPartition: ofTable('GetColumnStatisticsForPartition'),
  UpdateColumnStatisticsForPartition: ofTable('UpdateColumnStatisticsForPartition'),
  DeleteColumnStatisticsForPartition: ofTable('DeleteColumnStatisticsForPartition'),
  CreateUserDefinedFunction: ({ DatabaseName, FunctionInput }, account) =>
    onFunction('CreateUserDefinedFunction', DatabaseName, FunctionInput.FunctionName ?? '', account),
  GetUserDefinedFunction: ofFunction('GetUserDefinedFunction'),
  // Without a database, the answer has those of databases only that the caller may see.
  GetUserDefinedFunctions: ({ DatabaseName, Pattern }, account) =>
    DatabaseName === undefined
      ? onCatalog('GetUserDefinedFunctions', account)
      : onFunction('GetUserDefinedFunctions', DatabaseName, Pattern, account),
  UpdateUserDefinedFunction: ofFunction('UpdateUserDefinedFunction'),
  DeleteUserDefinedFunction: ofFunction('DeleteUserDefinedFunction'),
  GetCatalog: (_input, account) => onCatalog('GetCatalog', account),
  GetCatalogs: (_input, account) => onCatalog('GetCatalogs', account),
  GetCatalogImportStatus: (_input, account) => onCatalog('GetCatalogImportStatus', account),
  GetDataCatalogEncryptionSettings: (_input, account) => onCatalog('GetDataCatalogEncryptionSettings', account),
  GetResourcePolicy: (_input, account) => onCatalog('GetResourcePolicy', account),
  GetResourcePolicies: (_input, account) => onCatalog('GetResourcePolicies', account),
}

function ofTable(action: string): Permissions<OfTable, GlueContext> {
  return ({ DatabaseName, TableName }, account) => onTable(action, DatabaseName, TableName, account)
}

interface OfFunction {
  readonly DatabaseName: string
  readonly FunctionName: string
}

function ofFunction(action: string): Permissions<OfFunction, GlueContext> {
  return ({ DatabaseName, FunctionName }, account) => onFunction(action, DatabaseName, FunctionName, account)
}
