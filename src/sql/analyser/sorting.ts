/** ORDER BY items, wherever they stand. Without a word about it NULL comes last, ascending or descending. */
import { isOrderable } from '../coercion.ts'
import type { SortItem } from '../tree.ts'
import type { SortKey, TypedExpression } from '../typed-tree.ts'
import { typeText } from '../types.ts'
import { refuse } from './analysis.ts'
import { expressionText } from './expression-text.ts'

export function sortKey(item: SortItem, expression: TypedExpression): SortKey {
  if (!isOrderable(expression.type)) {
    const text = expressionText(item.expression)
    refuse(
      'TYPE_MISMATCH',
      item.at,
      `Type ${typeText(expression.type)} is not orderable, and therefore cannot be used in ORDER BY: ${text}`,
    )
  }
  return { expression, descending: item.descending, nullsFirst: item.nulls === 'FIRST' }
}
