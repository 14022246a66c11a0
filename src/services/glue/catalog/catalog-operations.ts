/** The catalog part of Glue's operation table: databases, tables, partitions. */
import type { Operation } from '../../operation.ts'
import type { GlueContext } from '../context.ts'
import { batchCreatePartition } from './batch-create-partition.ts'
import { batchDeletePartition } from './batch-delete-partition.ts'
import { batchDeleteTable } from './batch-delete-table.ts'
import { batchGetPartition } from './batch-get-partition.ts'
import { batchUpdatePartition } from './batch-update-partition.ts'
import { createDatabase } from './create-database.ts'
import { createPartition } from './create-partition.ts'
import { createTable } from './create-table.ts'
import { deleteDatabase } from './delete-database.ts'
import { deletePartition } from './delete-partition.ts'
import { deleteTable } from './delete-table.ts'
import { deleteTableVersion } from './delete-table-version.ts'
import { getDatabase } from './get-database.ts'
import { getDatabases } from './get-databases.ts'
import { getPartition } from './get-partition.ts'
import { getPartitionIndexes } from './get-partition-indexes.ts'
import { getPartitions } from './get-partitions.ts'
import { getTable } from './get-table.ts'
import { getTableVersion } from './get-table-version.ts'
import { getTableVersions } from './get-table-versions.ts'
import { getTables } from './get-tables.ts'
import { updateDatabase } from './update-database.ts'
import { updatePartition } from './update-partition.ts'
import { updateTable } from './update-table.ts'

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
} satisfies Record<string, Operation<never, unknown, GlueContext>>
