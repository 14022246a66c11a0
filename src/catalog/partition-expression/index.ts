/**
 * The Expression of GetPartitions: a WHERE clause over partition keys. Text → tokens → tree → filter; pure.
 *
 * Texts of refusals are AWS's. Known differences: what is wrong with the expression is refused when it is parsed, even
 * when the table has no partition to try it on; a stored value that does not fit the type of its key is noticed only in
 * partitions that had to be looked at; a bare word
 * with a hyphen is read as the key of that name.
 */
import type { PartitionFilter } from '../partition-filter.ts'
import { compile, type Keys, TRUE } from './compile.ts'
import { parse } from './parser.ts'
import { rangesOf } from './ranges.ts'

export type { PartitionExpressionRefusal } from './refusal.ts'

/**
 * undefined for a blank text, which keeps every partition. Refuses 'invalidPartitionExpression'; the filter refuses
 * 'partitionValueMismatch' when a stored value does not fit the type of its key.
 */
export function parsePartitionExpression(text: string, keys: Keys): PartitionFilter | undefined {
  if (text.trim() === '') return undefined
  const expression = parse(text, new Set(keys.map(({ name }) => name.toLowerCase())))
  const test = compile(expression, keys)
  return {
    matches: (values) => test(values) === TRUE,
    mayMatch: (values) => (test(values) & TRUE) !== 0,
    rangesOf: (key) => rangesOf(expression, keys, key),
  }
}
