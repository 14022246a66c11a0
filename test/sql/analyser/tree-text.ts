/** Typed trees as short text, so that a test can say in a few lines what a query has become. */
import type { Relation, SortKey, TypedExpression, TypedQuery, WindowCall } from '../../../src/sql/typed-tree.ts'
import { typeText } from '../../../src/sql/types.ts'

/** One node per line, inputs indented below; `output` last. */
export function treeText(query: TypedQuery): string {
  const output = query.output.map((field) => `${field.name}=${field.symbol}`).join(', ')
  return [...relationLines(query.relation), `output ${output}`].join('\n')
}

function relationLines(relation: Relation): string[] {
  switch (relation.kind) {
    case 'Scan': {
      const hint = relation.pruningHint === undefined ? '' : ` hint ${expressionText(relation.pruningHint)}`
      return [`scan ${relation.table} [${relation.fields.map((field) => field.symbol).join(', ')}]${hint}`]
    }
    case 'Values': {
      const rows = relation.rows.map((row) => `(${row.map(expressionText).join(', ')})`).join(', ')
      return [`values [${relation.fields.map((field) => field.symbol).join(', ')}] ${rows}`]
    }
    case 'Project': {
      const items = relation.items.map((item) => {
        const text = expressionText(item.expression)
        return text === item.field.symbol ? text : `${item.field.symbol} := ${text}`
      })
      return [`project ${items.join(', ')}`, ...below(relation.input)]
    }
    case 'Filter':
      return [`filter ${expressionText(relation.predicate)}`, ...below(relation.input)]
    case 'Aggregate': {
      const sets = relation.groupingSets.map((set) => `(${set.join(', ')})`).join(' ')
      const calls = relation.aggregates.map((call) => {
        const filter = call.filter === undefined ? '' : ` filter ${expressionText(call.filter)}`
        const order = call.orderBy.length === 0 ? '' : ` order ${call.orderBy.map(keyText).join(', ')}`
        const args = call.args.map(expressionText).join(', ')
        return `${call.symbol} := ${call.function.declaration.name}(${call.distinct ? 'distinct ' : ''}${args}${order})${filter}`
      })
      const id = relation.groupId === undefined ? '' : ` id ${relation.groupId}`
      return [`aggregate by ${sets}${id} ${calls.join(', ')}`.trimEnd(), ...below(relation.input)]
    }
    case 'Window':
      return [`window ${relation.calls.map(windowText).join(', ')}`, ...below(relation.input)]
    case 'Distinct':
      return ['distinct', ...below(relation.input)]
    case 'Join': {
      const on = relation.condition === undefined ? '' : ` on ${expressionText(relation.condition)}`
      const lateral = relation.lateral ? 'lateral ' : ''
      return [`${lateral}${relation.type.toLowerCase()} join${on}`, ...below(relation.left), ...below(relation.right)]
    }
    case 'Unnest': {
      const items = relation.expressions.map(
        (item) => `${item.outputs.map((field) => field.symbol).join(', ')} := ${expressionText(item.expression)}`,
      )
      const ordinality = relation.ordinality === undefined ? '' : `, ordinality ${relation.ordinality.symbol}`
      return [`unnest ${items.join('; ')}${ordinality}`]
    }
    case 'SetOperation':
      return [
        `${relation.operator.toLowerCase()}${relation.all ? ' all' : ''} [${relation.fields.map((field) => field.symbol).join(', ')}]`,
        ...relation.inputs.flatMap(below),
      ]
    case 'Sort':
      return [`sort ${relation.keys.map(keyText).join(', ')}`, ...below(relation.input)]
    case 'Limit': {
      const parts = [
        relation.count === undefined ? '' : ` ${relation.count}`,
        relation.offset === undefined ? '' : ` offset ${relation.offset}`,
      ]
      return [`limit${parts.join('')}`, ...below(relation.input)]
    }
    case 'LimitWithTies':
      return [`limit ${relation.count} with ties ${relation.keys.map(keyText).join(', ')}`, ...below(relation.input)]
    case 'Sample':
      return [`sample ${relation.method.toLowerCase()} ${relation.percentage}`, ...below(relation.input)]
    case 'With':
      return [
        ...relation.tables.flatMap((table) => [
          `with ${table.id} [${table.fields.map((field) => field.symbol).join(', ')}]`,
          ...below(table.relation),
          ...(table.recursive === undefined ? [] : ['  step', ...below(table.recursive.step).map(indented)]),
        ]),
        ...relationLines(relation.body),
      ]
    case 'WithReference':
      return [`read ${relation.id} [${relation.fields.map((field) => field.symbol).join(', ')}]`]
  }
}

function below(relation: Relation): string[] {
  return relationLines(relation).map(indented)
}

function indented(line: string): string {
  return `  ${line}`
}

function keyText(key: SortKey): string {
  return `${expressionText(key.expression)}${key.descending ? ' desc' : ''}${key.nullsFirst ? ' nulls first' : ''}`
}

function windowText(call: WindowCall): string {
  const parts = [
    call.partitionBy.length === 0 ? '' : `by ${call.partitionBy.map(expressionText).join(', ')}`,
    call.orderBy.length === 0 ? '' : `order ${call.orderBy.map(keyText).join(', ')}`,
    call.frame === undefined
      ? ''
      : `${call.frame.unit} ${[call.frame.start, call.frame.end]
          .map((bound) => `${bound.value === undefined ? '' : `${expressionText(bound.value)} `}${bound.type}`)
          .join(' to ')}`,
  ].filter((part) => part !== '')
  const args = call.args.map(expressionText).join(', ')
  const nulls = call.ignoreNulls ? ' ignore nulls' : ''
  return `${call.symbol} := ${call.function.declaration.name}(${args})${nulls} over (${parts.join(' ')})`
}

export function expressionText(node: TypedExpression): string {
  const list = (nodes: readonly TypedExpression[]) => nodes.map(expressionText).join(', ')
  switch (node.kind) {
    case 'Constant':
      return constantText(node)
    case 'Column':
      return node.symbol
    case 'LambdaParameter':
      return node.name
    case 'Lambda':
      return `(${node.parameters.map((parameter) => parameter.name).join(', ')}) -> ${expressionText(node.body)}`
    case 'Call': {
      const name = node.function.declaration.name
      const [left, right] = node.args
      if (name.startsWith('operator ') && left !== undefined && right !== undefined) {
        return `(${expressionText(left)} ${name.slice('operator '.length)} ${expressionText(right)})`
      }
      return `${name}(${list(node.args)})`
    }
    case 'Cast': {
      const how = node.implicit ? '' : node.isTry ? 'try ' : 'cast '
      return `${how}${expressionText(node.operand)}::${typeText(node.type)}`
    }
    case 'Comparison':
      return `(${expressionText(node.left)} ${node.operator} ${expressionText(node.right)})`
    case 'IsDistinctFrom':
      return `(${expressionText(node.left)} distinct from ${expressionText(node.right)})`
    case 'Between':
      return `(${expressionText(node.operand)} between ${expressionText(node.low)} and ${expressionText(node.high)})`
    case 'In':
      return `(${expressionText(node.operand)} in (${list(node.list)}))`
    case 'Like':
      return `(${expressionText(node.operand)} like ${expressionText(node.pattern)})`
    case 'Logical':
      return `(${node.terms.map(expressionText).join(` ${node.operator.toLowerCase()} `)})`
    case 'Not':
      return `not ${expressionText(node.operand)}`
    case 'IsNull':
      return `(${expressionText(node.operand)} is null)`
    case 'Case': {
      const branches = node.branches.map((branch) => `${expressionText(branch.when)}: ${expressionText(branch.then)}`)
      const otherwise = node.otherwise === undefined ? [] : [`else ${expressionText(node.otherwise)}`]
      return `case {${[...branches, ...otherwise].join('; ')}}`
    }
    case 'Coalesce':
      return `coalesce(${list(node.operands)})`
    case 'NullIf':
      return `nullif(${expressionText(node.first)}, ${expressionText(node.second)} as ${typeText(node.comparedAs)})`
    case 'Try':
      return `try(${expressionText(node.operand)})`
    case 'ArrayConstructor':
      return `[${list(node.items)}]`
    case 'RowConstructor':
      return `row(${list(node.items)})`
    case 'RowField':
      return `${expressionText(node.base)}.${node.index}`
    case 'Subscript':
      return `${expressionText(node.base)}[${expressionText(node.index)}]`
    case 'ScalarSubquery':
      return `scalar{${subqueryText(node.relation)}}`
    case 'Exists':
      return `exists{${subqueryText(node.relation)}}`
    case 'InSubquery':
      return `(${expressionText(node.operand)} in {${subqueryText(node.relation)}})`
    case 'Quantified':
      return `(${expressionText(node.operand)} ${node.operator} ${node.quantifier} {${subqueryText(node.relation)}})`
  }
}

function subqueryText(relation: Relation): string {
  return relationLines(relation)
    .map((line) => line.trim())
    .join(' < ')
}

function constantText({ type, value }: Extract<TypedExpression, { kind: 'Constant' }>): string {
  if (value === null) return `null::${typeText(type)}`
  if (typeof value === 'string') return `'${value}'`
  if (typeof value === 'object') {
    return JSON.stringify(value, (_key, part) => (typeof part === 'bigint' ? String(part) : part))
  }
  return type.kind === 'integer' || type.kind === 'boolean' ? String(value) : `${value}:${typeText(type)}`
}
