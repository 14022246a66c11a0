/** ORDER BY items, FILTER, OVER and window specifications. */
import type { Expression, FrameBound, Identifier, SortItem, Window, WindowFrame } from '../tree.ts'
import type { Cursor } from './cursor.ts'
import { notSupported } from './errors.ts'
import { expression, expressions } from './expressions.ts'
import type { Token } from './tokens.ts'

/** `ORDER BY a, b DESC NULLS LAST` */
export function sortItems(cursor: Cursor): SortItem[] {
  cursor.expect('ORDER')
  cursor.expect('BY')
  const items = [sortItem(cursor)]
  while (cursor.accept(',')) items.push(sortItem(cursor))
  return items
}

export function sortItem(cursor: Cursor): SortItem {
  const { at } = cursor
  const inner = expression(cursor)
  const descending = cursor.acceptOneOf(['ASC', 'DESC']) === 'DESC'
  if (!cursor.accept('NULLS')) return { at, expression: inner, descending }
  const nulls = cursor.expectOneOf(['FIRST', 'LAST'])
  return { at, expression: inner, descending, nulls }
}

export function filterClause(cursor: Cursor): Expression {
  cursor.expect('FILTER')
  cursor.expect('(')
  cursor.expect('WHERE')
  const condition = expression(cursor)
  cursor.expect(')')
  return condition
}

/** `WITHIN GROUP (ORDER BY …) [FILTER (WHERE …)]` */
export function withinGroup(cursor: Cursor): { readonly order: SortItem[]; readonly filter: Expression | undefined } {
  cursor.expect('WITHIN')
  cursor.expect('GROUP')
  cursor.expect('(')
  const order = sortItems(cursor)
  cursor.expect(')')
  const isFilter = cursor.is('FILTER') && cursor.ahead(1).word === '('
  return { order, filter: isFilter ? filterClause(cursor) : undefined }
}

/** `OVER name | OVER (…)`, if it stands here; `over` alone may be an alias. */
export function overClause(cursor: Cursor): Window | Identifier | undefined {
  if (!cursor.is('OVER')) return undefined
  const follower = cursor.ahead(1)
  if (follower.word !== '(' && !cursor.isIdentifier(follower)) return undefined
  cursor.take()
  if (!cursor.is('(')) return cursor.identifier()
  return windowInBrackets(cursor)
}

/** `([base] [PARTITION BY …] [ORDER BY …] [frame])` */
export function windowInBrackets(cursor: Cursor): Window {
  cursor.expect('(')
  const { at } = cursor
  const base = hasBase(cursor) ? cursor.identifier() : undefined
  const partitionBy = cursor.accept('PARTITION') ? partition(cursor) : []
  const orderBy = cursor.is('ORDER') ? sortItems(cursor) : []
  const frame = windowFrame(cursor)
  cursor.expect(')')
  return { at, ...(base !== undefined && { base }), partitionBy, orderBy, ...(frame !== undefined && { frame }) }
}

function partition(cursor: Cursor): Expression[] {
  cursor.expect('BY')
  return expressions(cursor)
}

/** `(rows)` names a window, `(ROWS 1 PRECEDING)` is a frame. */
function hasBase(cursor: Cursor): boolean {
  if (!cursor.isIdentifier()) return false
  const follower = cursor.ahead(1)
  switch (cursor.token.word) {
    case 'PARTITION':
      return follower.word !== 'BY'
    case 'ROWS':
    case 'RANGE':
    case 'GROUPS':
    case 'MEASURES':
      return isAfterBase(follower)
    default:
      return true
  }
}

const isAfterBase = (token: Token): boolean =>
  [')', 'ORDER', 'PARTITION', 'ROWS', 'RANGE', 'GROUPS', 'MEASURES'].includes(token.word)

const PATTERN_CLAUSES = ['MEASURES', 'AFTER', 'INITIAL', 'SEEK', 'PATTERN', 'SUBSET', 'DEFINE']

function windowFrame(cursor: Cursor): WindowFrame | undefined {
  refusePattern(cursor)
  const { at } = cursor
  const unit = cursor.acceptOneOf(['RANGE', 'ROWS', 'GROUPS'])
  if (unit === undefined) return undefined
  if (!cursor.accept('BETWEEN')) {
    const start = frameBound(cursor)
    refusePattern(cursor)
    return { at, unit, start }
  }
  const start = frameBound(cursor)
  cursor.expect('AND')
  const end = frameBound(cursor)
  refusePattern(cursor)
  return { at, unit, start, end }
}

function refusePattern(cursor: Cursor): void {
  if (PATTERN_CLAUSES.includes(cursor.token.word)) {
    throw notSupported('pattern recognition in a window is not supported', cursor.at)
  }
}

function frameBound(cursor: Cursor): FrameBound {
  const { at } = cursor
  const follower = cursor.ahead(1).word
  if (cursor.accept('UNBOUNDED')) {
    const side = cursor.expectOneOf(['PRECEDING', 'FOLLOWING'])
    return { at, type: `UNBOUNDED_${side}` }
  }
  if (cursor.is('CURRENT') && follower === 'ROW') {
    cursor.index += 2
    return { at, type: 'CURRENT_ROW' }
  }
  const inner = expression(cursor)
  return { at, type: cursor.expectOneOf(['PRECEDING', 'FOLLOWING']), value: inner }
}
