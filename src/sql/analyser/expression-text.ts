/**
 * Expressions as Trino writes them in error texts: operators in brackets, names as written. Enough for messages; nothing
 * parses it again.
 */
import type { Expression, Identifier, TypeName } from '../tree.ts'

type Kind = Expression['kind']
type NodeOf<K extends Kind> = Extract<Expression, { readonly kind: K }>

export function expressionText(node: Expression): string {
  const write = WRITERS[node.kind] as ((node: Expression) => string) | undefined
  return write === undefined ? '<expression>' : write(node)
}

/** The operands of `a || b || c`, left to right, without recursion: chains are long. */
export function concatenated(node: NodeOf<'Concat'>): readonly Expression[] {
  const operands = [node.right]
  let left = node.left
  for (; left.kind === 'Concat'; left = left.left) operands.push(left.right)
  return [left, ...operands.reverse()]
}

const list = (nodes: readonly Expression[]): string => nodes.map(expressionText).join(', ')
const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`
const not = (negated: boolean, text: string): string => (negated ? `(NOT ${text})` : text)
const identifierText = (name: Identifier): string => (name.quoted ? `"${name.value}"` : name.value)

const WRITERS: { readonly [K in Kind]?: (node: NodeOf<K>) => string } = {
  Identifier: identifierText,
  Dereference: (node) => `${expressionText(node.base)}.${identifierText(node.field)}`,
  NullLiteral: () => 'null',
  BooleanLiteral: (node) => String(node.value),
  LongLiteral: (node) => node.text,
  DecimalLiteral: (node) => node.text,
  DoubleLiteral: (node) => node.text,
  StringLiteral: (node) => quoted(node.value),
  GenericLiteral: (node) => `${node.type} ${quoted(node.value)}`,
  IntervalLiteral: (node) =>
    `INTERVAL ${node.sign < 0 ? '-' : ''}${quoted(node.value)} ${node.from}${node.to === undefined ? '' : ` TO ${node.to}`}`,
  Unary: (node) => `${node.operator}${expressionText(node.operand)}`,
  Arithmetic: (node) => `(${expressionText(node.left)} ${node.operator} ${expressionText(node.right)})`,
  Concat: (node) => {
    const [first = '', ...others] = concatenated(node).map(expressionText)
    return others.reduce((left, right) => `concat(${left}, ${right})`, first)
  },
  AtTimeZone: (node) => `${expressionText(node.operand)} AT TIME ZONE ${expressionText(node.zone)}`,
  Comparison: (node) => `(${expressionText(node.left)} ${node.operator} ${expressionText(node.right)})`,
  IsDistinctFrom: (node) =>
    not(node.negated, `(${expressionText(node.left)} IS DISTINCT FROM ${expressionText(node.right)})`),
  Logical: (node) => `(${node.terms.map(expressionText).join(` ${node.operator} `)})`,
  Not: (node) => `(NOT ${expressionText(node.operand)})`,
  IsNull: (node) => `(${expressionText(node.operand)} IS ${node.negated ? 'NOT ' : ''}NULL)`,
  Between: (node) =>
    not(
      node.negated,
      `(${expressionText(node.operand)} BETWEEN ${expressionText(node.low)} AND ${expressionText(node.high)})`,
    ),
  InList: (node) => not(node.negated, `(${expressionText(node.operand)} IN (${list(node.list)}))`),
  Like: (node) => not(node.negated, `(${expressionText(node.operand)} LIKE ${expressionText(node.pattern)})`),
  Case: (node) =>
    `(CASE${node.operand === undefined ? '' : ` ${expressionText(node.operand)}`}${node.branches
      .map(({ when, then }) => ` WHEN ${expressionText(when)} THEN ${expressionText(then)}`)
      .join('')}${node.otherwise === undefined ? '' : ` ELSE ${expressionText(node.otherwise)}`} END)`,
  Cast: (node) => `${node.isTry ? 'TRY_CAST' : 'CAST'}(${expressionText(node.operand)} AS ${typeNameText(node.type)})`,
  Extract: (node) => `EXTRACT(${node.field.toUpperCase()} FROM ${expressionText(node.operand)})`,
  CurrentTime: (node) => node.function.toUpperCase(),
  Trim: (node) =>
    `trim(${node.side}${node.characters === undefined ? '' : ` ${expressionText(node.characters)}`} FROM ${expressionText(node.operand)})`,
  FunctionCall: (node) => {
    const name = node.name.parts.map(identifierText).join('.')
    return `${name}(${node.distinct ? 'DISTINCT ' : ''}${node.star ? '*' : list(node.args)})`
  },
  Lambda: (node) => `(${node.parameters.map(identifierText).join(', ')}) -> ${expressionText(node.body)}`,
  ArrayConstructor: (node) => `ARRAY[${list(node.items)}]`,
  RowConstructor: (node) => `ROW (${list(node.fields.map((field) => field.value))})`,
  Subscript: (node) => `${expressionText(node.base)}[${expressionText(node.index)}]`,
  Parameter: () => '?',
  Grouping: (node) => `GROUPING (${list(node.operands)})`,
}

function typeNameText(name: TypeName): string {
  const args = name.arguments.map((argument) => (typeof argument === 'object' ? typeNameText(argument) : `${argument}`))
  return args.length === 0 ? name.base : `${name.base}(${args.join(', ')})`
}
