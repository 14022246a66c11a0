/**
 * Where an expression stands: the names it sees, the WITH tables its subqueries see, and whether aggregates and windows
 * are welcome there.
 */
import type { Window as ParsedWindow, Position } from '../tree.ts'
import type { AggregateCall, Symbol as ColumnSymbol, TypedExpression, WindowCall } from '../typed-tree.ts'
import type { SqlType } from '../types.ts'
import type { Analysis } from './analysis.ts'
import type { ExpressionNumbers } from './same-expression.ts'
import type { Scope } from './scope.ts'

/** What a query knows of its surroundings before its own FROM is read. */
export interface Environment {
  /** Columns of enclosing queries. */
  readonly outer: Scope | undefined
  readonly tables: WithTables | undefined
  /** Database for unqualified names: the session's, or the view's own. */
  readonly schema: string | undefined
}

/** The tables of one WITH by lower-case name, growing as they are read, before those of enclosing queries. */
export interface WithTables {
  readonly own: ReadonlyMap<string, WithTable>
  readonly outer: WithTables | undefined
}

export function withTableNamed(tables: WithTables | undefined, name: string): WithTable | undefined {
  for (let level = tables; level !== undefined; level = level.outer) {
    const table = level.own.get(name)
    if (table !== undefined) return table
  }
  return undefined
}

export interface WithTable {
  readonly id: string
  readonly columns: readonly { readonly name: string | undefined; readonly type: SqlType }[]
}

export interface LambdaParameter {
  readonly name: string
  readonly type: SqlType
  /** As the typed tree names it: unique in the statement. */
  readonly symbol: ColumnSymbol
}

/** Calls found while the select list, HAVING and ORDER BY are read; each stands in the expression as a column. */
export interface CallCollector {
  readonly kind: 'collect'
  readonly aggregates: { readonly call: AggregateCall; readonly number: number; readonly at: Position }[]
  readonly windows: { readonly call: WindowCall; readonly at: Position }[]
  readonly groupings: {
    readonly symbol: ColumnSymbol
    readonly operands: readonly TypedExpression[]
    readonly at: Position
  }[]
  readonly windowNamed: (name: string) => ParsedWindow | undefined
  /** Tells repeated aggregates and grouped expressions by their meaning. */
  readonly numbers: ExpressionNumbers
  /** Name of the window call whose arguments are being read. */
  readonly insideWindow?: string
}

/** Calls are refused here; `where` names the clause in the error. */
export interface CallsRefused {
  readonly kind: 'refuse'
  readonly where: string
  /** Name of the aggregate whose arguments are being read. */
  readonly insideAggregate?: { readonly name: string; readonly at: Position }
}

export interface ExpressionContext {
  readonly analysis: Analysis
  readonly environment: Environment
  readonly scope: Scope
  readonly calls: CallCollector | CallsRefused
  /** Innermost last. */
  readonly lambdaParameters: readonly LambdaParameter[]
}

export function refusingCalls(context: ExpressionContext, where: string): ExpressionContext {
  return { ...context, calls: { kind: 'refuse', where } }
}
