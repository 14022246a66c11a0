/**
 * The tree of Athena's language as parsed: Trino queries and Hive DDL. Names are unresolved, types are text.
 *
 * Nodes are readonly, told apart by `kind`, and carry where they began (`at`, line and column from 1, as Trino reports
 * them). The parser makes them, the analyser reads them; nothing changes them.
 */

export interface Position {
  readonly line: number
  readonly column: number
}

interface Node {
  readonly at: Position
}

/** `value` is the text with quotes removed, in the case written; the analyser folds it. */
export interface Identifier extends Node {
  readonly kind: 'Identifier'
  readonly value: string
  readonly quoted: boolean
}

/** `catalog.schema.table`, `function`, … one to four parts. */
export interface QualifiedName extends Node {
  readonly parts: readonly Identifier[]
}

// ---------------------------------------------------------------- expressions

export type ArithmeticOperator = '+' | '-' | '*' | '/' | '%'
export type ComparisonOperator = '=' | '<>' | '<' | '<=' | '>' | '>='
export type IntervalField = 'YEAR' | 'MONTH' | 'DAY' | 'HOUR' | 'MINUTE' | 'SECOND'

export type Expression =
  | Identifier
  | (Node & { readonly kind: 'Dereference'; readonly base: Expression; readonly field: Identifier })
  | (Node & { readonly kind: 'NullLiteral' })
  | (Node & { readonly kind: 'BooleanLiteral'; readonly value: boolean })
  /** Digits in base ten, with a `-` when one stood directly before them: -9223372036854775808 is one literal. */
  | (Node & { readonly kind: 'LongLiteral'; readonly text: string })
  /** `1.5`: double in Athena (decimal in Trino). */
  | (Node & { readonly kind: 'DecimalLiteral'; readonly text: string })
  | (Node & { readonly kind: 'DoubleLiteral'; readonly text: string })
  | (Node & { readonly kind: 'StringLiteral'; readonly value: string })
  | (Node & { readonly kind: 'BinaryLiteral'; readonly value: Uint8Array })
  /** `DATE '…'`, `TIMESTAMP '…'`, `DECIMAL '1.5'`, `JSON '…'`, `BIGINT '7'`, `IPADDRESS '…'`; `type` in lower case. */
  | (Node & { readonly kind: 'GenericLiteral'; readonly type: string; readonly value: string })
  | (Node & {
      readonly kind: 'IntervalLiteral'
      readonly value: string
      readonly sign: 1 | -1
      readonly from: IntervalField
      readonly to?: IntervalField
    })
  | (Node & { readonly kind: 'Unary'; readonly operator: '-' | '+'; readonly operand: Expression })
  | (Node & {
      readonly kind: 'Arithmetic'
      readonly operator: ArithmeticOperator
      readonly left: Expression
      readonly right: Expression
    })
  | (Node & { readonly kind: 'Concat'; readonly left: Expression; readonly right: Expression })
  | (Node & { readonly kind: 'AtTimeZone'; readonly operand: Expression; readonly zone: Expression })
  | (Node & {
      readonly kind: 'Comparison'
      readonly operator: ComparisonOperator
      readonly left: Expression
      readonly right: Expression
    })
  | (Node & {
      readonly kind: 'IsDistinctFrom'
      readonly left: Expression
      readonly right: Expression
      readonly negated: boolean
    })
  | (Node & { readonly kind: 'Logical'; readonly operator: 'AND' | 'OR'; readonly terms: readonly Expression[] })
  | (Node & { readonly kind: 'Not'; readonly operand: Expression })
  | (Node & { readonly kind: 'IsNull'; readonly operand: Expression; readonly negated: boolean })
  | (Node & {
      readonly kind: 'Between'
      readonly operand: Expression
      readonly low: Expression
      readonly high: Expression
      readonly negated: boolean
    })
  | (Node & {
      readonly kind: 'InList'
      readonly operand: Expression
      readonly list: readonly Expression[]
      readonly negated: boolean
    })
  | (Node & {
      readonly kind: 'InSubquery'
      readonly operand: Expression
      readonly query: Query
      readonly negated: boolean
    })
  | (Node & {
      readonly kind: 'Like'
      readonly operand: Expression
      readonly pattern: Expression
      readonly escape?: Expression
      readonly negated: boolean
    })
  | (Node & { readonly kind: 'Exists'; readonly query: Query })
  | (Node & { readonly kind: 'ScalarSubquery'; readonly query: Query })
  | (Node & {
      readonly kind: 'QuantifiedComparison'
      readonly operator: ComparisonOperator
      readonly quantifier: 'ALL' | 'ANY' | 'SOME'
      readonly operand: Expression
      readonly query: Query
    })
  | (Node & {
      readonly kind: 'Case'
      /** Absent in a searched CASE. */
      readonly operand?: Expression
      readonly branches: readonly { readonly when: Expression; readonly then: Expression }[]
      readonly otherwise?: Expression
    })
  | (Node & { readonly kind: 'Cast'; readonly operand: Expression; readonly type: TypeName; readonly isTry: boolean })
  /** `field` in upper case, one of Trino's. */
  | (Node & { readonly kind: 'Extract'; readonly field: string; readonly operand: Expression })
  | (Node & {
      readonly kind: 'CurrentTime'
      readonly function:
        | 'current_date'
        | 'current_time'
        | 'current_timestamp'
        | 'localtime'
        | 'localtimestamp'
        | 'current_user'
        | 'current_catalog'
        | 'current_schema'
        | 'current_path'
      readonly precision?: number
    })
  /** TRIM(LEADING 'x' FROM s); plain trim(s) too. */
  | (Node & {
      readonly kind: 'Trim'
      readonly side: 'LEADING' | 'TRAILING' | 'BOTH'
      readonly operand: Expression
      readonly characters?: Expression
    })
  | FunctionCall
  | (Node & { readonly kind: 'Lambda'; readonly parameters: readonly Identifier[]; readonly body: Expression })
  | (Node & { readonly kind: 'ArrayConstructor'; readonly items: readonly Expression[] })
  /** ROW(1, 'x') or (1, 'x'); `ROW(1 AS a)` names the field. */
  | (Node & {
      readonly kind: 'RowConstructor'
      readonly fields: readonly { readonly name?: Identifier; readonly value: Expression }[]
    })
  | (Node & { readonly kind: 'Subscript'; readonly base: Expression; readonly index: Expression })
  | (Node & { readonly kind: 'Parameter'; readonly index: number })
  | (Node & { readonly kind: 'Grouping'; readonly operands: readonly Expression[] })
  | JsonExpression

/**
 * Also: IF, COALESCE, NULLIF, TRY, SUBSTRING(x FROM y FOR z) as substring(x, y, z), POSITION(a IN b) as strpos(b, a),
 * NORMALIZE(s, NFC) as normalize(s, 'NFC'), FORMAT(…). The analyser treats the special forms by name.
 */
export interface FunctionCall extends Node {
  readonly kind: 'FunctionCall'
  readonly name: QualifiedName
  readonly args: readonly Expression[]
  /** count(*) */
  readonly star: boolean
  readonly distinct: boolean
  readonly orderBy: readonly SortItem[]
  readonly filter?: Expression
  readonly nullTreatment?: 'RESPECT' | 'IGNORE'
  readonly over?: Window | Identifier
  /** listagg(…) WITHIN GROUP (ORDER BY …) */
  readonly withinGroup?: readonly SortItem[]
  /** listagg's ON OVERFLOW clause. */
  readonly overflow?:
    | { readonly action: 'ERROR' }
    | { readonly action: 'TRUNCATE'; readonly filler?: string; readonly withCount: boolean }
  /** RUNNING | FINAL of row pattern recognition. */
  readonly processingMode?: 'RUNNING' | 'FINAL'
}

/** SQL/JSON functions. `path` is JSON path text, itself unparsed here. */
export interface JsonPathInvocation {
  readonly input: Expression
  readonly inputFormat?: JsonFormat
  readonly path: Expression
  readonly passing: readonly { readonly name: Identifier; readonly value: Expression; readonly format?: JsonFormat }[]
}
export type JsonFormat = 'JSON' | 'UTF8' | 'UTF16' | 'UTF32'
export type JsonBehavior =
  | { readonly kind: 'NULL' | 'ERROR' | 'EMPTY_ARRAY' | 'EMPTY_OBJECT' | 'TRUE' | 'FALSE' | 'UNKNOWN' }
  | { readonly kind: 'DEFAULT'; readonly value: Expression }

export type JsonExpression =
  | (Node & { readonly kind: 'JsonExists'; readonly invocation: JsonPathInvocation; readonly onError?: JsonBehavior })
  | (Node & {
      readonly kind: 'JsonValue'
      readonly invocation: JsonPathInvocation
      readonly returning?: TypeName
      readonly onEmpty?: JsonBehavior
      readonly onError?: JsonBehavior
    })
  | (Node & {
      readonly kind: 'JsonQuery'
      readonly invocation: JsonPathInvocation
      readonly returning?: TypeName
      readonly format?: JsonFormat
      readonly wrapper?: 'WITHOUT' | 'CONDITIONAL' | 'UNCONDITIONAL'
      readonly quotes?: 'KEEP' | 'OMIT'
      readonly onEmpty?: JsonBehavior
      readonly onError?: JsonBehavior
    })
  | (Node & {
      readonly kind: 'JsonObject'
      readonly members: readonly {
        readonly key: Expression
        readonly value: Expression
        readonly format?: JsonFormat
      }[]
      readonly nullOnNull: boolean
      readonly uniqueKeys: boolean
      readonly returning?: TypeName
      readonly format?: JsonFormat
    })
  | (Node & {
      readonly kind: 'JsonArray'
      readonly items: readonly { readonly value: Expression; readonly format?: JsonFormat }[]
      readonly nullOnNull: boolean
      readonly returning?: TypeName
      readonly format?: JsonFormat
    })

/** `decimal(10, 2)`, `array(varchar)`, `row(a integer, b varchar)`, `timestamp(3) with time zone`, `interval day to second`. */
export interface TypeName extends Node {
  /** Lower-case base: 'decimal', 'array', 'row', 'timestamp with time zone', 'interval day to second', 'double' (also DOUBLE PRECISION). */
  readonly base: string
  readonly arguments: readonly (TypeName | number | string)[]
  /** Only for row: one entry per field; name absent when anonymous. */
  readonly fields?: readonly { readonly name?: Identifier; readonly type: TypeName }[]
}

// ---------------------------------------------------------------- queries

export interface SortItem extends Node {
  readonly expression: Expression
  readonly descending: boolean
  readonly nulls?: 'FIRST' | 'LAST'
}

export interface Window extends Node {
  readonly base?: Identifier
  readonly partitionBy: readonly Expression[]
  readonly orderBy: readonly SortItem[]
  readonly frame?: WindowFrame
}

export interface WindowFrame extends Node {
  readonly unit: 'ROWS' | 'RANGE' | 'GROUPS'
  readonly start: FrameBound
  readonly end?: FrameBound
}
export interface FrameBound extends Node {
  readonly type: 'UNBOUNDED_PRECEDING' | 'PRECEDING' | 'CURRENT_ROW' | 'FOLLOWING' | 'UNBOUNDED_FOLLOWING'
  readonly value?: Expression
}

export interface Query extends Node {
  readonly kind: 'Query'
  readonly with?: { readonly recursive: boolean; readonly queries: readonly NamedQuery[] }
  readonly body: QueryBody
  readonly orderBy: readonly SortItem[]
  readonly offset?: Expression
  /** LIMIT n | LIMIT ALL (absent) | FETCH FIRST n ROWS [ONLY | WITH TIES]; the count is a literal or a parameter. */
  readonly limit?: { readonly count: Expression; readonly withTies: boolean }
}

export interface NamedQuery extends Node {
  readonly name: Identifier
  readonly columns?: readonly Identifier[]
  readonly query: Query
}

export type QueryBody =
  | QuerySpecification
  | (Node & {
      readonly kind: 'SetOperation'
      readonly operator: 'UNION' | 'INTERSECT' | 'EXCEPT'
      readonly all: boolean
      readonly left: QueryBody
      readonly right: QueryBody
    })
  | (Node & { readonly kind: 'Values'; readonly rows: readonly Expression[] })
  | (Node & { readonly kind: 'TableQuery'; readonly name: QualifiedName })
  | (Node & { readonly kind: 'Subquery'; readonly query: Query })

export interface QuerySpecification extends Node {
  readonly kind: 'QuerySpecification'
  readonly distinct: boolean
  readonly items: readonly SelectItem[]
  readonly from?: Relation
  readonly where?: Expression
  readonly groupBy?: { readonly distinct: boolean; readonly elements: readonly GroupingElement[] }
  readonly having?: Expression
  readonly windows: readonly { readonly name: Identifier; readonly window: Window }[]
}

export type SelectItem =
  | (Node & { readonly kind: 'SelectExpression'; readonly expression: Expression; readonly alias?: Identifier })
  /** `*`, `t.*`, `(row).* AS (a, b)`. */
  | (Node & { readonly kind: 'SelectAll'; readonly target?: Expression; readonly aliases: readonly Identifier[] })

export type GroupingElement = Node &
  (
    | { readonly kind: 'Simple'; readonly expressions: readonly Expression[] }
    | { readonly kind: 'Rollup' | 'Cube'; readonly sets: readonly (readonly Expression[])[] }
    | { readonly kind: 'GroupingSets'; readonly sets: readonly (readonly Expression[])[] }
  )

export type Relation =
  | (Node & {
      readonly kind: 'Table'
      readonly name: QualifiedName
      /** FOR TIMESTAMP | VERSION AS OF. */
      readonly asOf?: { readonly type: 'TIMESTAMP' | 'VERSION'; readonly value: Expression }
    })
  | (Node & { readonly kind: 'SubqueryRelation'; readonly query: Query })
  | (Node & {
      readonly kind: 'Aliased'
      readonly relation: Relation
      readonly alias: Identifier
      readonly columns?: readonly Identifier[]
    })
  | (Node & {
      readonly kind: 'Sampled'
      readonly relation: Relation
      readonly method: 'BERNOULLI' | 'SYSTEM'
      readonly percentage: Expression
    })
  | (Node & {
      readonly kind: 'Join'
      readonly type: 'INNER' | 'LEFT' | 'RIGHT' | 'FULL' | 'CROSS'
      /** Written as a comma between relations. */
      readonly implicit: boolean
      readonly left: Relation
      readonly right: Relation
      readonly criteria?:
        | { readonly kind: 'On'; readonly expression: Expression }
        | { readonly kind: 'Using'; readonly columns: readonly Identifier[] }
        | { readonly kind: 'Natural' }
    })
  | (Node & { readonly kind: 'Unnest'; readonly expressions: readonly Expression[]; readonly withOrdinality: boolean })
  | (Node & { readonly kind: 'Lateral'; readonly query: Query })
  /** Parsed so that the refusal can name them. */
  | (Node & { readonly kind: 'TableFunction'; readonly name: QualifiedName })
  | (Node & { readonly kind: 'JsonTable' })
  | (Node & { readonly kind: 'MatchRecognize'; readonly input: Relation })

// ---------------------------------------------------------------- statements

export interface Property {
  readonly name: string
  readonly value: Expression
  readonly at: Position
}

/** `k='v'` of a partition specification; `operator` other than '=' only in DROP PARTITION. */
export interface PartitionTerm {
  readonly column: string
  readonly operator: ComparisonOperator
  readonly value: string
}

export interface DdlColumn {
  readonly name: string
  /** Hive type text, lower-case, no blanks: `array<struct<a:int>>`. */
  readonly type: string
  readonly comment?: string
}

export interface RowFormat {
  readonly serde?: { readonly className: string; readonly properties: Readonly<Record<string, string>> }
  readonly delimited?: {
    readonly fields?: string
    readonly escaped?: string
    readonly collectionItems?: string
    readonly mapKeys?: string
    readonly lines?: string
    readonly nullDefinedAs?: string
  }
}

/** A table or database name of Hive DDL: folded by the reader of it, not here. */
export interface DdlName {
  readonly database?: string
  readonly name: string
  readonly at: Position
}

export type TrinoStatement = Node &
  (
    | { readonly kind: 'QueryStatement'; readonly query: Query }
    | {
        readonly kind: 'Explain'
        readonly analyze: boolean
        readonly options: Readonly<Record<string, string>>
        readonly statement: Statement
      }
    | {
        readonly kind: 'Insert'
        readonly target: QualifiedName
        readonly columns?: readonly Identifier[]
        readonly query: Query
      }
    | {
        readonly kind: 'CreateTableAs'
        readonly name: QualifiedName
        readonly ifNotExists: boolean
        readonly columns?: readonly Identifier[]
        readonly comment?: string
        readonly properties: readonly Property[]
        readonly query: Query
        readonly withData: boolean
      }
    | { readonly kind: 'Unload'; readonly query: Query; readonly to: string; readonly properties: readonly Property[] }
    | {
        readonly kind: 'CreateView'
        readonly name: QualifiedName
        readonly orReplace: boolean
        readonly comment?: string
        readonly security?: 'DEFINER' | 'INVOKER'
        readonly query: Query
        /** The text of the query as written: views keep it. */
        readonly queryText: string
      }
    | { readonly kind: 'DropView'; readonly name: QualifiedName; readonly ifExists: boolean }
    | { readonly kind: 'ShowCreateView'; readonly name: QualifiedName }
    | { readonly kind: 'ShowFunctions'; readonly like?: string; readonly escape?: string }
    | {
        readonly kind: 'Prepare'
        readonly name: Identifier
        readonly statement: Statement
        readonly statementText: string
      }
    | { readonly kind: 'Execute'; readonly name: Identifier; readonly using: readonly Expression[] }
    | { readonly kind: 'Deallocate'; readonly name: Identifier }
    /** Parsed enough to be named in a refusal. */
    | { readonly kind: 'Delete' | 'Update' | 'Merge' | 'Optimize' | 'Vacuum'; readonly target: QualifiedName }
  )

export type HiveStatement = Node &
  (
    | {
        readonly kind: 'CreateDatabase'
        readonly name: DdlName
        readonly ifNotExists: boolean
        readonly comment?: string
        readonly location?: string
        readonly properties: Readonly<Record<string, string>>
      }
    | { readonly kind: 'DropDatabase'; readonly name: DdlName; readonly ifExists: boolean; readonly cascade: boolean }
    | {
        readonly kind: 'AlterDatabaseProperties'
        readonly name: DdlName
        readonly properties: Readonly<Record<string, string>>
      }
    | {
        readonly kind: 'CreateTable'
        readonly name: DdlName
        readonly external: boolean
        readonly ifNotExists: boolean
        readonly columns: readonly DdlColumn[]
        readonly comment?: string
        readonly partitionedBy: readonly DdlColumn[]
        readonly clusteredBy?: {
          readonly columns: readonly string[]
          readonly sortedBy: readonly { readonly column: string; readonly descending: boolean }[]
          readonly buckets: number
        }
        readonly rowFormat?: RowFormat
        readonly storedAs?:
          | { readonly format: string }
          | { readonly inputFormat: string; readonly outputFormat: string }
        readonly location?: string
        readonly properties: Readonly<Record<string, string>>
      }
    | { readonly kind: 'DropTable'; readonly name: DdlName; readonly ifExists: boolean }
    | {
        readonly kind: 'AddPartitions'
        readonly table: DdlName
        readonly ifNotExists: boolean
        readonly partitions: readonly { readonly terms: readonly PartitionTerm[]; readonly location?: string }[]
      }
    | {
        readonly kind: 'DropPartitions'
        readonly table: DdlName
        readonly ifExists: boolean
        readonly partitions: readonly (readonly PartitionTerm[])[]
      }
    | {
        readonly kind: 'RenamePartition'
        readonly table: DdlName
        readonly from: readonly PartitionTerm[]
        readonly to: readonly PartitionTerm[]
      }
    | {
        readonly kind: 'SetLocation'
        readonly table: DdlName
        readonly partition?: readonly PartitionTerm[]
        readonly location: string
      }
    | {
        readonly kind: 'SetTableProperties'
        readonly table: DdlName
        readonly properties: Readonly<Record<string, string>>
      }
    | {
        readonly kind: 'AddColumns' | 'ReplaceColumns'
        readonly table: DdlName
        readonly columns: readonly DdlColumn[]
      }
    | { readonly kind: 'ChangeColumn'; readonly table: DdlName; readonly column: string; readonly to: DdlColumn }
    | { readonly kind: 'RepairTable'; readonly table: DdlName }
    | { readonly kind: 'ShowDatabases'; readonly pattern?: string }
    | { readonly kind: 'ShowTables'; readonly database?: string; readonly pattern?: string }
    | { readonly kind: 'ShowViews'; readonly database?: string; readonly pattern?: string }
    | { readonly kind: 'ShowColumns'; readonly table: DdlName }
    | { readonly kind: 'ShowPartitions'; readonly table: DdlName; readonly partition?: readonly PartitionTerm[] }
    | { readonly kind: 'ShowTableProperties'; readonly table: DdlName; readonly property?: string }
    | { readonly kind: 'ShowCreateTable'; readonly table: DdlName }
    | {
        readonly kind: 'Describe'
        readonly table: DdlName
        readonly style?: 'EXTENDED' | 'FORMATTED'
        readonly partition?: readonly PartitionTerm[]
        readonly column?: string
      }
  )

export type Statement = TrinoStatement | HiveStatement
