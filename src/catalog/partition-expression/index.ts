/**
 * The Expression of GetPartitions: a WHERE clause over partition keys. Text → tokens → tree → predicate; pure.
 *
 * Texts of refusals are AWS's. Known difference: what is wrong with the expression is refused when it is parsed, even
 * when the table has no partition to try it on.
 */
import type { Column } from '../types.ts'
import { compile } from './compile.ts'
import { parse } from './parser.ts'

export type { PartitionExpressionRefusal } from './refusal.ts'

/** In the order of the table's partition keys. */
export type PartitionPredicate = (values: readonly string[]) => boolean

/**
 * A blank text keeps every partition. Refuses 'invalidPartitionExpression'; the predicate refuses
 * 'partitionValueMismatch' when a stored value does not fit the type of its key.
 */
export function parsePartitionExpression(
  text: string,
  keys: readonly Pick<Column, 'name' | 'type'>[],
): PartitionPredicate {
  if (text.trim() === '') return () => true
  const test = compile(parse(text), keys)
  return (values) => test(values) === true
}
