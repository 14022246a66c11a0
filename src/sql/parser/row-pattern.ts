/** MATCH_RECOGNIZE (…), read by its whole grammar and then forgotten: the analyser refuses it by name. */
import type { Cursor } from './cursor.ts'
import { expression, expressions } from './expressions.ts'
import { sortItems } from './windows.ts'

export function rowPattern(cursor: Cursor): void {
  const outer = cursor.inRowPattern
  cursor.inRowPattern = true
  cursor.expect('MATCH_RECOGNIZE')
  cursor.expect('(')
  if (cursor.accept('PARTITION')) {
    cursor.expect('BY')
    expressions(cursor)
  }
  if (cursor.is('ORDER')) sortItems(cursor)
  if (cursor.accept('MEASURES')) commaSeparated(cursor, measure)
  rowsPerMatch(cursor)
  if (cursor.accept('AFTER')) skipTo(cursor)
  cursor.acceptOneOf(['INITIAL', 'SEEK'])
  cursor.expect('PATTERN')
  cursor.expect('(')
  pattern(cursor)
  cursor.expect(')')
  if (cursor.accept('SUBSET')) commaSeparated(cursor, subset)
  cursor.expect('DEFINE')
  commaSeparated(cursor, definition)
  cursor.expect(')')
  cursor.inRowPattern = outer
}

function commaSeparated(cursor: Cursor, item: (cursor: Cursor) => void): void {
  do item(cursor)
  while (cursor.accept(','))
}

function measure(cursor: Cursor): void {
  expression(cursor)
  cursor.expect('AS')
  cursor.identifier()
}

function definition(cursor: Cursor): void {
  cursor.identifier()
  cursor.expect('AS')
  expression(cursor)
}

function subset(cursor: Cursor): void {
  cursor.identifier()
  cursor.expect('=')
  cursor.expect('(')
  commaSeparated(cursor, (inner) => inner.identifier())
  cursor.expect(')')
}

function rowsPerMatch(cursor: Cursor): void {
  if (cursor.acceptAll('ONE', 'ROW', 'PER', 'MATCH')) return
  if (!cursor.acceptAll('ALL', 'ROWS', 'PER', 'MATCH')) return
  if (cursor.acceptOneOf(['SHOW', 'OMIT']) !== undefined) {
    cursor.expect('EMPTY')
    cursor.expect('MATCHES')
  } else if (cursor.accept('WITH')) {
    cursor.expect('UNMATCHED')
    cursor.expect('ROWS')
  }
}

/** After AFTER: `MATCH SKIP …`. */
function skipTo(cursor: Cursor): void {
  cursor.expect('MATCH')
  cursor.expect('SKIP')
  if (cursor.acceptAll('PAST', 'LAST', 'ROW')) return
  cursor.expect('TO')
  if (cursor.acceptAll('NEXT', 'ROW')) return
  if (cursor.isIdentifier(cursor.ahead(1))) cursor.acceptOneOf(['FIRST', 'LAST'])
  cursor.identifier()
}

function pattern(cursor: Cursor): void {
  cursor.enter()
  do {
    do {
      patternPrimary(cursor)
      quantifier(cursor)
    } while (beginsPattern(cursor))
  } while (cursor.accept('|'))
  cursor.leave()
}

const beginsPattern = (cursor: Cursor): boolean =>
  cursor.isIdentifier() || ['(', '^', '$', '{-'].some((word) => cursor.is(word))

function patternPrimary(cursor: Cursor): void {
  if (cursor.accept('^') || cursor.accept('$')) return
  if (cursor.accept('{-')) {
    pattern(cursor)
    cursor.expect('-}')
  } else if (cursor.accept('(')) {
    if (cursor.accept(')')) return
    pattern(cursor)
    cursor.expect(')')
  } else if (cursor.is('PERMUTE') && cursor.ahead(1).word === '(') {
    cursor.index += 2
    commaSeparated(cursor, pattern)
    cursor.expect(')')
  } else {
    cursor.identifier()
  }
}

function quantifier(cursor: Cursor): void {
  if (cursor.acceptOneOf(['*', '+', '?']) === undefined) {
    if (!cursor.accept('{')) return
    if (cursor.isKind('integer')) cursor.take()
    if (cursor.accept(',') && cursor.isKind('integer')) cursor.take()
    cursor.expect('}')
  }
  cursor.accept('?')
}
