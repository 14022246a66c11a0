/** A query's columns as those of the table that they are written into, by Trino's rules of INSERT. */
import { commonSuperType } from '../../sql/coercion.ts'
import { SqlFailure } from '../../sql/failure.ts'
import type { Position } from '../../sql/tree.ts'
import type { TypedExpression, TypedQuery } from '../../sql/typed-tree.ts'
import { type SqlType, sameType, typeText } from '../../sql/types.ts'

export interface TargetColumn {
  readonly name: string
  readonly type: SqlType
}

/**
 * The query with exactly the columns of the table: `given` are those that the statement has values for, in its order;
 * the others are NULL. Throws TYPE_MISMATCH as Trino does.
 */
export function assigned(
  query: TypedQuery,
  columns: readonly TargetColumn[],
  given: readonly TargetColumn[],
  at: Position,
): TypedQuery {
  const { output } = query
  const fits =
    output.length === given.length &&
    output.every(({ type }, index) => commonSuperType(type, given[index]?.type ?? type) !== undefined)
  if (!fits) {
    const texts = (types: readonly { readonly type: SqlType }[]) => types.map(({ type }) => typeText(type)).join(', ')
    throw new SqlFailure(
      'TYPE_MISMATCH',
      `Insert query has mismatched column types: Table: [${texts(given)}], Query: [${texts(output)}]`,
      at,
    )
  }
  const items = columns.map((column, index) => {
    const source = output[given.indexOf(column)]
    const field = { symbol: `written$${index}`, name: column.name, type: column.type }
    return { field, expression: valueFor(column, source) }
  })
  return {
    ...query,
    relation: { kind: 'Project', input: query.relation, items },
    output: items.map(({ field }) => field),
  }
}

function valueFor({ type }: TargetColumn, source: TypedQuery['output'][number] | undefined): TypedExpression {
  if (source === undefined) return { kind: 'Constant', type, value: null }
  const operand: TypedExpression = { kind: 'Column', type: source.type, symbol: source.symbol }
  if (sameType(source.type, type)) return operand
  return { kind: 'Cast', type, operand, isTry: false, implicit: true, mustFit: true }
}
