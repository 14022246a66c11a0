/**
 * Relations as nested SELECTs. A `Block` is one SELECT under construction; an operator joins the block below it when
 * SQL's order of clauses allows, otherwise the block becomes a subquery in FROM. So a filtered, sorted and limited scan
 * is one simple statement that DuckDB's optimiser sees through.
 */

import { type Field, fieldsOf, type Relation, type SortKey, type TypedExpression } from '../../../sql/typed-tree.ts'
import { EngineFailure } from '../../engine.ts'
import { aggregateCall, windowCall } from './calls.ts'
import { comparable, isPlain } from './comparison.ts'
import { nullOf } from './constant.ts'
import { inValue, type PrintContext } from './context.ts'
import { expression } from './expression.ts'
import { printRecursion } from './recursion.ts'
import { parameterFor, quoted, type SqlText } from './text.ts'
import { printUnnest, printUnnestJoin } from './unnest.ts'

export interface Block {
  readonly with?: SqlText
  /** Absent: everything FROM gives. */
  readonly select?: readonly SqlText[]
  readonly distinct?: SqlText
  readonly from?: SqlText
  readonly where?: readonly SqlText[]
  readonly groupBy?: SqlText
  readonly orderBy?: readonly SqlText[]
  readonly limit?: SqlText
}

/** A block as a complete SELECT. */
export function blockText(block: Block): SqlText {
  const parts: SqlText[] = []
  if (block.with !== undefined) parts.push(block.with)
  const nothing = block.from === undefined ? '1 AS "_"' : '*'
  const items = block.select === undefined || block.select.length === 0 ? nothing : block.select.join(', ')
  parts.push(`SELECT ${block.distinct ?? ''}${block.select?.length === 0 ? '1 AS "_"' : items}`)
  if (block.from !== undefined) parts.push(`FROM ${block.from}`)
  if (block.where?.length) parts.push(`WHERE ${block.where.join(' AND ')}`)
  if (block.groupBy !== undefined) parts.push(`GROUP BY ${block.groupBy}`)
  if (block.orderBy?.length) parts.push(`ORDER BY ${block.orderBy.join(', ')}`)
  if (block.limit !== undefined) parts.push(block.limit)
  return parts.join(' ')
}

export function relationText(relation: Relation, context: PrintContext): SqlText {
  return blockText(printRelation(relation, context))
}

/** A relation with exactly these columns in this order, under their symbols. */
export function columnsText(relation: Relation, fields: readonly Field[], context: PrintContext): SqlText {
  return blockText(select(printRelation(relation, context), fields.map(columnItem)))
}

export function columnItem(field: Field): SqlText {
  return quoted(field.symbol)
}

function wrapped(block: Block): Block {
  const onlyFrom = block.from !== undefined && isBareFrom(block)
  return onlyFrom ? block : { from: `(${blockText(block)})` }
}

function isBareFrom(block: Block): boolean {
  const { from, ...rest } = block
  return from !== undefined && Object.values(rest).every((part) => part === undefined)
}

/**
 * Sets the SELECT list, in this block if it has none yet. What is computed stays above ORDER BY and LIMIT, so that it
 * is computed only for rows that survive them.
 */
export function select(block: Block, items: readonly SqlText[]): Block {
  const selected = block.select !== undefined || block.groupBy !== undefined || block.distinct !== undefined
  const late = (block.orderBy !== undefined || block.limit !== undefined) && !items.every(isColumn)
  return selected || late ? { from: `(${blockText(block)})`, select: items } : { ...block, select: items }
}

function isColumn(item: SqlText): boolean {
  return /^"(?:[^"]|"")*"(?: AS "(?:[^"]|"")*")?$/.test(item)
}

/** A block that WHERE, GROUP BY or window functions can still be added to. */
function open(block: Block): Block {
  const closed =
    block.select !== undefined ||
    block.groupBy !== undefined ||
    block.orderBy !== undefined ||
    block.limit !== undefined ||
    block.distinct !== undefined
  return closed ? wrapped(block) : block
}

function fromItem(block: Block): SqlText {
  return isBareFrom(block) ? (block.from ?? '') : `(${blockText(block)})`
}

export function printRelation(relation: Relation, context: PrintContext): Block {
  const value = inValue(context)
  switch (relation.kind) {
    case 'Scan':
      return { from: `(${context.scans(relation.scanId)})` }
    case 'Values':
      return printValues(relation, value)
    case 'Project':
      return select(
        printRelation(relation.input, value),
        relation.items.map((item) => projected(item, value)),
      )
    case 'Filter': {
      const block = open(printRelation(relation.input, value))
      const predicate = expression(relation.predicate, { ...value, stopsEarly: true })
      return { ...block, where: [...(block.where ?? []), predicate] }
    }
    case 'Aggregate':
      return printAggregate(relation, value)
    case 'Window': {
      const block = open(printRelation(relation.input, value))
      const calls = relation.calls.map((call) => `${windowCall(call, value)} AS ${quoted(call.symbol)}`)
      return { ...block, select: block.from === undefined ? calls : ['*', ...calls] }
    }
    case 'Distinct':
      return printDistinct(relation, value)
    case 'Join':
      return { from: printJoin(relation, value) }
    case 'Unnest':
      return { from: `(${printUnnest(relation, value)})` }
    case 'SetOperation':
      return printSetOperation(relation, value)
    case 'Sort': {
      const block = printRelation(relation.input, value)
      const base =
        block.orderBy || block.limit || block.select || block.groupBy || block.distinct ? wrapped(block) : block
      return { ...base, orderBy: relation.keys.map((key) => sortKey(key, value)) }
    }
    case 'Limit': {
      const block = printRelation(relation.input, value)
      const base = block.limit === undefined ? block : wrapped(block)
      return { ...base, limit: limitText(relation.count, relation.offset) }
    }
    case 'LimitWithTies': {
      const order = relation.keys.map((key) => sortKey(key, value)).join(', ')
      const block = open(printRelation(relation.input, value))
      const ranked = blockText({ ...block, select: ['*', `rank() OVER (ORDER BY ${order}) AS "rank of ties"`] })
      return {
        from: `(${ranked})`,
        select: fieldsOf(relation.input).map(columnItem),
        where: [`"rank of ties" <= ${relation.count}`],
        orderBy: ['"rank of ties"'],
      }
    }
    case 'Sample': {
      const block = wrapped(printRelation(relation.input, value))
      return { ...block, where: [`random() < ${relation.percentage / 100}`] }
    }
    case 'With':
      return printWith(relation, value)
    case 'WithReference':
      return {
        from: `(SELECT ${relation.fields.map((field, index) => `c${index} AS ${quoted(field.symbol)}`).join(', ') || '1 AS "_"'} FROM ${quoted(context.tableNames.get(relation.id) ?? relation.id)})`,
      }
  }
}

function printDistinct(relation: Relation & { kind: 'Distinct' }, context: PrintContext): Block {
  const block = printRelation(relation.input, context)
  const fields = fieldsOf(relation.input)
  if (!fields.every((field) => isPlain(field.type))) {
    const keys = fields.map((field) => comparable(quoted(field.symbol), field.type))
    return {
      from: `(${blockText(block)})`,
      select: fields.map(columnItem),
      distinct: `DISTINCT ON (${keys.join(', ')}) `,
    }
  }
  const final = block.select !== undefined && !block.orderBy && !block.limit && !block.distinct
  return final
    ? { ...block, distinct: 'DISTINCT ' }
    : { from: `(${blockText(block)})`, select: fields.map(columnItem), distinct: 'DISTINCT ' }
}

function projected(
  item: { readonly field: Field; readonly expression: TypedExpression },
  context: PrintContext,
): SqlText {
  const text = expression(item.expression, context)
  const name = quoted(item.field.symbol)
  return text === name ? name : `${text} AS ${name}`
}

export function sortKey(key: SortKey, context: PrintContext): SqlText {
  const text = comparable(expression(key.expression, context), key.expression.type)
  // A bare number would be taken for the position of a column.
  const safe = key.expression.kind === 'Constant' ? `(SELECT ${text})` : text
  return `${safe} ${key.descending ? 'DESC' : 'ASC'} NULLS ${key.nullsFirst ? 'FIRST' : 'LAST'}`
}

function limitText(count: bigint | undefined, offset: bigint | undefined): SqlText {
  const parts = []
  if (count !== undefined) parts.push(`LIMIT ${count}`)
  if (offset !== undefined && offset > 0n) parts.push(`OFFSET ${offset}`)
  return parts.join(' ') || 'LIMIT ALL'
}

function printValues(relation: Relation & { kind: 'Values' }, context: PrintContext): Block {
  const { fields, rows } = relation
  if (fields.length === 0) {
    return rows.length === 1 ? {} : { from: `range(${rows.length})`, select: ['1 AS "_"'] }
  }
  if (rows.length === 0) {
    return { select: fields.map((field) => `${nullOf(field.type)} AS ${quoted(field.symbol)}`), where: ['false'] }
  }
  const lists = rows.map((row) => `(${row.map((item) => expression(item, context)).join(', ')})`)
  return { from: `(VALUES ${lists.join(', ')}) AS "values"(${fields.map(columnItem).join(', ')})` }
}

function printAggregate(relation: Relation & { kind: 'Aggregate' }, context: PrintContext): Block {
  const { keys, groupingSets, groupId, aggregates } = relation
  const block = open(printRelation(relation.input, context))
  const groupingOf = new Map(keys.map((key) => [key.symbol, comparable(quoted(key.symbol), key.type)] as const))
  const calls = aggregates.map((call) => `${aggregateCall(call, context)} AS ${quoted(call.symbol)}`)
  const grouping = (symbol: string) => groupingOf.get(symbol) ?? quoted(symbol)
  const simple = groupingSets.length === 1 && groupId === undefined

  const keyItem = (key: Field) => {
    const name = quoted(key.symbol)
    if (isPlain(key.type)) return name
    const first = `first(${name})`
    return simple
      ? `${first} AS ${name}`
      : `CASE WHEN grouping(${grouping(key.symbol)}) = 0 THEN ${first} END AS ${name}`
  }

  if (simple) {
    const [set = []] = groupingSets
    const items = [...keys.filter((key) => set.includes(key.symbol)).map(keyItem), ...calls]
    const missing = keys
      .filter((key) => !set.includes(key.symbol))
      .map((key) => `${nullOf(key.type)} AS ${quoted(key.symbol)}`)
    const grouped = set.length === 0 ? undefined : set.map(grouping).join(', ')
    return {
      ...block,
      select: [...items, ...missing],
      ...(grouped === undefined ? {} : { groupBy: grouped }),
      ...(items.length === 0 ? { limit: 'LIMIT 1' } : {}),
    }
  }

  const setText = (set: readonly string[]) => `(${set.map(grouping).join(', ')})`
  const used = new Set(groupingSets.flat())
  const usedKeys = keys.filter((key) => used.has(key.symbol))
  const unused = keys
    .filter((key) => !used.has(key.symbol))
    .map((key) => `${nullOf(key.type)} AS ${quoted(key.symbol)}`)
  const masks = groupingSets.map((set) => maskOf(usedKeys, set))
  if (new Set(masks).size === masks.length) {
    const mask = usedKeys.length === 0 ? '0' : `grouping(${usedKeys.map((key) => grouping(key.symbol)).join(', ')})`
    const id =
      groupId === undefined
        ? []
        : [
            `CASE ${mask} ${masks.map((value, index) => `WHEN ${value} THEN ${index}::BIGINT`).join(' ')} END AS ${quoted(groupId)}`,
          ]
    return {
      ...block,
      select: [...usedKeys.map(keyItem), ...unused, ...calls, ...id],
      groupBy: `GROUPING SETS (${groupingSets.map(setText).join(', ')})`,
    }
  }
  return repeatedSets(relation, block, { keyItem, calls, grouping })
}

/** A set named twice gives its groups twice: DuckDB cannot tell the two apart, so each set is aggregated by itself. */
function repeatedSets(
  relation: Relation & { kind: 'Aggregate' },
  block: Block,
  parts: {
    readonly keyItem: (key: Field) => SqlText
    readonly calls: readonly SqlText[]
    readonly grouping: (symbol: string) => SqlText
  },
): Block {
  const branches = relation.groupingSets.map((set, index) => {
    const keyItems = relation.keys.map((key) =>
      set.includes(key.symbol)
        ? isPlain(key.type)
          ? quoted(key.symbol)
          : `first(${quoted(key.symbol)}) AS ${quoted(key.symbol)}`
        : `${nullOf(key.type)} AS ${quoted(key.symbol)}`,
    )
    const id = relation.groupId === undefined ? [] : [`${index}::BIGINT AS ${quoted(relation.groupId)}`]
    return blockText({
      from: '"grouped input"',
      select: [...keyItems, ...parts.calls, ...id],
      ...(set.length === 0 ? {} : { groupBy: set.map(parts.grouping).join(', ') }),
    })
  })
  return {
    from: `(WITH "grouped input" AS MATERIALIZED (${blockText(block)}) ${branches.join(' UNION ALL ')})`,
  }
}

/** DuckDB's grouping(): one bit a key, the last key lowest, set when the key is not part of the set. */
function maskOf(keys: readonly Field[], set: readonly string[]): number {
  return keys.reduce((mask, key) => mask * 2 + (set.includes(key.symbol) ? 0 : 1), 0)
}

function printJoin(relation: Relation & { kind: 'Join' }, context: PrintContext): SqlText {
  const left = fromItem(printRelation(relation.left, context))
  const unnested = unnestJoin(relation, left, context)
  if (unnested !== undefined) return unnested
  const right = fromItem(printRelation(relation.right, context))
  if (relation.lateral && right.startsWith('(')) {
    return `${left} ${joinWords(relation)} LATERAL ${right}${onText(relation, context)}`
  }
  const outer = relation.type === 'LEFT' || relation.type === 'RIGHT' || relation.type === 'FULL'
  if (outer && relation.condition !== undefined && hasSubquery(relation.condition)) {
    return joinOnSubqueries(relation, relation.condition, left, right, context)
  }
  const rightItem = relation.right.kind === 'Join' ? `(${right})` : right
  return `${left} ${joinWords(relation)} ${rightItem}${onText(relation, context)}`
}

function isUnconditional({ type, condition }: Relation & { kind: 'Join' }): boolean {
  return type === 'CROSS' || (type === 'INNER' && condition === undefined)
}

function joinWords(relation: Relation & { kind: 'Join' }): SqlText {
  return isUnconditional(relation) ? 'CROSS JOIN' : `${relation.type} JOIN`
}

function onText(relation: Relation & { kind: 'Join' }, context: PrintContext): SqlText {
  if (isUnconditional(relation)) return ''
  if (relation.condition === undefined) return ' ON true'
  // Terms are taken apart, as everywhere: equalities find the rows, terms over one side go below the join.
  return ` ON ${expression(relation.condition, { ...context, stopsEarly: true })}`
}

/**
 * DuckDB takes no subquery in the condition of an outer join. Each term that has one and looks at one side only becomes
 * a column of that side.
 */
function joinOnSubqueries(
  relation: Relation & { kind: 'Join' },
  condition: TypedExpression,
  left: SqlText,
  right: SqlText,
  context: PrintContext,
): SqlText {
  const terms = condition.kind === 'Logical' && condition.operator === 'AND' ? condition.terms : [condition]
  const sides = { left: [] as SqlText[], right: [] as SqlText[] }
  const leftSymbols = new Set(fieldsOf(relation.left).map((field) => field.symbol))
  const rightSymbols = new Set(fieldsOf(relation.right).map((field) => field.symbol))
  const printed = terms.map((term) => {
    const text = expression(term, context)
    if (!hasSubquery(term)) return text
    const used = columnsIn(term)
    const onLeft = [...used].some((symbol) => leftSymbols.has(symbol))
    const onRight = [...used].some((symbol) => rightSymbols.has(symbol))
    if (onLeft && onRight) {
      throw new EngineFailure('NOT_SUPPORTED', 'A subquery over both sides of an outer join is not supported')
    }
    const name = quoted(parameterFor(text))
    sides[onLeft ? 'left' : 'right'].push(`${text} AS ${name}`)
    return name
  })
  const withTerms = (side: SqlText, columns: readonly SqlText[]) =>
    columns.length === 0 ? side : `(SELECT *, ${columns.join(', ')} FROM ${side})`
  return `${withTerms(left, sides.left)} ${relation.type} JOIN ${withTerms(right, sides.right)} ON ${printed.join(' AND ')}`
}

const SUBQUERIES: readonly string[] = ['ScalarSubquery', 'Exists', 'InSubquery', 'Quantified']

function hasSubquery(node: TypedExpression): boolean {
  let found = false
  visit(node, (each) => {
    found ||= SUBQUERIES.includes(each.kind)
  })
  return found
}

function columnsIn(node: TypedExpression): ReadonlySet<string> {
  const symbols = new Set<string>()
  visit(node, (each) => {
    if (each.kind === 'Column' && typeof each.symbol === 'string') symbols.add(each.symbol)
  })
  return symbols
}

/** Every node below, those of subqueries too; declarations of functions hold none. */
function visit(node: unknown, see: (each: { readonly kind: string; readonly symbol?: unknown }) => void): void {
  if (typeof node !== 'object' || node === null || 'signatures' in node || node instanceof Uint8Array) return
  if ('kind' in node && typeof node.kind === 'string') see({ ...node, kind: node.kind })
  for (const part of Object.values(node)) visit(part, see)
}

function unnestJoin(relation: Relation & { kind: 'Join' }, left: SqlText, context: PrintContext): SqlText | undefined {
  const { type, condition, right } = relation
  if (right.kind !== 'Unnest') return undefined
  const isPlain = condition === undefined || (condition.kind === 'Constant' && condition.value === true)
  if (!isPlain || (type !== 'CROSS' && type !== 'INNER' && type !== 'LEFT')) return undefined
  return printUnnestJoin(relation.left, left, right, type === 'LEFT', context)
}

function printSetOperation(relation: Relation & { kind: 'SetOperation' }, context: PrintContext): Block {
  const plain = relation.fields.every((field) => isPlain(field.type))
  const branches = relation.inputs.map((input) => {
    const items = fieldsOf(input).map((field, index) => {
      const output = relation.fields[index]
      return output === undefined ? quoted(field.symbol) : `${quoted(field.symbol)} AS ${quoted(output.symbol)}`
    })
    const block = printRelation(input, context)
    return `(${blockText({ from: `(${blockText(block)})`, select: items })})`
  })
  if (!plain && relation.operator !== 'UNION') return printDifference(relation, branches)
  const all = relation.all || !plain
  const joined = branches.join(` ${relation.operator}${all ? ' ALL' : ''} `)
  const block: Block = { from: `(${joined})` }
  if (relation.all || plain) return block
  const keys = relation.fields.map((field) => comparable(quoted(field.symbol), field.type))
  return { ...block, select: relation.fields.map(columnItem), distinct: `DISTINCT ON (${keys.join(', ')}) ` }
}

/**
 * EXCEPT and INTERSECT over types whose equality is not DuckDB's: rows are told by what they are compared by, and with
 * ALL by their number among the equal ones.
 */
function printDifference(relation: Relation & { kind: 'SetOperation' }, branches: readonly SqlText[]): Block {
  const { fields, operator, all } = relation
  const columns = fields.map((field) => quoted(field.symbol))
  const key = `struct_pack(${fields.map((field, index) => `k${index} := ${comparable(quoted(field.symbol), field.type)}`).join(', ')})`
  const keyed = (rows: SqlText) => {
    const number = all ? `, row_number() OVER (PARTITION BY ${key}) AS set_number` : ''
    return `(SELECT ${columns.join(', ')}, ${key} AS set_key${number} FROM ${rows})`
  }
  const once = all ? '' : 'DISTINCT ON (set_key) '
  const same = `r.set_key IS NOT DISTINCT FROM l.set_key${all ? ' AND r.set_number = l.set_number' : ''}`
  const join = operator === 'EXCEPT' ? 'ANTI' : 'SEMI'
  const from = branches.reduce(
    (left, right) =>
      `(SELECT ${once}${columns.join(', ')} FROM ${keyed(left)} AS l ${join} JOIN ${keyed(right)} AS r ON ${same})`,
  )
  return { from }
}

function printWith(relation: Relation & { kind: 'With' }, context: PrintContext): Block {
  const tables = relation.tables.flatMap((table) =>
    table.recursive === undefined
      ? [`${quoted(table.id)} AS (${numbered(table.relation, context)})`]
      : printRecursion(table, table.recursive, context),
  )
  const body = relationText(relation.body, context)
  return { from: `(WITH ${tables.join(', ')} ${body})` }
}

/** The relation's columns in order, named c0, c1, …: what a WithReference reads. */
export function numbered(relation: Relation, context: PrintContext): SqlText {
  const items = fieldsOf(relation).map((field, index) => `${quoted(field.symbol)} AS c${index}`)
  return blockText({ from: `(${relationText(relation, context)})`, select: items })
}
