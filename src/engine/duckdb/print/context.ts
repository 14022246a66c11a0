/** What printing needs to know besides the tree. */
import type { EngineQuery } from '../../engine.ts'
import type { SqlText } from './text.ts'

export type Session = EngineQuery['session']

/** Gives a complete SELECT whose columns are named by the symbols of the Scan node. */
export type ScanSource = (scanId: number) => SqlText

/**
 * How sums and products of decimals are computed. wide: in as many digits as their type has, which for most products is
 * 128 bits and slow. narrow: DuckDB's own way, 64 bits as long as the operands have no more; what does not fit fails,
 * and then has to be asked again, wide. The value is the same, its DuckDB type may have fewer digits.
 */
export type Decimals = 'wide' | 'narrow'

export interface PrintContext {
  readonly session: Session
  readonly decimals: Decimals
  readonly scans: ScanSource
  /** Lambda parameters in scope: name in the tree → SQL that reads it. */
  readonly parameters: ReadonlyMap<string, SqlText>
  /** How many lambdas enclose the place: names their parameters apart. */
  readonly lambdaDepth: number
  /**
   * True inside a WHERE clause, as long as only AND stands between: DuckDB tests these terms from left to right and
   * stops early, as the language does. Elsewhere it evaluates both sides of AND and OR.
   */
  readonly stopsEarly: boolean
  /** Tables of enclosing WITH clauses that are printed under another name: steps of an unrolled recursion. */
  readonly tableNames: ReadonlyMap<string, string>
}

export function rootContext(scans: ScanSource, session: Session, decimals: Decimals): PrintContext {
  return { session, scans, decimals, parameters: new Map(), lambdaDepth: 0, stopsEarly: false, tableNames: new Map() }
}

/** The same context where AND is evaluated on both sides. */
export function inValue(context: PrintContext): PrintContext {
  return context.stopsEarly ? { ...context, stopsEarly: false } : context
}
