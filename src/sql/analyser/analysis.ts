/**
 * What one analysis carries along: the world it may ask, fresh symbols, and how deep it stands. Everything else is passed
 * and returned. Numbers start from 0 in every analysis, so the same query gives the same tree.
 */
import type { AnalysisContext } from '../analysis-context.ts'
import { SqlFailure, type SqlFailureCode } from '../failure.ts'
import type { Position } from '../tree.ts'
import type { Symbol as ColumnSymbol, Field, TypedExpression } from '../typed-tree.ts'
import { type SqlType, sameType } from '../types.ts'

/** Nesting of expressions and queries: beyond this the tree is refused before the stack is in danger. */
export const NESTING_MAX = 1000
/** A query inside a query costs more of the stack than an expression inside an expression. */
const QUERY_WEIGHT = 12
export const VIEW_DEPTH_MAX = 32
const SYMBOL_NAME_MAX = 32

export class Analysis {
  readonly context: AnalysisContext
  #symbols = 0
  #scans = 0
  #tables = 0
  #depth = 0
  #views = 0
  #deterministic = true

  constructor(context: AnalysisContext) {
    this.context = context
  }

  get deterministic(): boolean {
    return this.#deterministic
  }

  foundVolatile(): void {
    this.#deterministic = false
  }

  /** Unique in the statement, and still unique when case is ignored. */
  symbol(name: string): ColumnSymbol {
    const readable = name
      .toLowerCase()
      .replace(/[^a-z0-9_]/g, '')
      .slice(0, SYMBOL_NAME_MAX)
    return `${readable || 'expr'}_${this.#symbols++}`
  }

  field(name: string, type: SqlType): Field {
    return { symbol: this.symbol(name), name, type }
  }

  scanId(): number {
    return this.#scans++
  }

  tableId(name: string): string {
    return `${name.toLowerCase()}_${this.#tables++}`
  }

  nested<T>(at: Position, work: () => T): T {
    return this.#within(1, at, work)
  }

  nestedQuery<T>(at: Position, work: () => T): T {
    return this.#within(QUERY_WEIGHT, at, work)
  }

  nestedView<T>(at: Position, work: () => T): T {
    if (this.#views >= VIEW_DEPTH_MAX) refuse('INVALID_VIEW', at, `Views are nested more than ${VIEW_DEPTH_MAX} deep`)
    this.#views++
    try {
      return work()
    } finally {
      this.#views--
    }
  }

  #within<T>(weight: number, at: Position, work: () => T): T {
    this.#depth += weight
    if (this.#depth > NESTING_MAX) refuse('NOT_SUPPORTED', at, 'The statement is nested too deeply')
    try {
      return work()
    } finally {
      this.#depth -= weight
    }
  }
}

export function refuse(code: SqlFailureCode, at: Position | undefined, message: string): never {
  throw new SqlFailure(code, message, at)
}

/** The expression as that type; a Cast is written down when it changes anything. */
export function coerced(expression: TypedExpression, type: SqlType): TypedExpression {
  if (sameType(expression.type, type)) return expression
  if (expression.kind === 'Constant' && expression.value === null) return { kind: 'Constant', type, value: null }
  return { kind: 'Cast', type, operand: expression, isTry: false, implicit: true }
}
