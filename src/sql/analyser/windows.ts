/** OVER (…): named windows are unfolded, frames are checked, offsets get the type their unit asks for. */
import { commonSuperType } from '../coercion.ts'
import type { FrameBound, FunctionCall, Position, Window, WindowFrame } from '../tree.ts'
import type { SortKey, FrameBound as TypedBound, WindowCall } from '../typed-tree.ts'
import { bigint, typeText } from '../types.ts'
import { coerced, refuse } from './analysis.ts'
import type { CallCollector, ExpressionContext } from './context.ts'
import { analyseIn } from './expressions.ts'
import { sortKey } from './sorting.ts'

type WindowParts = Pick<WindowCall, 'partitionBy' | 'orderBy' | 'frame'>

const SHIFTING: readonly string[] = ['lag', 'lead']
const BASES_MAX = 32

export function windowOf(
  node: FunctionCall,
  name: string,
  collector: CallCollector,
  context: ExpressionContext,
): WindowParts {
  const window = unfolded(node, collector)
  if (SHIFTING.includes(name)) {
    if (window.orderBy.length === 0) {
      refuse('MISSING_ORDER_BY', window.at, `${name} function requires an ORDER BY window clause`)
    }
    if (window.frame !== undefined) {
      refuse('INVALID_WINDOW_FRAME', window.frame.at, `Cannot specify window frame for ${name} function`)
    }
  }
  const partitionBy = window.partitionBy.map((expression) => analyseIn(expression, context))
  const orderBy = window.orderBy.map((item) => sortKey(item, analyseIn(item.expression, context)))
  if (window.frame === undefined) return { partitionBy, orderBy }
  return { partitionBy, orderBy, frame: frameOf(window.frame, orderBy, context) }
}

/** `OVER w`, `OVER (w ORDER BY x)`: what the named window says, then what is added. */
function unfolded(node: FunctionCall, collector: CallCollector): Window {
  const over = node.over
  if (over === undefined) throw new Error('a window call without OVER')
  if ('partitionBy' in over) return withBase(over, collector, 0)
  return named(over.value, over.at, collector, 0)
}

function named(name: string, at: Position, collector: CallCollector, depth: number): Window {
  const window = collector.windowNamed(name)
  if (window === undefined || depth > BASES_MAX) {
    return refuse('INVALID_COLUMN_REFERENCE', at, `Cannot resolve WINDOW name ${name}`)
  }
  return withBase(window, collector, depth)
}

function withBase(window: Window, collector: CallCollector, depth: number): Window {
  if (window.base === undefined) return window
  const base = named(window.base.value, window.base.at, collector, depth + 1)
  if (window.partitionBy.length > 0) {
    refuse(
      'INVALID_ARGUMENTS',
      window.at,
      'WINDOW specification with named WINDOW reference cannot specify PARTITION BY',
    )
  }
  if (base.orderBy.length > 0 && window.orderBy.length > 0) {
    refuse('INVALID_ARGUMENTS', window.at, 'Cannot specify ORDER BY if it is already specified in the base WINDOW')
  }
  if (base.frame !== undefined) {
    refuse('INVALID_ARGUMENTS', window.at, 'Cannot reference named WINDOW containing frame specification')
  }
  const orderBy = window.orderBy.length > 0 ? window.orderBy : base.orderBy
  return {
    at: window.at,
    partitionBy: base.partitionBy,
    orderBy,
    ...(window.frame === undefined ? {} : { frame: window.frame }),
  }
}

type Frame = NonNullable<WindowCall['frame']>

/** Where the bounds lie on the line from the first row to the last. */
const PLACES = {
  UNBOUNDED_PRECEDING: 0,
  PRECEDING: 1,
  CURRENT_ROW: 2,
  FOLLOWING: 3,
  UNBOUNDED_FOLLOWING: 4,
} as const

function frameOf(frame: WindowFrame, orderBy: readonly SortKey[], context: ExpressionContext): Frame {
  const start = frame.start
  const end: FrameBound = frame.end ?? { at: frame.at, type: 'CURRENT_ROW' }
  if (start.type === 'UNBOUNDED_FOLLOWING') {
    refuse('INVALID_WINDOW_FRAME', frame.at, 'Window frame start cannot be UNBOUNDED FOLLOWING')
  }
  if (end.type === 'UNBOUNDED_PRECEDING') {
    refuse('INVALID_WINDOW_FRAME', frame.at, 'Window frame end cannot be UNBOUNDED PRECEDING')
  }
  if (PLACES[start.type] > PLACES[end.type]) {
    const [from, to] = [start.type, end.type].map((type) => type.replace('_', ' '))
    refuse('INVALID_WINDOW_FRAME', frame.at, `Window frame starting from ${from} cannot end with ${to}`)
  }
  const offsets = [start, end].some((bound) => bound.value !== undefined)
  if (frame.unit !== 'ROWS' && offsets) {
    if (orderBy.length === 0) {
      refuse(
        'MISSING_ORDER_BY',
        frame.at,
        `Window frame of type ${frame.unit} PRECEDING or FOLLOWING requires ORDER BY`,
      )
    }
    if (frame.unit === 'RANGE' && orderBy.length > 1) {
      refuse(
        'INVALID_ORDER_BY',
        frame.at,
        `Window frame of type RANGE PRECEDING or FOLLOWING requires single sort item in ORDER BY (actual: ${orderBy.length})`,
      )
    }
  }
  return {
    unit: frame.unit,
    start: boundOf(start, frame, orderBy, context),
    end: boundOf(end, frame, orderBy, context),
  }
}

function boundOf(
  bound: FrameBound,
  frame: WindowFrame,
  orderBy: readonly SortKey[],
  context: ExpressionContext,
): TypedBound {
  if (bound.value === undefined) return { type: bound.type }
  const value = analyseIn(bound.value, context)
  if (frame.unit === 'RANGE') {
    const key = orderBy[0]?.expression.type
    const isInterval = value.type.kind.startsWith('interval')
    const common = key && !isInterval ? commonSuperType(key, value.type) : undefined
    if (common === undefined && !isInterval) {
      const types = `${typeText(value.type)} for ORDER BY of type ${key === undefined ? 'none' : typeText(key)}`
      refuse('TYPE_MISMATCH', bound.value.at, `Window frame RANGE value type (${types}) is not compatible`)
    }
    return { type: bound.type, value: common === undefined ? value : coerced(value, common) }
  }
  if (!['tinyint', 'smallint', 'integer', 'bigint', 'unknown'].includes(value.type.kind)) {
    refuse(
      'TYPE_MISMATCH',
      bound.value.at,
      `Window frame ${frame.unit} value type must be exact numeric type with scale 0 (actual ${typeText(value.type)})`,
    )
  }
  return { type: bound.type, value: coerced(value, bigint) }
}
