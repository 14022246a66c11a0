/**
 * How a function of the language is asked of DuckDB: a translation gets its arguments as SQL and gives SQL. Families of
 * translations stand beside this file, in tables by the declaration's name.
 */
import type { TypedExpression } from '../../../sql/typed-tree.ts'
import type { SqlType } from '../../../sql/types.ts'
import type { Decimals, Session } from '../print/context.ts'
import type { SqlText } from '../print/text.ts'

export interface CallSite {
  readonly name: string
  /** Printed arguments. A lambda's is empty: use `lambda`. */
  readonly args: readonly SqlText[]
  readonly types: readonly SqlType[]
  readonly result: SqlType
  /** The arguments as they stand in the tree, for translations that look at constants. */
  readonly nodes: readonly TypedExpression[]
  readonly session: Session
  readonly decimals: Decimals
  /** Parameter names for a DuckDB lambda at this place; they never hide those of enclosing lambdas. */
  readonly parameters: readonly [SqlText, SqlText, SqlText]
  /** The body of the lambda that is argument `index`, its parameters replaced by the SQL given (kept short). */
  lambda(index: number, ...values: readonly SqlText[]): SqlText
}

export type Translation = (call: CallSite) => SqlText
export type Translations = Readonly<Record<string, Translation>>

/** `name(arg, …)` in DuckDB. */
export const native =
  (name: string): Translation =>
  ({ args }) =>
    `${name}(${args.join(', ')})`

/** The argument at `index`; declarations guarantee that it is there. */
export function argument(call: CallSite, index: number): SqlText {
  return call.args[index] ?? 'NULL'
}

export function typeAt(call: CallSite, index: number): SqlType {
  return call.types[index] ?? { kind: 'unknown' }
}

/** The text of a constant argument; undefined when it is not constant or NULL. */
export function constantText(call: CallSite, index: number): string | undefined {
  let node = call.nodes[index]
  while (node?.kind === 'Cast' && node.implicit) node = node.operand
  return node?.kind === 'Constant' && typeof node.value === 'string' ? node.value : undefined
}

/** The value of a constant whole number; undefined when it is not constant or NULL. */
export function constantInteger(call: CallSite, index: number): bigint | undefined {
  let node = call.nodes[index]
  while (node?.kind === 'Cast' && node.implicit) node = node.operand
  return node?.kind === 'Constant' && typeof node.value === 'bigint' ? node.value : undefined
}
