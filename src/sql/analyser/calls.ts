/**
 * Function calls: special forms by name, scalar functions in place, aggregates and windows handed to the collector of
 * the query they belong to, leaving a column behind.
 */
import { commonSuperType } from '../coercion.ts'
import { isAthenaFunction } from '../functions/athena-names.ts'
import type { FunctionDeclaration, ResolvedFunction } from '../functions/declare.ts'
import { functionsNamed } from '../functions/registry.ts'
import { type CallArgument, expectedText, type LambdaArgument, resolveCall } from '../functions/resolve.ts'
import type { Expression, FunctionCall, Position, SortItem } from '../tree.ts'
import type { AggregateCall, SortKey, TypedExpression, WindowCall } from '../typed-tree.ts'
import { boolean, integer, type SqlType, typeText } from '../types.ts'
import { coerced, refuse } from './analysis.ts'
import { coalesceOf, ifOf, nullIfOf } from './conditionals.ts'
import type { CallCollector, ExpressionContext } from './context.ts'
import { refusingCalls } from './context.ts'
import { expressionText } from './expression-text.ts'
import { analyseAs, analyseIn } from './expressions.ts'
import { sortKey } from './sorting.ts'
import { windowOf } from './windows.ts'

type NodeOf<K extends Expression['kind']> = Extract<Expression, { readonly kind: K }>
type LambdaNode = NodeOf<'Lambda'>
type TypedLambda = Extract<TypedExpression, { readonly kind: 'Lambda' }>
type SpecialForm = (args: readonly Expression[], at: Position, context: ExpressionContext) => TypedExpression

const SPECIAL_FORMS: Readonly<Record<string, SpecialForm>> = {
  if: ifOf,
  coalesce: coalesceOf,
  nullif: nullIfOf,
  try: (args, at, context) => {
    const [argument] = args
    if (argument === undefined || args.length > 1) {
      return refuse('SYNTAX_ERROR', at, "The 'try' function must have exactly one argument")
    }
    const operand = analyseIn(argument, context)
    return { kind: 'Try', type: operand.type, operand }
  },
}

export function callOf(node: FunctionCall, context: ExpressionContext): TypedExpression {
  const name = node.name.parts.map((part) => part.value.toLowerCase()).join('.')
  const special = Object.hasOwn(SPECIAL_FORMS, name) ? SPECIAL_FORMS[name] : undefined
  if (special !== undefined) return special(node.args, node.at, context)
  if (node.processingMode !== undefined) refuse('NOT_SUPPORTED', node.at, 'Row pattern recognition is not supported')

  const declarations = functionsNamed(name)
  const kind = declarations[0]?.kind ?? 'scalar'
  const inner = argumentContext(kind, name, node, context)
  const args = node.args.map((argument) => callArgument(argument, inner))
  if (name === 'listagg') refuseUnlistable(node, args[0])
  const resolved = resolve(name, declarations, args.map(resolvable), node.at)
  if (resolved.declaration.volatile) context.analysis.foundVolatile()
  const typed = args.map((argument, index) => settled(argument, resolved.argumentTypes[index]))

  if (node.over !== undefined) return windowCall(node, name, resolved, typed, inner, context)
  if (kind === 'aggregate') return aggregateCall(node, name, resolved, typed, inner, context)
  if (kind === 'window')
    return refuse('MISSING_OVER', node.at, `Window function system.builtin.${name} requires an OVER clause`)
  refuseAggregateClauses(node)
  return { kind: 'Call', type: resolved.resultType, function: resolved, args: typed, at: node.at }
}

/** A call whose operands are typed already. */
export function invoke(
  name: string,
  operands: readonly TypedExpression[],
  at: Position,
  context: ExpressionContext,
): TypedExpression {
  const types = operands.map((operand) => operand.type)
  const resolved = resolve(name, functionsNamed(name), types, at)
  if (resolved.declaration.volatile) context.analysis.foundVolatile()
  const args = operands.map((operand, index) => coerced(operand, resolved.argumentTypes[index] ?? operand.type))
  return { kind: 'Call', type: resolved.resultType, function: resolved, args, at }
}

function resolve(
  name: string,
  declarations: readonly FunctionDeclaration[],
  args: readonly CallArgument[],
  at: Position,
): ResolvedFunction {
  if (declarations.length === 0) {
    if (isAthenaFunction(name)) return refuse('NOT_SUPPORTED', at, `Function '${name}' is not supported by this lake`)
    return refuse('FUNCTION_NOT_FOUND', at, `Function '${name}' not registered`)
  }
  const resolution = resolveCall(declarations, args)
  if (resolution.kind === 'resolved') return resolution.function
  if (resolution.kind === 'ambiguous') {
    const candidates = resolution.candidates.map(
      (candidate) =>
        `\t * ${name}(${candidate.argumentTypes.map(typeText).join(',')}):${typeText(candidate.resultType)}`,
    )
    const hint = 'Could not choose a best candidate operator. Explicit type casts must be added.'
    return refuse('FUNCTION_NOT_FOUND', at, `${hint}\nCandidates are:\n${candidates.join('\n')}\n`)
  }
  const given = args.map((argument) => ('kind' in argument ? typeText(argument) : '<function>')).join(', ')
  const expected = expectedText(name, declarations)
  return refuse(
    'FUNCTION_NOT_FOUND',
    at,
    `Unexpected parameters (${given}) for function ${name}. Expected: ${expected}`,
  )
}

// ---------------------------------------------------------------- arguments

type Argument = TypedExpression | PendingLambda

function callArgument(node: Expression, context: ExpressionContext): Argument {
  return node.kind === 'Lambda' ? new PendingLambda(node, context) : analyseIn(node, context)
}

function resolvable(argument: Argument): CallArgument {
  return argument instanceof PendingLambda ? argument : argument.type
}

function settled(argument: Argument, type: SqlType | undefined): TypedExpression {
  if (!(argument instanceof PendingLambda)) return type === undefined ? argument : coerced(argument, type)
  if (type?.kind !== 'function') throw new Error('a lambda was resolved to what is not a function type')
  return argument.typed(type.parameters, type.result)
}

export function lambdaOutsideCall(node: LambdaNode): never {
  return refuse('TYPE_MISMATCH', node.at, 'Lambda expression should always be used inside a function')
}

/** A lambda waits for the types of its parameters; each set of types is tried once. */
class PendingLambda implements LambdaArgument {
  readonly #node: LambdaNode
  readonly #context: ExpressionContext
  readonly #tried = new Map<string, TypedLambda>()

  constructor(node: LambdaNode, context: ExpressionContext) {
    this.#node = node
    this.#context = refusingCalls(context, 'Lambda expression')
  }

  get arity(): number {
    return this.#node.parameters.length
  }

  resultFor(parameters: readonly SqlType[]): SqlType {
    return this.typed(parameters).body.type
  }

  /** With `result` the body is brought to that type. */
  typed(types: readonly SqlType[], result?: SqlType): TypedLambda {
    const lambda = this.#typed(types)
    if (result === undefined || typeText(lambda.body.type) === typeText(result)) return lambda
    return { ...lambda, type: { kind: 'function', parameters: types, result }, body: coerced(lambda.body, result) }
  }

  #typed(types: readonly SqlType[]): TypedLambda {
    const key = types.map(typeText).join(';')
    const known = this.#tried.get(key)
    if (known !== undefined) return known
    const { analysis, lambdaParameters } = this.#context
    const parameters = this.#node.parameters.map((parameter, index) => ({
      name: parameter.value.toLowerCase(),
      symbol: analysis.symbol(parameter.value),
      type: types[index] ?? ({ kind: 'unknown' } as const),
    }))
    const context = { ...this.#context, lambdaParameters: [...lambdaParameters, ...parameters] }
    const body = analyseIn(this.#node.body, context)
    const lambda: TypedLambda = {
      kind: 'Lambda',
      type: { kind: 'function', parameters: types, result: body.type },
      parameters: parameters.map(({ symbol, type }) => ({ name: symbol, type })),
      body,
    }
    this.#tried.set(key, lambda)
    return lambda
  }
}

// ---------------------------------------------------------------- aggregates and windows

/** Aggregates take no calls inside; windows take aggregates but no windows. */
function argumentContext(
  kind: FunctionDeclaration['kind'],
  name: string,
  node: FunctionCall,
  context: ExpressionContext,
): ExpressionContext {
  if (node.over !== undefined) {
    if (context.calls.kind === 'refuse') return context
    return { ...context, calls: { ...context.calls, insideWindow: name } }
  }
  if (kind !== 'aggregate') return context
  return { ...context, calls: { kind: 'refuse', where: 'Aggregation', insideAggregate: { name, at: node.at } } }
}

function aggregateCall(
  node: FunctionCall,
  name: string,
  resolved: ResolvedFunction,
  args: readonly TypedExpression[],
  inner: ExpressionContext,
  context: ExpressionContext,
): TypedExpression {
  const collector = collectorOf(node, context)
  const filter = node.filter && analyseAs(node.filter, boolean, 'FILTER clause', inner)
  const call: Omit<AggregateCall, 'symbol'> = {
    type: resolved.resultType,
    function: resolved,
    args,
    distinct: node.distinct,
    orderBy: aggregateOrder(node, inner),
    ...(node.overflow?.action === 'TRUNCATE' && {
      truncate: { filler: node.overflow.filler ?? '...', withCount: node.overflow.withCount },
    }),
    ...(filter === undefined ? {} : { filter }),
  }
  if (node.distinct && args.some((argument) => !comparable(argument.type))) {
    refuse(
      'TYPE_MISMATCH',
      node.at,
      `DISTINCT can only be applied to comparable types (actual: ${args.map((argument) => typeText(argument.type)).join(', ')})`,
    )
  }
  const number = collector.numbers.numberOfAggregate(call)
  const known = collector.aggregates.find((other) => other.number === number)
  if (known !== undefined) return { kind: 'Column', type: known.call.type, symbol: known.call.symbol }
  const symbol = context.analysis.symbol(name)
  collector.aggregates.push({ call: { ...call, symbol }, number, at: node.at })
  return { kind: 'Column', type: call.type, symbol }
}

function comparable(type: SqlType): boolean {
  return commonSuperType(type, type) !== undefined && type.kind !== 'function' && type.kind !== 'opaque'
}

function aggregateOrder(node: FunctionCall, context: ExpressionContext): readonly SortKey[] {
  const items: readonly SortItem[] = [...node.orderBy, ...(node.withinGroup ?? [])]
  return items.map((item) => sortKey(item, analyseIn(item.expression, context)))
}

function windowCall(
  node: FunctionCall,
  name: string,
  resolved: ResolvedFunction,
  args: readonly TypedExpression[],
  inner: ExpressionContext,
  context: ExpressionContext,
): TypedExpression {
  if (resolved.declaration.kind === 'scalar') {
    refuse('FUNCTION_NOT_WINDOW', node.at, `Not a window function: ${name}`)
  }
  const collector = collectorOf(node, context)
  if (resolved.declaration.kind === 'window') {
    if (node.distinct) refuse('NOT_SUPPORTED', node.at, 'DISTINCT in window function parameters not yet supported')
    if (node.orderBy.length > 0) refuse('NOT_SUPPORTED', node.at, 'Window function with ORDER BY is not supported')
  }
  const inOrder = aggregateOrder(node, inner)
  const filter = node.filter && analyseAs(node.filter, boolean, 'FILTER clause', inner)
  const call: WindowCall = {
    symbol: inner.analysis.symbol(name),
    type: resolved.resultType,
    function: resolved,
    args,
    ignoreNulls: node.nullTreatment === 'IGNORE',
    distinct: node.distinct,
    ...(inOrder.length > 0 && { inOrder }),
    ...(filter === undefined ? {} : { filter }),
    ...windowOf(node, name, collector, inner),
  }
  collector.windows.push({ call, at: node.at })
  return { kind: 'Column', type: call.type, symbol: call.symbol }
}

function collectorOf(node: FunctionCall, context: ExpressionContext): CallCollector {
  const { calls } = context
  const isWindow = node.over !== undefined
  if (calls.kind === 'collect') {
    if (isWindow && calls.insideWindow !== undefined) {
      refuse(
        'NESTED_WINDOW',
        node.at,
        `Cannot nest window functions or row pattern measures inside window function '${calls.insideWindow}'`,
      )
    }
    return calls
  }
  if (calls.insideAggregate !== undefined) {
    return isWindow
      ? refuse(
          'NESTED_WINDOW',
          node.at,
          `Cannot nest window functions or row pattern measures inside aggregation '${calls.insideAggregate.name}'`,
        )
      : refuse(
          'NESTED_AGGREGATION',
          calls.insideAggregate.at,
          `Cannot nest aggregations inside aggregation '${calls.insideAggregate.name}': [${expressionText(node)}]`,
        )
  }
  return refuse(
    'EXPRESSION_NOT_SCALAR',
    node.at,
    `${calls.where} cannot contain aggregations, window functions or grouping operations: [${expressionText(node)}]`,
  )
}

function refuseAggregateClauses(node: FunctionCall): void {
  if (node.distinct)
    refuse('FUNCTION_NOT_AGGREGATE', node.at, 'DISTINCT is not supported for non-aggregation functions')
  if (node.filter !== undefined)
    refuse('FUNCTION_NOT_AGGREGATE', node.at, 'Filter is only valid for aggregation functions')
  if (node.orderBy.length > 0)
    refuse('FUNCTION_NOT_AGGREGATE', node.at, 'ORDER BY is only valid for aggregation functions')
}

function refuseUnlistable(node: FunctionCall, argument: Argument | undefined): void {
  if (argument === undefined || argument instanceof PendingLambda) return
  const { type } = argument
  const [written] = node.args
  if (written === undefined || ['varchar', 'char', 'unknown'].includes(type.kind)) return
  const text = expressionText(written)
  refuse('TYPE_MISMATCH', node.at, `Expected expression of varchar, but '${text}' has ${typeText(type)} type`)
}

/** grouping(a, b): a number whose bits tell which of the columns the row's grouping set leaves out. */
export function groupingCall(node: NodeOf<'Grouping'>, context: ExpressionContext): TypedExpression {
  const { calls } = context
  if (calls.kind === 'refuse') {
    return refuse(
      'EXPRESSION_NOT_SCALAR',
      node.at,
      `${calls.where} cannot contain aggregations, window functions or grouping operations: [grouping]`,
    )
  }
  const operands = node.operands.map((operand) => analyseIn(operand, refusingCalls(context, 'GROUPING operation')))
  const symbol = context.analysis.symbol('grouping')
  calls.groupings.push({ symbol, operands, at: node.at })
  return { kind: 'Column', type: integer, symbol }
}
