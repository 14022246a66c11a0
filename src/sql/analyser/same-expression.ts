/**
 * Tells whether two typed expressions are the same computation: each gets a number, and equal ones get the same. GROUP
 * BY, SELECT DISTINCT … ORDER BY and repeated aggregates rest on it.
 */
import type { AggregateCall, SortKey, TypedExpression } from '../typed-tree.ts'
import { typeText } from '../types.ts'
import { childrenOf, subqueryOf } from './walk.ts'

export class ExpressionNumbers {
  readonly #byShape = new Map<string, number>()
  readonly #byNode = new WeakMap<object, number>()
  /** Lambda parameters are told apart by how deep and in which place they were bound, not by name. */
  readonly #parameters = new Map<string, string>()
  #depth = 0

  numberOf(node: TypedExpression): number {
    const known = this.#byNode.get(node)
    if (known !== undefined) return known
    const number = this.#numberOfShape(this.#shape(node))
    this.#byNode.set(node, number)
    return number
  }

  numberOfAggregate(call: Omit<AggregateCall, 'symbol'>): number {
    const parts = [
      call.function.declaration.name,
      call.function.overload,
      call.distinct,
      call.args.map((argument) => this.numberOf(argument)).join(','),
      call.filter === undefined ? '' : this.numberOf(call.filter),
      call.orderBy.map((key) => this.#sortShape(key)).join(','),
      JSON.stringify(call.truncate ?? ''),
    ]
    return this.#numberOfShape(`aggregate ${parts.join('|')}`)
  }

  #sortShape(key: SortKey): string {
    return `${this.numberOf(key.expression)} ${key.descending} ${key.nullsFirst}`
  }

  #numberOfShape(shape: string): number {
    const known = this.#byShape.get(shape)
    if (known !== undefined) return known
    this.#byShape.set(shape, this.#byShape.size)
    return this.#byShape.size - 1
  }

  #shape(node: TypedExpression): string {
    // Two subqueries are never taken for the same.
    if (subqueryOf(node) !== undefined) return `subquery ${this.#byShape.size}`
    if (node.kind !== 'Lambda') return this.#shapeWithin(node)
    this.#depth++
    for (const [index, parameter] of node.parameters.entries()) {
      this.#parameters.set(parameter.name, `${this.#depth}.${index}`)
    }
    const shape = this.#shapeWithin(node)
    this.#depth--
    return shape
  }

  #shapeWithin(node: TypedExpression): string {
    const children = childrenOf(node).map((child) => this.numberOf(child))
    return `${node.kind} ${typeText(node.type)} ${this.#detail(node)} ${children.join(',')}`
  }

  /** What makes a node itself besides its type and children. */
  #detail(node: TypedExpression): string {
    switch (node.kind) {
      case 'Constant':
        return constantText(node.value)
      case 'Column':
        return node.symbol
      case 'LambdaParameter':
        return this.#parameters.get(node.name) ?? node.name
      case 'Call':
        return `${node.function.declaration.name} ${node.function.overload}`
      case 'Cast':
        return `${node.isTry}`
      case 'Comparison':
      case 'Logical':
        return node.operator
      case 'Case':
        return `${node.otherwise !== undefined}`
      case 'RowField':
        return `${node.index}`
      case 'NullIf':
        return typeText(node.comparedAs)
      default:
        return ''
    }
  }
}

function constantText(value: unknown): string {
  return JSON.stringify(value, (_key, part) =>
    typeof part === 'bigint' ? `${part}n` : typeof part === 'number' && Object.is(part, -0) ? '-0' : part,
  )
}
