/**
 * The rules every typed tree keeps, as a check: symbols are produced before they are read and never twice, operands have
 * the types their operators ask for, references to WITH tables fit the tables.
 */
import { childrenOf, expressionsOf, inputsOf, subqueryOf } from '../../../src/sql/analyser/walk.ts'
import { fieldsOf, type Relation, type TypedExpression, type TypedQuery } from '../../../src/sql/typed-tree.ts'
import { sameType, typeText } from '../../../src/sql/types.ts'

type Names = ReadonlySet<string>

/** What is broken, in words; empty when nothing is. */
export function brokenRules(query: TypedQuery): string[] {
  const checker = new Checker()
  checker.relation(query.relation, new Set())
  const produced = fieldsOf(query.relation)
  for (const field of query.output) {
    const source = produced.find((candidate) => candidate.symbol === field.symbol)
    if (source === undefined) checker.problems.push(`output ${field.symbol} is not produced`)
    else if (!sameType(source.type, field.type)) checker.problems.push(`output ${field.symbol} has another type`)
  }
  return checker.problems
}

class Checker {
  readonly problems: string[] = []
  readonly #tables = new Map<string, readonly string[]>()
  readonly #types = new Map<string, string>()

  relation(relation: Relation, outer: Names): void {
    const own = fieldsOf(relation).map((field) => field.symbol)
    if (new Set(own).size !== own.length) this.problems.push(`${relation.kind} produces a symbol twice: ${own}`)
    for (const field of fieldsOf(relation)) this.#typed(field.symbol, typeText(field.type))
    switch (relation.kind) {
      case 'Join': {
        this.relation(relation.left, outer)
        this.relation(relation.right, relation.lateral ? union(outer, names(relation.left)) : outer)
        break
      }
      case 'With':
        for (const table of relation.tables) {
          this.relation(table.relation, outer)
          this.#tables.set(
            table.id,
            table.fields.map((field) => typeText(field.type)),
          )
          this.#sameColumns(table.id, fieldsOf(table.relation), table.fields)
          if (table.recursive !== undefined) {
            this.relation(table.recursive.step, outer)
            this.#sameColumns(table.id, fieldsOf(table.recursive.step), table.fields)
          }
        }
        this.relation(relation.body, outer)
        break
      case 'WithReference': {
        const table = this.#tables.get(relation.id) ?? []
        if (table.join() !== relation.fields.map((field) => typeText(field.type)).join()) {
          // A recursive step is read before its table is known; the table itself is compared elsewhere.
          if (this.#tables.has(relation.id)) this.problems.push(`reference to ${relation.id} does not fit it`)
        }
        break
      }
      case 'SetOperation':
        for (const input of relation.inputs) {
          this.relation(input, outer)
          this.#sameColumns('set operation', fieldsOf(input), relation.fields)
        }
        break
      default:
        for (const input of inputsOf(relation)) this.relation(input, outer)
    }
    const visible = union(outer, ...inputsOf(relation).map(names))
    for (const expression of expressionsOf(relation)) this.expression(expression, visible)
    if (relation.kind === 'Aggregate') {
      for (const key of relation.keys) {
        if (!visible.has(key.symbol)) this.problems.push(`key ${key.symbol} is not produced below`)
      }
    }
    if (relation.kind === 'Scan' && relation.pruningHint !== undefined) {
      this.expression(relation.pruningHint, new Set(own))
    }
  }

  expression(node: TypedExpression, visible: Names): void {
    if (node.kind === 'Column') {
      if (!visible.has(node.symbol)) this.problems.push(`${node.symbol} is read where nobody produces it`)
      this.#typed(node.symbol, typeText(node.type))
    }
    const subquery = subqueryOf(node)
    if (subquery !== undefined) this.relation(subquery, visible)
    this.#operands(node)
    for (const child of childrenOf(node)) this.expression(child, visible)
  }

  #operands(node: TypedExpression): void {
    const same = (...expressions: readonly TypedExpression[]) => {
      const types = new Set(expressions.map((expression) => typeText(expression.type)))
      if (types.size > 1) this.problems.push(`${node.kind} joins ${[...types].join(' and ')}`)
    }
    if (node.kind === 'Comparison' || node.kind === 'IsDistinctFrom') same(node.left, node.right)
    if (node.kind === 'Between') same(node.operand, node.low, node.high)
    if (node.kind === 'In') same(node.operand, ...node.list)
    if (node.kind === 'Coalesce') same(node, ...node.operands)
    if (node.kind === 'Case') {
      same(node, ...node.branches.map((branch) => branch.then), ...(node.otherwise ? [node.otherwise] : []))
    }
    if (node.kind === 'Call') {
      for (const [index, argument] of node.args.entries()) {
        const wanted = node.function.argumentTypes[index]
        if (wanted === undefined || !sameType(argument.type, wanted)) {
          const wants = wanted === undefined ? 'nothing' : typeText(wanted)
          this.problems.push(`${node.function.declaration.name} wants ${wants}, gets ${typeText(argument.type)}`)
        }
      }
    }
  }

  #sameColumns(what: string, left: readonly { type: unknown }[], right: readonly { type: unknown }[]): void {
    const text = (fields: readonly { type: unknown }[]) => fields.map((field) => typeText(field.type as never)).join()
    if (text(left) !== text(right)) this.problems.push(`${what}: ${text(left)} against ${text(right)}`)
  }

  #typed(symbol: string, type: string): void {
    const known = this.#types.get(symbol)
    if (known !== undefined && known !== type) this.problems.push(`${symbol} is ${known} and ${type}`)
    this.#types.set(symbol, type)
  }
}

function names(relation: Relation): Names {
  return new Set(fieldsOf(relation).map((field) => field.symbol))
}

function union(...sets: readonly Names[]): Names {
  return new Set(sets.flatMap((set) => [...set]))
}
