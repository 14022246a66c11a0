/**
 * Subqueries in the conditions of outer joins: engines compute them only for inner joins. What such a condition asks of
 * one side alone is computed on that side before the join, as one more column, and the condition reads the column.
 * `LEFT JOIN u ON t.x = u.x AND u.y IN (SELECT …)` becomes a join with `(SELECT *, y IN (SELECT …) AS asked FROM u)`.
 */
import type { Symbol as ColumnSymbol, Field, Relation, TypedExpression } from '../typed-tree.ts'
import { fieldsOf } from '../typed-tree.ts'
import type { Analysis } from './analysis.ts'
import { holdsSubquery, mapChildren, subqueryOf, symbolsReadBy } from './walk.ts'

type Join = Extract<Relation, { readonly kind: 'Join' }>

/** The same join, its sides perhaps wider. A subquery that reads both sides stays where it is. */
export function withSubqueriesBeforeJoin(join: Join, analysis: Analysis): Join {
  const { condition } = join
  if (condition === undefined || join.type === 'INNER' || join.lateral || !holdsSubquery(condition)) return join
  const left = new Side(join.left)
  const right = new Side(join.right)
  const moved = (node: TypedExpression): TypedExpression => {
    if (subqueryOf(node) === undefined) return holdsSubquery(node) ? mapChildren(node, moved) : node
    const read = symbolsReadBy(node)
    const [readsLeft, readsRight] = [left.gives(read), right.gives(read)]
    if (readsLeft && readsRight) return node
    return (readsLeft ? left : right).asked(node, analysis)
  }
  return { ...join, condition: moved(condition), left: left.relation, right: right.relation }
}

class Side {
  readonly #input: Relation
  readonly #fields: readonly Field[]
  readonly #asked: { readonly field: Field; readonly expression: TypedExpression }[] = []

  constructor(input: Relation) {
    this.#input = input
    this.#fields = fieldsOf(input)
  }

  gives(symbols: ReadonlySet<ColumnSymbol>): boolean {
    return this.#fields.some((field) => symbols.has(field.symbol))
  }

  asked(expression: TypedExpression, analysis: Analysis): TypedExpression {
    const field = analysis.field('asked', expression.type)
    this.#asked.push({ field, expression })
    return { kind: 'Column', type: field.type, symbol: field.symbol }
  }

  get relation(): Relation {
    if (this.#asked.length === 0) return this.#input
    const own = this.#fields.map((field) => ({
      field,
      expression: { kind: 'Column', type: field.type, symbol: field.symbol } as const,
    }))
    return { kind: 'Project', input: this.#input, items: [...own, ...this.#asked] }
  }
}
