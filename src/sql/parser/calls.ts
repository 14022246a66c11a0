/** Function calls: arguments, FILTER, null treatment, OVER; and the few functions whose shape Trino checks at once. */

import { SqlFailure } from '../failure.ts'
import type { Expression, FunctionCall, QualifiedName } from '../tree.ts'
import type { Cursor } from './cursor.ts'
import { syntaxError } from './errors.ts'
import { expression } from './expressions.ts'
import { beginsExpression } from './lookahead.ts'
import { qualifiedName } from './names.ts'
import { filterClause, overClause, sortItems } from './windows.ts'

export function functionCall(cursor: Cursor): Expression {
  const isMode = cursor.isIdentifier(cursor.ahead(1))
  const mode = isMode ? cursor.acceptOneOf(['RUNNING', 'FINAL']) : undefined
  const name = qualifiedName(cursor)
  cursor.expect('(')
  const call = functionTail(cursor, name, [])
  return mode === undefined ? call : { ...call, processingMode: mode }
}

/** Everything after `name(` and the arguments that have been read already. */
export function functionTail(cursor: Cursor, name: QualifiedName, first: readonly Expression[]): FunctionCall {
  const { star, distinct, args } = first.length > 0 ? moreArguments(cursor, first) : allArguments(cursor)
  const orderBy = cursor.is('ORDER') ? sortItems(cursor) : []
  cursor.expect(')')
  cursor.wish("'FILTER'", "'IGNORE'", "'RESPECT'")
  const filter = cursor.token.word === 'FILTER' && cursor.ahead(1).word === '(' ? filterClause(cursor) : undefined
  const nullTreatment = star ? undefined : nulls(cursor)
  const over = overClause(cursor)
  if (nullTreatment !== undefined && over === undefined) throw cursor.failure("'OVER'")
  const call: FunctionCall = {
    kind: 'FunctionCall',
    at: name.at,
    name,
    args,
    star,
    distinct,
    orderBy,
    ...(filter !== undefined && { filter }),
    ...(nullTreatment !== undefined && { nullTreatment }),
    ...(over !== undefined && { over }),
  }
  checkShape(call)
  return call
}

interface Arguments {
  readonly star: boolean
  readonly distinct: boolean
  readonly args: readonly Expression[]
}

function allArguments(cursor: Cursor): Arguments {
  if (cursor.accept('*')) return { star: true, distinct: false, args: [] }
  if (cursor.isIdentifier() && cursor.ahead(1).word === '.' && cursor.ahead(2).word === '*') return labelled(cursor)
  const distinct = cursor.accept('DISTINCT')
  const all = !distinct && cursor.is('ALL') && beginsExpression(cursor.ahead(1)) && cursor.accept('ALL')
  if (!distinct && !all && (cursor.is(')') || cursor.is('ORDER'))) {
    return { star: false, distinct: false, args: [] }
  }
  return { ...moreArguments(cursor, [expression(cursor)]), distinct }
}

function moreArguments(cursor: Cursor, first: readonly Expression[]): Arguments {
  const args = [...first]
  while (cursor.accept(',')) args.push(expression(cursor))
  return { star: false, distinct: false, args }
}

/** `count(A.*)` counts the rows of a label of MATCH_RECOGNIZE. */
function labelled(cursor: Cursor): Arguments {
  if (!cursor.inRowPattern) {
    throw new SqlFailure(
      'INVALID_ARGUMENTS',
      'label.* syntax is only supported as the only argument of row pattern count function',
      cursor.at,
    )
  }
  cursor.index += 3
  return { star: true, distinct: false, args: [] }
}

function nulls(cursor: Cursor): 'RESPECT' | 'IGNORE' | undefined {
  if (cursor.ahead(1).word !== 'NULLS') return undefined
  const treatment = cursor.acceptOneOf(['IGNORE', 'RESPECT'])
  if (treatment !== undefined) cursor.expect('NULLS')
  return treatment
}

/** Number of arguments of the forms that are functions only by looks, and what Trino says of a wrong number. */
const SHAPES: Readonly<
  Record<string, { readonly fits: (count: number) => boolean; readonly message: string } | undefined>
> = {
  __proto__: null as never,
  if: { fits: (count) => count === 2 || count === 3, message: "Invalid number of arguments for 'if' function" },
  nullif: { fits: (count) => count === 2, message: "Invalid number of arguments for 'nullif' function" },
  coalesce: { fits: (count) => count >= 2, message: "The 'coalesce' function must have at least two arguments" },
  try: { fits: (count) => count === 1, message: "The 'try' function must have exactly one argument" },
  format: { fits: (count) => count >= 2, message: "The 'format' function must have at least two arguments" },
}

function checkShape(call: FunctionCall): void {
  const [name, ...more] = call.name.parts
  if (name === undefined || more.length > 0) return
  const lower = name.value.toLowerCase()
  const shape = SHAPES[lower]
  if (shape === undefined) return
  if (!shape.fits(call.args.length) || call.star) throw syntaxError(shape.message, call.at)
  if (call.over !== undefined) throw syntaxError(`OVER clause not valid for '${lower}' function`, call.at)
  if (call.distinct) throw syntaxError(`DISTINCT not valid for '${lower}' function`, call.at)
  if (call.filter !== undefined) throw syntaxError(`FILTER not valid for '${lower}' function`, call.at)
}
