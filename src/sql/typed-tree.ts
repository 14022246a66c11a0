/**
 * The typed tree: what a query means once every name, type, coercion and aggregate is settled. An algebra of relations
 * rather than SQL blocks, so that no printer has to know SQL's scoping rules (ORDER BY aliases, GROUP BY ordinals,
 * HAVING, windows over aggregates): the analyser has unfolded them into nodes.
 *
 * Rules every tree keeps:
 * - every column a relation produces has a `symbol`, unique in the whole statement; expressions refer to symbols only;
 * - an expression may refer to the symbols of its input, and, inside a subquery or the right side of a lateral join or
 *   unnest, to symbols of the enclosing relations (correlation);
 * - every implicit coercion is an explicit `Cast` node with `implicit: true`; operands of an operator have exactly the
 *   types its signature names;
 * - aggregate and window calls stand only in `Aggregate` and `Window` nodes, and their arguments are any expressions.
 */
import type { ResolvedFunction } from './functions/declare.ts'
import type { ComparisonOperator, Position } from './tree.ts'
import type { SqlType } from './types.ts'

export type Symbol = string

export interface Field {
  readonly symbol: Symbol
  /** As a user sees it: result column label. */
  readonly name: string
  readonly type: SqlType
}

/**
 * A constant's value by type: boolean → boolean; tinyint…bigint → bigint; real/double → number; decimal → unscaled
 * bigint; varchar/char/json → string; varbinary → Uint8Array; date → days since epoch (number); time → picoseconds of
 * the day (bigint); timestamp → { micros since epoch: bigint, picos: 0…999_999 }; with time zone adds `zone`
 * (`UTC`, `+05:30`, `America/New_York`; for time with time zone an offset in minutes, and picos are of the local time);
 * intervals → milliseconds / months (bigint); uuid, ipaddress → canonical text.
 */
export type ConstantValue =
  | null
  | boolean
  | bigint
  | number
  | string
  | Uint8Array
  | { readonly epochMicros: bigint; readonly picos: number; readonly zone?: string }
  | { readonly picosOfDay: bigint; readonly offsetMinutes: number }

export type TypedExpression =
  | { readonly kind: 'Constant'; readonly type: SqlType; readonly value: ConstantValue }
  | { readonly kind: 'Column'; readonly type: SqlType; readonly symbol: Symbol }
  /** A lambda parameter, in the body of its lambda. */
  | { readonly kind: 'LambdaParameter'; readonly type: SqlType; readonly name: string }
  | {
      readonly kind: 'Lambda'
      readonly type: SqlType
      readonly parameters: readonly { readonly name: string; readonly type: SqlType }[]
      readonly body: TypedExpression
    }
  /** Scalar function or operator. */
  | {
      readonly kind: 'Call'
      readonly type: SqlType
      readonly function: ResolvedFunction
      readonly args: readonly TypedExpression[]
      readonly at?: Position
    }
  | {
      readonly kind: 'Cast'
      readonly type: SqlType
      readonly operand: TypedExpression
      readonly isTry: boolean
      readonly implicit: boolean
      /** Into a column that is written: text that does not fit fails instead of being cut. */
      readonly mustFit?: boolean
      readonly at?: Position
    }
  /** Both sides have the same, comparable type. */
  | {
      readonly kind: 'Comparison'
      readonly type: SqlType
      readonly operator: ComparisonOperator
      readonly left: TypedExpression
      readonly right: TypedExpression
    }
  | {
      readonly kind: 'IsDistinctFrom'
      readonly type: SqlType
      readonly left: TypedExpression
      readonly right: TypedExpression
    }
  | {
      readonly kind: 'Between'
      readonly type: SqlType
      readonly operand: TypedExpression
      readonly low: TypedExpression
      readonly high: TypedExpression
    }
  | {
      readonly kind: 'In'
      readonly type: SqlType
      readonly operand: TypedExpression
      readonly list: readonly TypedExpression[]
    }
  | {
      readonly kind: 'Like'
      readonly type: SqlType
      readonly operand: TypedExpression
      readonly pattern: TypedExpression
      readonly escape?: TypedExpression
    }
  | {
      readonly kind: 'Logical'
      readonly type: SqlType
      readonly operator: 'AND' | 'OR'
      readonly terms: readonly TypedExpression[]
    }
  | { readonly kind: 'Not'; readonly type: SqlType; readonly operand: TypedExpression }
  | { readonly kind: 'IsNull'; readonly type: SqlType; readonly operand: TypedExpression }
  /** Searched CASE (a simple CASE and IF become one); all results have `type`. */
  | {
      readonly kind: 'Case'
      readonly type: SqlType
      readonly branches: readonly { readonly when: TypedExpression; readonly then: TypedExpression }[]
      readonly otherwise?: TypedExpression
    }
  | { readonly kind: 'Coalesce'; readonly type: SqlType; readonly operands: readonly TypedExpression[] }
  /** Type is that of the first; the comparison happens in `comparedAs`. */
  | {
      readonly kind: 'NullIf'
      readonly type: SqlType
      readonly first: TypedExpression
      readonly second: TypedExpression
      readonly comparedAs: SqlType
    }
  | { readonly kind: 'Try'; readonly type: SqlType; readonly operand: TypedExpression }
  | { readonly kind: 'ArrayConstructor'; readonly type: SqlType; readonly items: readonly TypedExpression[] }
  | { readonly kind: 'RowConstructor'; readonly type: SqlType; readonly items: readonly TypedExpression[] }
  /** `base.field`; `index` from 0, so anonymous fields work. */
  | { readonly kind: 'RowField'; readonly type: SqlType; readonly base: TypedExpression; readonly index: number }
  /** `array[i]` (from 1; out of range fails), `map[k]` (missing fails), `row[i]` has become RowField. */
  | {
      readonly kind: 'Subscript'
      readonly type: SqlType
      readonly base: TypedExpression
      readonly index: TypedExpression
    }
  | { readonly kind: 'ScalarSubquery'; readonly type: SqlType; readonly relation: Relation }
  | { readonly kind: 'Exists'; readonly type: SqlType; readonly relation: Relation }
  | {
      readonly kind: 'InSubquery'
      readonly type: SqlType
      readonly operand: TypedExpression
      readonly relation: Relation
    }
  | {
      readonly kind: 'Quantified'
      readonly type: SqlType
      readonly operator: ComparisonOperator
      readonly quantifier: 'ALL' | 'ANY'
      readonly operand: TypedExpression
      readonly relation: Relation
    }

export interface SortKey {
  readonly expression: TypedExpression
  readonly descending: boolean
  readonly nullsFirst: boolean
}

export interface AggregateCall {
  readonly symbol: Symbol
  readonly type: SqlType
  readonly function: ResolvedFunction
  readonly args: readonly TypedExpression[]
  readonly distinct: boolean
  readonly filter?: TypedExpression
  readonly orderBy: readonly SortKey[]
  /** listagg … ON OVERFLOW TRUNCATE; without it a result that is too long fails. */
  readonly truncate?: { readonly filler: string; readonly withCount: boolean }
}

export interface FrameBound {
  readonly type: 'UNBOUNDED_PRECEDING' | 'PRECEDING' | 'CURRENT_ROW' | 'FOLLOWING' | 'UNBOUNDED_FOLLOWING'
  readonly value?: TypedExpression
}

export interface WindowCall {
  readonly symbol: Symbol
  readonly type: SqlType
  /** A window function (row_number, lag, …) or an aggregate used as one. */
  readonly function: ResolvedFunction
  readonly args: readonly TypedExpression[]
  readonly ignoreNulls: boolean
  readonly distinct: boolean
  /** In which order an aggregate takes the rows of its frame. */
  readonly inOrder?: readonly SortKey[]
  readonly filter?: TypedExpression
  readonly partitionBy: readonly TypedExpression[]
  readonly orderBy: readonly SortKey[]
  readonly frame?: { readonly unit: 'ROWS' | 'RANGE' | 'GROUPS'; readonly start: FrameBound; readonly end: FrameBound }
}

/** Columns of a scanned table: data and partition columns, and Athena's hidden ones (`$path`, `$file_size`, …). */
export interface ScanColumn extends Field {
  readonly source: 'data' | 'partition' | 'hidden'
  /** Name in the catalog. */
  readonly column: string
}

export type Relation =
  | {
      readonly kind: 'Scan'
      /** Unique in the statement; `query/` hands the engine the files for each. */
      readonly scanId: number
      readonly database: string
      readonly table: string
      /** Only those used, at least one unless the query needs none (`count(*)`). */
      readonly fields: readonly ScanColumn[]
      /** Conjuncts that stand directly above, repeated here for pruning only: dropping them never changes the answer. */
      readonly pruningHint?: TypedExpression
    }
  | {
      readonly kind: 'Values'
      readonly fields: readonly Field[]
      readonly rows: readonly (readonly TypedExpression[])[]
    }
  /** Exactly these outputs, in this order. An item may just pass a column on. */
  | {
      readonly kind: 'Project'
      readonly input: Relation
      readonly items: readonly { readonly field: Field; readonly expression: TypedExpression }[]
    }
  | { readonly kind: 'Filter'; readonly input: Relation; readonly predicate: TypedExpression }
  /** Outputs: key symbols, aggregate symbols, and `groupId` (bigint: index of the grouping set) if asked. */
  | {
      readonly kind: 'Aggregate'
      readonly input: Relation
      /** Each key is a symbol of the input. */
      readonly keys: readonly Field[]
      /** Sets of key symbols. One set with all keys: plain GROUP BY. One empty set: a global aggregate. */
      readonly groupingSets: readonly (readonly Symbol[])[]
      readonly groupId?: Symbol
      readonly aggregates: readonly AggregateCall[]
    }
  /** Outputs: those of the input plus the calls' symbols. */
  | { readonly kind: 'Window'; readonly input: Relation; readonly calls: readonly WindowCall[] }
  | { readonly kind: 'Distinct'; readonly input: Relation }
  /** Outputs: left's then right's. `lateral`: right may refer to left's symbols. USING and NATURAL have become projections. */
  | {
      readonly kind: 'Join'
      readonly type: 'INNER' | 'LEFT' | 'RIGHT' | 'FULL' | 'CROSS'
      readonly left: Relation
      readonly right: Relation
      readonly condition?: TypedExpression
      readonly lateral: boolean
    }
  /**
   * A relation by itself; correlated to the left side of the lateral join it is the right side of. Arrays of rows give
   * one output per field, maps give key and value, other arrays one; several expressions run side by side, padded with NULL.
   */
  | {
      readonly kind: 'Unnest'
      readonly expressions: readonly { readonly expression: TypedExpression; readonly outputs: readonly Field[] }[]
      readonly ordinality?: Field
    }
  /** `fields` name the outputs; each input gives as many columns, of the same types, in order. */
  | {
      readonly kind: 'SetOperation'
      readonly operator: 'UNION' | 'INTERSECT' | 'EXCEPT'
      readonly all: boolean
      readonly fields: readonly Field[]
      readonly inputs: readonly Relation[]
    }
  | { readonly kind: 'Sort'; readonly input: Relation; readonly keys: readonly SortKey[] }
  | { readonly kind: 'Limit'; readonly input: Relation; readonly count?: bigint; readonly offset?: bigint }
  /** FETCH FIRST n ROWS WITH TIES over these keys. */
  | {
      readonly kind: 'LimitWithTies'
      readonly input: Relation
      readonly count: bigint
      readonly keys: readonly SortKey[]
    }
  | {
      readonly kind: 'Sample'
      readonly input: Relation
      readonly method: 'BERNOULLI' | 'SYSTEM'
      readonly percentage: number
    }
  | {
      readonly kind: 'With'
      readonly tables: readonly {
        readonly id: string
        readonly fields: readonly Field[]
        readonly relation: Relation
        /** `distinct`: of equal rows of all steps one is kept. */
        readonly recursive?: { readonly step: Relation; readonly distinct: boolean }
      }[]
      readonly body: Relation
    }
  /** Reads a table of an enclosing With (or of itself, in a recursive step), giving its columns new symbols in order. */
  | { readonly kind: 'WithReference'; readonly id: string; readonly fields: readonly Field[] }

export interface TypedQuery {
  readonly relation: Relation
  /** The result's columns in order; each symbol is produced by `relation`. Names may repeat. */
  readonly output: readonly Field[]
  /** False when it uses random(), now(), … : such results are not reused. */
  readonly deterministic: boolean
}

/** The columns a relation produces, in order. */
export function fieldsOf(relation: Relation): readonly Field[] {
  switch (relation.kind) {
    case 'Scan':
    case 'Values':
    case 'SetOperation':
    case 'WithReference':
      return relation.fields
    case 'Project':
      return relation.items.map((item) => item.field)
    case 'Aggregate':
      return [
        ...relation.keys,
        ...relation.aggregates.map((call) => ({ symbol: call.symbol, name: call.symbol, type: call.type })),
        ...(relation.groupId === undefined
          ? []
          : [{ symbol: relation.groupId, name: relation.groupId, type: { kind: 'bigint' } as const }]),
      ]
    case 'Window':
      return [
        ...fieldsOf(relation.input),
        ...relation.calls.map((call) => ({ symbol: call.symbol, name: call.symbol, type: call.type })),
      ]
    case 'Join':
      return [...fieldsOf(relation.left), ...fieldsOf(relation.right)]
    case 'Unnest':
      return [
        ...relation.expressions.flatMap((item) => item.outputs),
        ...(relation.ordinality ? [relation.ordinality] : []),
      ]
    case 'With':
      return fieldsOf(relation.body)
    case 'Filter':
    case 'Distinct':
    case 'Sort':
    case 'Limit':
    case 'LimitWithTies':
    case 'Sample':
      return fieldsOf(relation.input)
  }
}
