/** UNNEST: arrays and maps as rows, side by side, the shorter ones padded with NULL. */
import { fieldsOf, type Relation } from '../../../sql/typed-tree.ts'
import { rowFieldKeys } from '../representation.ts'
import { field } from './comparison.ts'
import type { PrintContext } from './context.ts'
import { expression } from './expression.ts'
import { quoted, type SqlText } from './text.ts'

type Unnest = Relation & { kind: 'Unnest' }

/** By itself, or as the right side of a lateral join whose symbols are in scope. */
export function printUnnest(relation: Unnest, context: PrintContext): SqlText {
  const { lists, outputs } = unfolded(relation, context, false)
  return `SELECT ${outputs.join(', ') || '1 AS "_"'} FROM (SELECT ${lists.join(', ')})`
}

/**
 * A join with UNNEST over the left side's own columns: one pass over the left side, no correlation. `keepsEmpty` is a
 * LEFT JOIN: rows with nothing to unfold stay, with NULL.
 */
export function printUnnestJoin(
  left: Relation,
  leftText: SqlText,
  relation: Unnest,
  keepsEmpty: boolean,
  context: PrintContext,
): SqlText {
  const { lists, outputs } = unfolded(relation, context, keepsEmpty)
  const columns = fieldsOf(left).map((each) => quoted(each.symbol))
  return `(SELECT ${[...columns, ...outputs].join(', ') || '1 AS "_"'} FROM (SELECT *, ${lists.join(', ')} FROM ${leftText}))`
}

interface Unfolded {
  /** `unnest(…) AS e0`, to stand in one SELECT. */
  readonly lists: readonly SqlText[]
  /** The outputs, read from those in the SELECT around it. */
  readonly outputs: readonly SqlText[]
}

function unfolded(relation: Unnest, context: PrintContext, keepsEmpty: boolean): Unfolded {
  const lists: SqlText[] = []
  const outputs: SqlText[] = []
  const sources = relation.expressions.map(({ expression: source }) => expression(source, context))
  const lengths = relation.expressions.map(({ expression: source }, index) => {
    const length = source.type.kind === 'map' ? 'cardinality' : 'len'
    return `coalesce(${length}(${sources[index]}), 0)`
  })
  const rows = lengths.length === 1 ? `${lengths[0]}` : `greatest(${lengths.join(', ')})`
  const unnested = (list: SqlText) =>
    `unnest(${keepsEmpty ? `CASE WHEN ${rows} = 0 THEN [NULL] ELSE ${list} END` : list})`
  for (const [index, { expression: source, outputs: fields }] of relation.expressions.entries()) {
    const text = sources[index] ?? ''
    if (source.type.kind === 'map') {
      lists.push(
        `${unnested(`map_keys(${text})`)} AS "key ${index}"`,
        `${unnested(`map_values(${text})`)} AS "value ${index}"`,
      )
      outputs.push(`"key ${index}" AS ${symbol(fields[0])}`, `"value ${index}" AS ${symbol(fields[1])}`)
      continue
    }
    lists.push(`${unnested(text)} AS "item ${index}"`)
    const element = source.type.kind === 'array' ? source.type.element : source.type
    const keys = element.kind === 'row' ? rowFieldKeys(element.fields) : undefined
    for (const [at, output] of fields.entries()) {
      const value = keys === undefined ? `"item ${index}"` : field(`"item ${index}"`, keys[at] ?? '')
      outputs.push(`${value} AS ${symbol(output)}`)
    }
  }
  if (relation.ordinality !== undefined) {
    lists.push(`${unnested(`range(1, (${rows})::BIGINT + 1)`)} AS "ordinal"`)
    outputs.push(`"ordinal" AS ${symbol(relation.ordinality)}`)
  }
  return { lists, outputs }
}

function symbol(output: { readonly symbol: string } | undefined): SqlText {
  return quoted(output?.symbol ?? '_')
}
