/** Expressions: one case per node of the typed tree. */
import type { ConstantValue, TypedExpression } from '../../../sql/typed-tree.ts'
import { fieldsOf, type Relation } from '../../../sql/typed-tree.ts'
import type { SqlType } from '../../../sql/types.ts'
import { EngineFailure } from '../../engine.ts'
import { scalarTranslations } from '../functions/scalar.ts'
import type { CallSite } from '../functions/translation.ts'
import { NARROW_DIGITS, rowFieldKeys, storageType } from '../representation.ts'
import { castText } from './cast.ts'
import { comparable, compare, distinct, field, isNested, isPlain, mapGet, mapHas } from './comparison.ts'
import { constant } from './constant.ts'
import { inValue, type PrintContext } from './context.ts'
import { folded } from './fold.ts'
import { likeText } from './like.ts'
import { columnsText, relationText } from './relation.ts'
import { letting, literal, quoted, raise, type SqlText } from './text.ts'

export function expression(given: TypedExpression, context: PrintContext): SqlText {
  const node = folded(given)
  if (node.kind === 'Logical') return logical(node, context)
  const within = inValue(context)
  const print = (part: TypedExpression) => expression(part, within)
  switch (node.kind) {
    case 'Constant':
      return constant(held(node.type, node.value, within), node.value)
    case 'Column':
      return quoted(node.symbol)
    case 'LambdaParameter':
      return within.parameters.get(node.name) ?? quoted(node.name)
    case 'Lambda':
      return ''
    case 'Call':
      return call(node, within)
    case 'Cast': {
      const purpose = node.mustFit ? 'assignment' : 'value'
      if (within.decimals === 'narrow' && isOnlyWider(node.operand.type, node.type)) return print(node.operand)
      const cast = castText(print(node.operand), node.operand.type, node.type, purpose)
      return node.isTry ? attempt(cast) : cast
    }
    case 'Comparison':
      return compare(node.operator, print(node.left), print(node.right), node.left.type, {
        left: isPlainNumber(node.left),
        right: isPlainNumber(node.right),
      })
    case 'IsDistinctFrom':
      return distinct(print(node.left), print(node.right), node.left.type)
    case 'Between': {
      const { type } = node.operand
      if (isPlain(type) && !isFloating(type) && !isNested(type)) {
        return `(${print(node.operand)} BETWEEN ${print(node.low)} AND ${print(node.high)})`
      }
      return letting(print(node.operand), (v) => {
        const operand = isPlainNumber(node.operand)
        const above = { left: operand, right: isPlainNumber(node.low) }
        const below = { left: operand, right: isPlainNumber(node.high) }
        return `(${compare('>=', v, print(node.low), type, above)} AND ${compare('<=', v, print(node.high), type, below)})`
      })
    }
    case 'In': {
      const { type } = node.operand
      if (isNested(type)) {
        return letting(
          print(node.operand),
          (v) => `(${node.list.map((item) => compare('=', v, print(item), type)).join(' OR ')})`,
        )
      }
      const items = node.list.map((item) => comparable(print(item), type)).join(', ')
      const plain = (v: SqlText) => `(${comparable(v, type)} IN (${items}))`
      return isFloating(type)
        ? letting(print(node.operand), (v) => `(${plain(v)} AND NOT isnan(${v}))`)
        : plain(print(node.operand))
    }
    case 'Like':
      return likeText(node, print)
    case 'Not':
      return `(NOT ${print(node.operand)})`
    case 'IsNull':
      return `(${print(node.operand)} IS NULL)`
    case 'Case': {
      const branches = node.branches.map((branch) => `WHEN ${print(branch.when)} THEN ${print(branch.then)}`)
      const otherwise = node.otherwise === undefined ? `CAST(NULL AS ${storageType(node.type)})` : print(node.otherwise)
      return `CASE ${branches.join(' ')} ELSE ${otherwise} END`
    }
    case 'Coalesce':
      return `coalesce(${node.operands.map(print).join(', ')})`
    case 'NullIf':
      return letting(print(node.first), (v) => {
        const first = castText(v, node.first.type, node.comparedAs)
        const second = castText(print(node.second), node.second.type, node.comparedAs)
        return `CASE WHEN ${compare('=', first, second, node.comparedAs)} THEN NULL ELSE ${v} END`
      })
    case 'Try':
      return attempt(print(node.operand))
    case 'ArrayConstructor':
      return node.items.length === 0 ? `CAST([] AS ${storageType(node.type)})` : `[${node.items.map(print).join(', ')}]`
    case 'RowConstructor': {
      const keys = node.type.kind === 'row' ? rowFieldKeys(node.type.fields) : []
      return `struct_pack(${node.items.map((item, index) => `${quoted(keys[index] ?? '')} := ${print(item)}`).join(', ')})`
    }
    case 'RowField': {
      const keys = node.base.type.kind === 'row' ? rowFieldKeys(node.base.type.fields) : []
      return field(print(node.base), keys[node.index] ?? '')
    }
    case 'Subscript':
      return subscript(node, print)
    case 'ScalarSubquery':
      return `(${onlyColumn(node.relation, within)})`
    case 'Exists':
      return `EXISTS (${relationText(node.relation, within)})`
    case 'InSubquery':
      if (node.operand.type.kind === 'row') return rowIn(node, context)
      return `(${comparable(print(node.operand), node.operand.type)} IN (${comparableColumn(node.relation, within)}))`
    case 'Quantified': {
      if (node.operand.type.kind === 'row') return quantifiedRow(node, within)
      const operand = comparable(print(node.operand), node.operand.type)
      return `(${operand} ${node.operator} ${node.quantifier} (${comparableColumn(node.relation, within)}))`
    }
  }
}

function attempt(text: SqlText): SqlText {
  return `TRY(${text})`
}

function isFloating(type: SqlType): boolean {
  return type.kind === 'double' || type.kind === 'real'
}

/** Narrow decimals are as wide as their digits need. */
function held(type: SqlType, value: ConstantValue, context: PrintContext): SqlType {
  if (context.decimals === 'wide' || type.kind !== 'decimal' || typeof value !== 'bigint') return type
  const isNarrow = type.scale < NARROW_DIGITS && BigInt.asIntN(NARROW_BITS, value) === value
  return isNarrow && type.precision > NARROW_DIGITS ? { ...type, precision: NARROW_DIGITS } : type
}

/** Whatever fits in these bits has no more than NARROW_DIGITS. */
const NARROW_BITS = 59

/** Where DuckDB's text of both is the same: without digits before the point it would write no zero there. */
function isOnlyWider(from: SqlType, to: SqlType): boolean {
  if (from.kind !== 'decimal' || to.kind !== 'decimal' || from.scale !== to.scale) return false
  return from.scale < from.precision && from.precision <= to.precision
}

/** Never NaN. */
function isPlainNumber(given: TypedExpression): boolean {
  const node = folded(given)
  if (node.kind === 'Constant') return typeof node.value === 'number' && !Number.isNaN(node.value)
  return node.kind === 'Cast' && EXACT_NUMBERS.has(node.operand.type.kind)
}

const EXACT_NUMBERS: ReadonlySet<string> = new Set(['tinyint', 'smallint', 'integer', 'bigint', 'decimal'])

/**
 * AND and OR. DuckDB computes both sides of them except directly under WHERE; the language stops at the first term that
 * decides. The difference shows only when a later term can fail, so then the terms are nested in CASE.
 */
function logical(node: TypedExpression & { kind: 'Logical' }, context: PrintContext): SqlText {
  const inner = node.operator === 'AND' ? context : inValue(context)
  const terms = node.terms.map((term) => expression(term, inner))
  const fragile = !context.stopsEarly && node.terms.slice(1).some(mayFail)
  if (!fragile) return `(${terms.join(` ${node.operator} `)})`
  const decided = node.operator === 'AND' ? 'false' : 'true'
  return inTurn(terms, (first, rest) =>
    letting(
      first,
      (v) => `CASE WHEN ${v} IS NOT DISTINCT FROM ${decided} THEN ${decided} ELSE (${v} ${node.operator} ${rest}) END`,
    ),
  )
}

/** Halves of halves: as deep as a tree has to be, where a list nested from its end would be as deep as it is long. */
function inTurn(terms: readonly SqlText[], join: (first: SqlText, rest: SqlText) => SqlText): SqlText {
  const [only = ''] = terms
  if (terms.length <= 1) return only
  const middle = terms.length >> 1
  return join(inTurn(terms.slice(0, middle), join), inTurn(terms.slice(middle), join))
}

function mayFail(given: TypedExpression): boolean {
  const node = folded(given)
  switch (node.kind) {
    case 'Constant':
    case 'Column':
    case 'LambdaParameter':
      return false
    case 'Comparison':
    case 'IsDistinctFrom':
      return mayFail(node.left) || mayFail(node.right)
    case 'Logical':
      return node.terms.some(mayFail)
    case 'Not':
    case 'IsNull':
      return mayFail(node.operand)
    case 'Between':
      return mayFail(node.operand) || mayFail(node.low) || mayFail(node.high)
    case 'In':
      return mayFail(node.operand) || node.list.some(mayFail)
    case 'RowField':
      return mayFail(node.base)
    case 'Like':
      return mayFail(node.operand) || folded(node.pattern).kind !== 'Constant' || node.escape !== undefined
    case 'Coalesce':
      return node.operands.some(mayFail)
    case 'Cast':
      return !node.implicit || mayFail(node.operand)
    case 'Call':
      return !NEVER_FAIL.has(node.function.declaration.name) || node.args.some(mayFail)
    default:
      return true
  }
}

/** The functions seen most in conditions that have an answer for every value. */
const NEVER_FAIL: ReadonlySet<string> = new Set([
  'lower',
  'upper',
  'trim',
  'ltrim',
  'rtrim',
  'length',
  'reverse',
  'strpos',
  'starts_with',
  'operator ||',
  'is_nan',
  'year',
  'month',
  'day',
  'hour',
])

function call(node: TypedExpression & { kind: 'Call' }, context: PrintContext): SqlText {
  const { name } = node.function.declaration
  const translation = scalarTranslations[name]
  if (translation === undefined) {
    throw new EngineFailure('NOT_SUPPORTED', `function ${name} is not supported`)
  }
  return translation(callSite(name, node.args, node.function.argumentTypes, node.type, context))
}

export function callSite(
  name: string,
  nodes: readonly TypedExpression[],
  types: readonly SqlType[],
  result: SqlType,
  context: PrintContext,
): CallSite {
  const depth = context.lambdaDepth
  return {
    name,
    nodes,
    types,
    result,
    session: context.session,
    decimals: context.decimals,
    args: nodes.map((argument) => expression(argument, context)),
    parameters: [`a${depth}`, `b${depth}`, `c${depth}`],
    lambda: (index, ...values) => {
      const lambda = nodes[index]
      if (lambda?.kind !== 'Lambda') throw new EngineFailure('NOT_SUPPORTED', `${name} needs a lambda expression here`)
      const parameters = new Map(context.parameters)
      for (const [at, parameter] of lambda.parameters.entries()) parameters.set(parameter.name, values[at] ?? 'NULL')
      const body = expression(lambda.body, { ...context, parameters, lambdaDepth: depth + 1 })
      if (body.includes('SELECT ')) {
        throw new EngineFailure('NOT_SUPPORTED', 'Subqueries inside lambda expressions are not supported')
      }
      return body
    },
  }
}

function subscript(node: TypedExpression & { kind: 'Subscript' }, print: (part: TypedExpression) => SqlText): SqlText {
  const type = storageType(node.type)
  const baseType = node.base.type
  return letting(print(node.base), (base) =>
    letting(print(node.index), (index) => {
      const unknown = `WHEN ${base} IS NULL OR ${index} IS NULL THEN NULL`
      if (baseType.kind === 'map') {
        const key = castText(index, baseType.key, { kind: 'varchar', length: undefined }, 'display')
        const missing = raise('INVALID_FUNCTION_ARGUMENT', `'Key not present in map: ' || ${key}`, type)
        return `CASE WHEN ${mapHas(base, index, baseType.key)} THEN ${mapGet(base, index, baseType.key)} ${unknown} ELSE ${missing} END`
      }
      const complaint = `CASE WHEN ${index} = 0 THEN 'SQL array indices start at 1' WHEN ${index} < 0 THEN ${literal('Array subscript is negative: ')} || ${index} ELSE ${literal('Array subscript must be less than or equal to array length: ')} || ${index} || ' > ' || len(${base}) END`
      return `CASE WHEN ${index} BETWEEN 1 AND len(${base}) THEN ${base}[${index}] ${unknown} ELSE ${raise('INVALID_FUNCTION_ARGUMENT', complaint, type)} END`
    }),
  )
}

function onlyColumn(relation: Relation, context: PrintContext): SqlText {
  return columnsText(relation, fieldsOf(relation).slice(0, 1), context)
}

/**
 * A row against every row of a subquery. DuckDB would take unknown fields for values, so the comparisons are counted:
 * ALL is false when one is false, ANY true when one is true, and otherwise an unknown one leaves both unknown.
 */
function quantifiedRow(node: TypedExpression & { kind: 'Quantified' }, context: PrintContext): SqlText {
  const compared = compare(node.operator, '"sought"', '"each"', node.operand.type)
  const [decisive, otherwise] = node.quantifier === 'ALL' ? ['false', 'true'] : ['true', 'false']
  const outcome = `CASE WHEN count(*) FILTER (WHERE "compared" IS ${decisive}) > 0 THEN ${decisive} WHEN count(*) <> count("compared") THEN NULL ELSE ${otherwise} END`
  const pairs = pairsText(expression(node.operand, context), node.relation, context)
  return `(SELECT ${outcome} FROM (SELECT ${compared} AS "compared" FROM (${pairs})))`
}

/** The operand beside every row of the subquery. As columns, because DuckDB's lambdas cannot reach out of a subquery. */
function pairsText(operand: SqlText, relation: Relation, context: PrintContext): SqlText {
  const [column] = fieldsOf(relation)
  return `SELECT ${operand} AS "sought", ${quoted(column?.symbol ?? '')} AS "each" FROM (${onlyColumn(relation, context)})`
}

/**
 * A row among the rows of a subquery. DuckDB looks it up in a hash table and takes unknown fields for values, so rows
 * with unknown fields are kept from being found, and in places where unknown differs from false those of the subquery
 * are compared one by one. Known gap there: a row with unknown fields among whole ones is false.
 */
function rowIn(node: TypedExpression & { kind: 'InSubquery' }, context: PrintContext): SqlText {
  const within = inValue(context)
  const { operand, relation } = node
  const { type } = operand
  const value = expression(operand, within)
  const isKnown =
    operand.kind === 'RowConstructor'
      ? operand.items.map((item) => `${expression(item, within)} IS NOT NULL`).join(' AND ')
      : `${compare('=', value, value, type)} IS NOT NULL`
  const found = `(${isKnown} AND ${comparable(value, type)} IN (${comparableColumn(relation, within)}))`
  if (context.stopsEarly) return found
  const unknown = `${compare('=', '"each"', '"each"', type)} IS NULL AND ${compare('=', '"sought"', '"each"', type)} IS NULL`
  const isUnknown = `EXISTS (SELECT 1 FROM (${pairsText(value, relation, within)}) WHERE ${unknown})`
  return `CASE WHEN ${found} THEN true WHEN ${isUnknown} THEN NULL ELSE false END`
}

function comparableColumn(relation: Relation, context: PrintContext): SqlText {
  const [column] = fieldsOf(relation)
  const text = onlyColumn(relation, context)
  if (column === undefined || isPlain(column.type)) return text
  return `SELECT ${comparable(quoted(column.symbol), column.type)} FROM (${text})`
}
