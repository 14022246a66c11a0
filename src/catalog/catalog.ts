/**
 * The Catalog port: what the lake's data means. Every change is atomic and durable when it resolves; every
 * read-check-write is one step (`update…` functions run inside the transaction), so two writers cannot lose each
 * other's work. Database and table names are folded to lower case here, on every call, as Glue does.
 */
import type { PartitionFilter } from './partition-filter.ts'
import type {
  ColumnStatistics,
  Database,
  Partition,
  PartitionIndex,
  PartitionInput,
  Table,
  TableInput,
  UserDefinedFunction,
  UserDefinedFunctionInput,
} from './types.ts'

export type CatalogRefusal =
  | 'databaseNotFound'
  | 'databaseExists'
  | 'tableNotFound'
  | 'tableExists'
  | 'tableVersionNotFound'
  | 'tableVersionCurrent'
  | 'versionMismatch'
  | 'partitionNotFound'
  | 'partitionExists'
  | 'partitionValuesMismatch'
  | 'partitionIndexNotFound'
  | 'partitionIndexExists'
  | 'tooManyPartitionIndexes'
  | 'invalidPartitionIndex'
  | 'partitionKeyIndexed'
  | 'functionNotFound'
  | 'functionExists'

/** The outcome for one partition of a batch: partial failure is data. */
export interface PartitionFailure {
  readonly values: readonly string[]
  readonly code: 'partitionExists' | 'partitionNotFound' | 'partitionValuesMismatch'
  readonly message: string
}

export interface PartitionScan {
  /** Only those behind the partition with these values, in the order of the scan. It need not be there any more. */
  readonly after?: readonly string[]
  readonly filter?: PartitionFilter
  /**
   * The name of a partition index: the scan goes in the order of its keys, so that a filter on them meets few others.
   * Without it in the order of values. Refuses: partitionIndexNotFound.
   */
  readonly by?: string
}

export interface UpdateTableOptions {
  /** Optimistic check. */
  readonly expectVersion?: string | undefined
  readonly skipArchive?: boolean
}

/** A table, or one of its partitions. */
export interface StatisticsOf {
  readonly database: string
  readonly table: string
  readonly partition?: readonly string[]
}

export interface Catalog {
  createDatabase(input: Omit<Database, 'createdAtMs'>): Promise<Database>
  findDatabase(name: string): Promise<Database | undefined>
  /** Sorted by name. */
  databases(): Promise<readonly Database[]>
  updateDatabase(name: string, change: (current: Database) => Omit<Database, 'createdAtMs'>): Promise<Database>
  /** Removes its tables, partitions and versions too. */
  deleteDatabase(name: string): Promise<void>

  /** All or nothing. Refuses also what `createPartitionIndex` does. */
  createTable(
    database: string,
    input: TableInput,
    createdBy: string,
    indexes?: readonly PartitionIndex[],
  ): Promise<Table>
  findTable(database: string, name: string): Promise<Table | undefined>
  /** Sorted by name. Refuses: databaseNotFound. */
  tables(database: string): Promise<readonly Table[]>
  /**
   * Replaces the whole input; archives the old as a version unless told not to. Refuses versionMismatch also when an
   * Iceberg table's metadata pointer is moved from where it is not; partitionKeyIndexed when a key of an index would go.
   */
  updateTable(
    database: string,
    name: string,
    change: (current: Table) => TableInput,
    options?: UpdateTableOptions,
  ): Promise<Table>
  deleteTable(database: string, name: string): Promise<void>
  /** Newest first. */
  tableVersions(database: string, name: string): Promise<readonly Table[]>
  /** Refuses: tableVersionNotFound, tableVersionCurrent. */
  deleteTableVersion(database: string, name: string, versionId: string): Promise<void>

  /** Each partition on its own: failures come back, the others are in. */
  createPartitions(
    database: string,
    table: string,
    inputs: readonly PartitionInput[],
  ): Promise<readonly PartitionFailure[]>
  findPartition(database: string, table: string, values: readonly string[]): Promise<Partition | undefined>
  /** Streams, so that a million partitions need no million objects at once; those left out are not read whole. */
  partitions(database: string, table: string, scan?: PartitionScan): AsyncIterable<Partition>
  /** Each on its own, all in one step: failures come back. May change the values (rename). */
  updatePartitions(
    database: string,
    table: string,
    changes: readonly { readonly values: readonly string[]; readonly input: PartitionInput }[],
  ): Promise<readonly PartitionFailure[]>
  /** May change the values (rename). */
  updatePartition(database: string, table: string, values: readonly string[], input: PartitionInput): Promise<void>
  /** Missing ones come back as failures. */
  deletePartitions(
    database: string,
    table: string,
    values: readonly (readonly string[])[],
  ): Promise<readonly PartitionFailure[]>

  /** In the order they were made. */
  partitionIndexes(database: string, table: string): Promise<readonly PartitionIndex[]>
  /** In force when it resolves. Refuses: partitionIndexExists, tooManyPartitionIndexes, invalidPartitionIndex. */
  createPartitionIndex(database: string, table: string, index: PartitionIndex): Promise<void>
  /** Refuses: partitionIndexNotFound. */
  deletePartitionIndex(database: string, table: string, name: string): Promise<void>

  /** By name of column. Refuses: partitionNotFound. */
  columnStatistics(of: StatisticsOf): Promise<readonly ColumnStatistics[]>
  /** Replaces those of the columns given. Refuses: partitionNotFound. */
  putColumnStatistics(of: StatisticsOf, statistics: readonly ColumnStatistics[]): Promise<void>
  /** Also when there are none. Refuses: partitionNotFound. */
  deleteColumnStatistics(of: StatisticsOf, column: string): Promise<void>

  /** Names keep their case. Refuses: databaseNotFound, functionExists. */
  createFunction(database: string, input: UserDefinedFunctionInput): Promise<void>
  findFunction(database: string, name: string): Promise<UserDefinedFunction | undefined>
  /** Sorted by name. Refuses: databaseNotFound. */
  functions(database: string): Promise<readonly UserDefinedFunction[]>
  /** May change the name. Refuses: functionNotFound, functionExists. */
  updateFunction(database: string, name: string, input: UserDefinedFunctionInput): Promise<void>
  deleteFunction(database: string, name: string): Promise<void>
}
