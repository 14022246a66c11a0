import { expect, test } from 'vitest'
import { type FunctionDeclaration, scalar } from '../../../src/sql/functions/declare.ts'
import { functionsNamed } from '../../../src/sql/functions/registry.ts'
import { type CallArgument, expectedText, resolveCall } from '../../../src/sql/functions/resolve.ts'
import { parseTypeText } from '../../../src/sql/functions/signature.ts'
import { type SqlType, typeText } from '../../../src/sql/types.ts'

function type(text: string): SqlType {
  const parsed = parseTypeText(text)
  if (parsed === undefined) throw new Error(`no type: ${text}`)
  return parsed
}

/** `bigint, date -> varchar`, `none` or `ambiguous`. */
function resolved(declarations: readonly FunctionDeclaration[], ...args: readonly CallArgument[]): string {
  const resolution = resolveCall(declarations, args)
  if (resolution.kind !== 'resolved') return resolution.kind
  const { argumentTypes, resultType } = resolution.function
  return `${argumentTypes.map(typeText).join(', ')} -> ${typeText(resultType)}`
}

const f = (...signatures: readonly string[]) => [scalar('f', signatures)]

test.each([
  [f('(bigint) -> bigint', '(double) -> double'), ['integer'], 'bigint -> bigint'],
  [f('(double) -> double', '(bigint) -> bigint'), ['integer'], 'bigint -> bigint'],
  [f('(T) -> varchar', '(bigint) -> bigint'), ['integer'], 'integer -> varchar'],
  [f('(T) -> varchar', '(integer) -> bigint'), ['integer'], 'integer -> bigint'],
  [f('(T, T) -> T'), ['integer', 'double'], 'double, double -> double'],
  [f('(T:orderable) -> T'), ['json'], 'none'],
  [f('(array(T), T) -> T'), ['array(integer)', 'bigint'], 'array(bigint), bigint -> bigint'],
  [f('(array(T)) -> T'), ['unknown'], 'array(unknown) -> unknown'],
  [f('(decimal(p, s)) -> decimal(p, 0)'), ['decimal(7, 3)'], 'decimal(7,3) -> decimal(7,0)'],
  [
    f('(decimal(p, s), decimal(p, s)) -> decimal(p, s)'),
    ['decimal(7, 3)', 'integer'],
    'decimal(13,3), decimal(13,3) -> decimal(13,3)',
  ],
  [f('(varchar(x), varchar(y)) -> varchar(y)'), ['varchar(3)', 'varchar'], 'varchar(3), varchar -> varchar'],
  [f('(varchar, bigint...) -> varchar'), ['varchar(1)'], 'varchar -> varchar'],
  [f('(varchar, bigint...) -> varchar'), ['varchar(1)', 'integer', 'bigint'], 'varchar, bigint, bigint -> varchar'],
  [f('(timestamp(p)) -> timestamp(p)'), ['date'], 'timestamp(0) -> timestamp(0)'],
  [f('(varchar, any...) -> varchar'), ['varchar', 'date', 'integer'], 'varchar, date, integer -> varchar'],
  [f('(map(K, V), K) -> V'), ['map(integer, date)', 'bigint'], 'map(bigint, date), bigint -> date'],
  [f('(row(K, V)) -> map(K, V)'), ['row(a integer, b date)'], 'row(integer, date) -> map(integer, date)'],
  [f('(bigint) -> bigint'), ['varchar'], 'none'],
  [f('(bigint) -> bigint'), ['bigint', 'bigint'], 'none'],
  [f('(tinyint) -> tinyint', '(date) -> tinyint'), ['unknown'], 'date -> tinyint'.replace('date', 'tinyint')],
  [f('(boolean) -> date', '(date) -> boolean'), ['unknown'], 'ambiguous'],
])('case %#', (declarations, args, expected) => {
  expect(resolved(declarations, ...args.map(type))).toBe(expected)
})

test('a lambda gets the types of its parameters from the other arguments', () => {
  const seen: string[] = []
  const lambda = (result: string) => ({
    arity: 1,
    resultFor: (parameters: readonly SqlType[]) => {
      seen.push(parameters.map(typeText).join(', '))
      return type(result)
    },
  })
  expect(resolved(functionsNamed('transform'), type('array(date)'), lambda('varchar(3)'))).toBe(
    'array(date), function(date,varchar(3)) -> array(varchar(3))',
  )
  expect(new Set(seen)).toEqual(new Set(['date']))
  expect(resolved(functionsNamed('filter'), type('array(date)'), lambda('unknown'))).toBe(
    'array(date), function(date,boolean) -> array(date)',
  )
  expect(resolved(functionsNamed('transform'), type('array(date)'), { arity: 2, resultFor: () => type('date') })).toBe(
    'none',
  )
})

test('what a function takes is listed in order, with what it asks of its variables', () => {
  expect(expectedText('f', f('(double) -> double', '(array(T:orderable), K) -> K', '(bigint) -> bigint'))).toBe(
    'f(array(T), K) T:orderable, K, f(bigint), f(double)',
  )
})
