/**
 * What the catalog knows: databases, tables, partitions. Types of columns are Hive type text, as Glue keeps
 * them (`array<struct<a:int>>`); `sql/hive-type.ts` reads them.
 */

export interface Column {
  readonly name: string
  readonly type: string
  readonly comment?: string
  readonly parameters?: Readonly<Record<string, string>>
}

export interface SerDe {
  readonly name?: string
  readonly library?: string
  readonly parameters: Readonly<Record<string, string>>
}

export interface Storage {
  readonly columns: readonly Column[]
  /** `s3://bucket/prefix/`, as given. */
  readonly location?: string
  readonly inputFormat?: string
  readonly outputFormat?: string
  readonly compressed: boolean
  readonly numberOfBuckets: number
  readonly serde?: SerDe
  readonly bucketColumns: readonly string[]
  readonly sortColumns: readonly { readonly column: string; readonly sortOrder: number }[]
  readonly parameters: Readonly<Record<string, string>>
  readonly storedAsSubDirectories: boolean
  /** Members of AWS's StorageDescriptor that only pass through (SkewedInfo, SchemaReference), in wire form. */
  readonly passThrough?: Readonly<Record<string, unknown>>
}

export interface Database {
  /** Lower-case. */
  readonly name: string
  readonly description?: string
  readonly locationUri?: string
  readonly parameters: Readonly<Record<string, string>>
  readonly tags?: Readonly<Record<string, string>>
  readonly createdAtMs: number
}

/** What a writer says of a table; the catalog adds the rest. */
export interface TableInput {
  /** Folded to lower case by the catalog. */
  readonly name: string
  readonly description?: string
  readonly owner?: string
  readonly lastAccessMs?: number
  readonly lastAnalyzedMs?: number
  readonly retention: number
  readonly storage?: Storage
  readonly partitionKeys: readonly Column[]
  readonly viewOriginalText?: string
  readonly viewExpandedText?: string
  readonly tableType?: string
  readonly parameters: Readonly<Record<string, string>>
}

export interface Table extends TableInput {
  readonly database: string
  readonly createdAtMs: number
  readonly updatedAtMs: number
  readonly createdBy: string
  /** "0", "1", …: one more with every update. */
  readonly versionId: string
}

export interface PartitionInput {
  readonly values: readonly string[]
  readonly lastAccessMs?: number
  readonly lastAnalyzedMs?: number
  readonly storage?: Storage
  readonly parameters: Readonly<Record<string, string>>
}

export interface Partition extends PartitionInput {
  readonly createdAtMs: number
}

export interface PartitionIndex {
  readonly name: string
  /** Names of partition keys, in order. */
  readonly keys: readonly string[]
}

export interface ColumnStatistics {
  readonly column: string
  readonly columnType: string
  readonly analyzedAtMs: number
  /** AWS's members of this kind of statistics, in a form that JSON keeps. */
  readonly data: Readonly<Record<string, unknown>>
}

export interface UserDefinedFunctionInput {
  readonly name: string
  readonly className?: string
  readonly ownerName?: string
  readonly ownerType?: 'USER' | 'ROLE' | 'GROUP'
  readonly functionType?: 'REGULAR_FUNCTION' | 'AGGREGATE_FUNCTION' | 'STORED_PROCEDURE'
  readonly resources: readonly { readonly type?: 'JAR' | 'FILE' | 'ARCHIVE'; readonly uri?: string }[]
}

export interface UserDefinedFunction extends UserDefinedFunctionInput {
  readonly database: string
  readonly createdAtMs: number
}
