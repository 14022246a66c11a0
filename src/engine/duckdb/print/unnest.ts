/** UNNEST: arrays and maps as rows, side by side, the shorter ones padded with NULL. */
import type { Relation } from '../../../sql/typed-tree.ts'
import { rowFieldKeys } from '../representation.ts'
import { field } from './comparison.ts'
import type { PrintContext } from './context.ts'
import { expression } from './expression.ts'
import { quoted, type SqlText } from './text.ts'

export function printUnnest(relation: Relation & { kind: 'Unnest' }, context: PrintContext): SqlText {
  const lists: SqlText[] = []
  const outer: SqlText[] = []
  const lengths: SqlText[] = []
  for (const [index, { expression: source, outputs }] of relation.expressions.entries()) {
    const text = expression(source, context)
    if (source.type.kind === 'map') {
      lists.push(`unnest(map_keys(${text})) AS k${index}`, `unnest(map_values(${text})) AS v${index}`)
      outer.push(`k${index} AS ${symbol(outputs[0])}`, `v${index} AS ${symbol(outputs[1])}`)
      lengths.push(`cardinality(${text})`)
      continue
    }
    lengths.push(`len(${text})`)
    lists.push(`unnest(${text}) AS e${index}`)
    const element = source.type.kind === 'array' ? source.type.element : source.type
    if (element.kind === 'row') {
      const keys = rowFieldKeys(element.fields)
      for (const [at, output] of outputs.entries())
        outer.push(`${field(`e${index}`, keys[at] ?? '')} AS ${symbol(output)}`)
    } else {
      outer.push(`e${index} AS ${symbol(outputs[0])}`)
    }
  }
  if (relation.ordinality !== undefined) {
    const rows = lengths.length === 1 ? lengths[0] : `greatest(${lengths.join(', ')})`
    lists.push(`unnest(range(1, coalesce(${rows}, 0)::BIGINT + 1)) AS ordinal`)
    outer.push(`ordinal AS ${symbol(relation.ordinality)}`)
  }
  return `SELECT ${outer.join(', ') || '1 AS "_"'} FROM (SELECT ${lists.join(', ')})`
}

function symbol(output: { readonly symbol: string } | undefined): SqlText {
  return quoted(output?.symbol ?? '_')
}
