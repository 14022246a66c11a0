/**
 * The Catalog port: what the lake's data means. Every change is atomic and durable when it resolves; every
 * read-check-write is one step (`update…` functions run inside the transaction), so two writers cannot lose each
 * other's work. Database and table names are folded to lower case here, on every call, as Glue does.
 */
import type { Database, Partition, PartitionInput, Table, TableInput } from './types.ts'

export type CatalogRefusal =
  | 'databaseNotFound'
  | 'databaseExists'
  | 'tableNotFound'
  | 'tableExists'
  | 'tableVersionNotFound'
  | 'versionMismatch'
  | 'partitionNotFound'
  | 'partitionExists'
  | 'partitionValuesMismatch'

/** The outcome for one partition of a batch: partial failure is data. */
export interface PartitionFailure {
  readonly values: readonly string[]
  readonly code: 'partitionExists' | 'partitionNotFound' | 'partitionValuesMismatch'
  readonly message: string
}

export interface Catalog {
  createDatabase(input: Omit<Database, 'createdAtMs'>): Promise<Database>
  findDatabase(name: string): Promise<Database | undefined>
  /** Sorted by name. */
  databases(): Promise<readonly Database[]>
  updateDatabase(name: string, change: (current: Database) => Omit<Database, 'createdAtMs'>): Promise<Database>
  /** Removes its tables, partitions and versions too. */
  deleteDatabase(name: string): Promise<void>

  createTable(database: string, input: TableInput, createdBy: string): Promise<Table>
  findTable(database: string, name: string): Promise<Table | undefined>
  /** Sorted by name. Refuses: databaseNotFound. */
  tables(database: string): Promise<readonly Table[]>
  /** Replaces the whole input; archives the old as a version unless told not to. `expectVersion`: optimistic check. */
  updateTable(
    database: string,
    name: string,
    change: (current: Table) => TableInput,
    options?: { expectVersion?: string; skipArchive?: boolean },
  ): Promise<Table>
  deleteTable(database: string, name: string): Promise<void>
  /** Newest first. */
  tableVersions(database: string, name: string): Promise<readonly Table[]>
  deleteTableVersion(database: string, name: string, versionId: string): Promise<void>

  /** Each partition on its own: failures come back, the others are in. */
  createPartitions(
    database: string,
    table: string,
    inputs: readonly PartitionInput[],
  ): Promise<readonly PartitionFailure[]>
  findPartition(database: string, table: string, values: readonly string[]): Promise<Partition | undefined>
  /** In order of values. Streams, so that a million partitions need no million objects at once. */
  partitions(database: string, table: string, after?: readonly string[]): AsyncIterable<Partition>
  /** May change the values (rename). */
  updatePartition(database: string, table: string, values: readonly string[], input: PartitionInput): Promise<void>
  /** Missing ones come back as failures. */
  deletePartitions(
    database: string,
    table: string,
    values: readonly (readonly string[])[],
  ): Promise<readonly PartitionFailure[]>
}
