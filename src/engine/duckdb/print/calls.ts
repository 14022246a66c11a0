/** Aggregate and window calls. */
import type { AggregateCall, FrameBound, SortKey, TypedExpression, WindowCall } from '../../../sql/typed-tree.ts'
import type { SqlType } from '../../../sql/types.ts'
import { EngineFailure } from '../../engine.ts'
import { aggregateTranslations } from '../functions/aggregate.ts'
import type { Modifiers } from '../functions/aggregated.ts'
import { windowTranslations } from '../functions/window.ts'
import { storageType } from '../representation.ts'
import { comparable } from './comparison.ts'
import type { PrintContext } from './context.ts'
import { callSite, expression } from './expression.ts'
import { sortKey } from './relation.ts'
import { letting, literal, raise, type SqlText } from './text.ts'

export function aggregateCall(call: AggregateCall, context: PrintContext): SqlText {
  const { name } = call.function.declaration
  const modifiers: Modifiers = {
    distinct: call.distinct ? 'DISTINCT ' : '',
    orderBy: orderText(call.orderBy, context),
    filter: call.filter === undefined ? undefined : expression(call.filter, context),
    over: '',
    truncate: call.truncate,
  }
  return translated(name, call, modifiers, context)
}

function orderText(keys: readonly SortKey[], context: PrintContext): SqlText {
  return keys.length === 0 ? '' : ` ORDER BY ${keys.map((key) => sortKey(key, context)).join(', ')}`
}

function translated(
  name: string,
  call: Pick<AggregateCall, 'args' | 'function' | 'type'>,
  modifiers: Modifiers,
  context: PrintContext,
): SqlText {
  const translation = aggregateTranslations[name]
  if (translation === undefined) throw new EngineFailure('NOT_SUPPORTED', `function ${name} is not supported`)
  return translation(callSite(name, call.args, call.function.argumentTypes, call.type, context), modifiers)
}

export function windowCall(call: WindowCall, context: PrintContext): SqlText {
  const { name } = call.function.declaration
  const over = ` OVER (${windowText(call, context)})`
  const translation = windowTranslations[name]
  if (translation !== undefined) {
    const site = callSite(name, call.args, call.function.argumentTypes, call.type, context)
    return `${translation(site, call.ignoreNulls)}${over}`
  }
  const filter = call.filter === undefined ? undefined : expression(call.filter, context)
  const orderBy = orderText(call.inOrder ?? [], context)
  return translated(name, call, { distinct: call.distinct ? 'DISTINCT ' : '', orderBy, filter, over }, context)
}

function windowText(call: WindowCall, context: PrintContext): SqlText {
  const parts: SqlText[] = []
  if (call.partitionBy.length > 0) {
    const keys = call.partitionBy.map((key) => comparable(expression(key, context), key.type))
    parts.push(`PARTITION BY ${keys.join(', ')}`)
  }
  if (call.orderBy.length > 0) parts.push(`ORDER BY ${call.orderBy.map((key) => sortKey(key, context)).join(', ')}`)
  if (call.frame !== undefined) {
    const { unit, start, end } = call.frame
    const key = unit === 'RANGE' ? call.orderBy[0]?.expression.type : undefined
    parts.push(`${unit} BETWEEN ${boundText(start, key, context)} AND ${boundText(end, key, context)}`)
  }
  return parts.join(' ')
}

function boundText(bound: FrameBound, key: SqlType | undefined, context: PrintContext): SqlText {
  const words = bound.type.replaceAll('_', ' ')
  if (bound.value === undefined) return words
  const value = knownOffset(bound.value, context)
  // Intervals are held as numbers: only beside dates and timestamps they have to become DuckDB's.
  if (key?.kind.startsWith('interval')) return `${value} ${words}`
  switch (bound.value.type.kind) {
    case 'interval day to second':
      return `to_microseconds(${value} * 1000) ${words}`
    case 'interval year to month':
      return `to_months(${value}) ${words}`
    default:
      return `${value} ${words}`
  }
}

function zeroOf(type: SqlType): SqlText {
  return `CAST(0 AS ${storageType(type)})`
}

function knownOffset(node: TypedExpression, context: PrintContext): SqlText {
  const value = expression(node, context)
  if (node.kind === 'Constant') return value
  const complaint = raise(
    'INVALID_WINDOW_FRAME',
    literal('Window frame offset value must not be negative or null'),
    storageType(node.type),
  )
  return letting(value, (v) => `CASE WHEN ${v} >= ${zeroOf(node.type)} THEN ${v} ELSE ${complaint} END`)
}
