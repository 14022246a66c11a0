/** The catalog part of Glue's operation table: databases, tables, partitions, statistics, functions. */
import type { Operation } from '../../operation.ts'
import type { GlueContext } from '../context.ts'
import { batchCreatePartition } from './batch-create-partition.ts'
import { batchDeletePartition } from './batch-delete-partition.ts'
import { batchDeleteTable } from './batch-delete-table.ts'
import { batchDeleteTableVersion } from './batch-delete-table-version.ts'
import { batchGetPartition } from './batch-get-partition.ts'
import { batchUpdatePartition } from './batch-update-partition.ts'
import { createDatabase } from './create-database.ts'
import { createPartition } from './create-partition.ts'
import { createPartitionIndex } from './create-partition-index.ts'
import { createTable } from './create-table.ts'
import { createUserDefinedFunction } from './create-user-defined-function.ts'
import { deleteColumnStatisticsForPartition } from './delete-column-statistics-for-partition.ts'
import { deleteColumnStatisticsForTable } from './delete-column-statistics-for-table.ts'
import { deleteDatabase } from './delete-database.ts'
import { deletePartition } from './delete-partition.ts'
import { deletePartitionIndex } from './delete-partition-index.ts'
import { deleteTable } from './delete-table.ts'
import { deleteTableVersion } from './delete-table-version.ts'
import { deleteUserDefinedFunction } from './delete-user-defined-function.ts'
import { getCatalog } from './get-catalog.ts'
import { getCatalogImportStatus } from './get-catalog-import-status.ts'
import { getCatalogs } from './get-catalogs.ts'
import { getColumnStatisticsForPartition } from './get-column-statistics-for-partition.ts'
import { getColumnStatisticsForTable } from './get-column-statistics-for-table.ts'
import { getDataCatalogEncryptionSettings } from './get-data-catalog-encryption-settings.ts'
import { getDatabase } from './get-database.ts'
import { getDatabases } from './get-databases.ts'
import { getPartition } from './get-partition.ts'
import { getPartitionIndexes } from './get-partition-indexes.ts'
import { getPartitions } from './get-partitions.ts'
import { getResourcePolicies } from './get-resource-policies.ts'
import { getResourcePolicy } from './get-resource-policy.ts'
import { getTable } from './get-table.ts'
import { getTableVersion } from './get-table-version.ts'
import { getTableVersions } from './get-table-versions.ts'
import { getTables } from './get-tables.ts'
import { getUserDefinedFunction } from './get-user-defined-function.ts'
import { getUserDefinedFunctions } from './get-user-defined-functions.ts'
import { searchTables } from './search-tables.ts'
import { updateColumnStatisticsForPartition } from './update-column-statistics-for-partition.ts'
import { updateColumnStatisticsForTable } from './update-column-statistics-for-table.ts'
import { updateDatabase } from './update-database.ts'
import { updatePartition } from './update-partition.ts'
import { updateTable } from './update-table.ts'
import { updateUserDefinedFunction } from './update-user-defined-function.ts'

export const catalogOperations = {
  CreateDatabase: createDatabase,
  GetDatabase: getDatabase,
  GetDatabases: getDatabases,
  UpdateDatabase: updateDatabase,
  DeleteDatabase: deleteDatabase,
  CreateTable: createTable,
  GetTable: getTable,
  GetTables: getTables,
  UpdateTable: updateTable,
  DeleteTable: deleteTable,
  BatchDeleteTable: batchDeleteTable,
  GetTableVersion: getTableVersion,
  GetTableVersions: getTableVersions,
  DeleteTableVersion: deleteTableVersion,
  BatchDeleteTableVersion: batchDeleteTableVersion,
  SearchTables: searchTables,
  CreatePartition: createPartition,
  BatchCreatePartition: batchCreatePartition,
  GetPartition: getPartition,
  BatchGetPartition: batchGetPartition,
  GetPartitions: getPartitions,
  UpdatePartition: updatePartition,
  BatchUpdatePartition: batchUpdatePartition,
  DeletePartition: deletePartition,
  BatchDeletePartition: batchDeletePartition,
  GetPartitionIndexes: getPartitionIndexes,
  CreatePartitionIndex: createPartitionIndex,
  DeletePartitionIndex: deletePartitionIndex,
  GetColumnStatisticsForTable: getColumnStatisticsForTable,
  UpdateColumnStatisticsForTable: updateColumnStatisticsForTable,
  DeleteColumnStatisticsForTable: deleteColumnStatisticsForTable,
  GetColumnStatisticsForPartition: getColumnStatisticsForPartition,
  UpdateColumnStatisticsForPartition: updateColumnStatisticsForPartition,
  DeleteColumnStatisticsForPartition: deleteColumnStatisticsForPartition,
  CreateUserDefinedFunction: createUserDefinedFunction,
  GetUserDefinedFunction: getUserDefinedFunction,
  GetUserDefinedFunctions: getUserDefinedFunctions,
  UpdateUserDefinedFunction: updateUserDefinedFunction,
  DeleteUserDefinedFunction: deleteUserDefinedFunction,
  GetCatalog: getCatalog,
  GetCatalogs: getCatalogs,
  GetCatalogImportStatus: getCatalogImportStatus,
  GetDataCatalogEncryptionSettings: getDataCatalogEncryptionSettings,
  GetResourcePolicy: getResourcePolicy,
  GetResourcePolicies: getResourcePolicies,
} satisfies Record<string, Operation<never, unknown, GlueContext>>
