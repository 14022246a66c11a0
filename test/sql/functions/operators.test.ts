import { expect, test } from 'vitest'
import { functionsNamed } from '../../../src/sql/functions/registry.ts'
import { resolveCall } from '../../../src/sql/functions/resolve.ts'
import { parseTypeText } from '../../../src/sql/functions/signature.ts'
import { type SqlType, typeText } from '../../../src/sql/types.ts'

function result(operator: string, ...types: readonly string[]): string {
  const resolution = resolveCall(
    functionsNamed(`operator ${operator}`),
    types.map((text) => parseTypeText(text) as SqlType),
  )
  return resolution.kind === 'resolved' ? typeText(resolution.function.resultType) : resolution.kind
}

test.each([
  ['+', 'integer', 'bigint', 'bigint'],
  ['+', 'decimal(10, 2)', 'decimal(5, 4)', 'decimal(13,4)'],
  ['-', 'decimal(38, 2)', 'decimal(38, 4)', 'decimal(38,4)'],
  ['*', 'decimal(10, 2)', 'decimal(5, 4)', 'decimal(15,6)'],
  ['/', 'decimal(10, 2)', 'decimal(5, 4)', 'decimal(16,4)'],
  ['%', 'decimal(10, 2)', 'decimal(5, 4)', 'decimal(5,4)'],
  ['+', 'decimal(10, 2)', 'integer', 'decimal(13,2)'],
  ['+', 'decimal(10, 2)', 'double', 'double'],
  ['+', 'timestamp(0)', 'interval day to second', 'timestamp(3)'],
  ['+', 'timestamp(6)', 'interval day to second', 'timestamp(6)'],
  ['+', 'timestamp(0)', 'interval year to month', 'timestamp(0)'],
  ['+', 'interval year to month', 'date', 'date'],
  ['-', 'date', 'date', 'interval day to second'],
  ['-', 'date', 'timestamp(3)', 'interval day to second'],
  ['-', 'interval day to second', 'date', 'none'],
  ['*', 'interval day to second', 'integer', 'interval day to second'],
  ['/', 'interval year to month', 'bigint', 'interval year to month'],
  ['||', 'varchar(1)', 'varchar(2)', 'varchar'],
  ['||', 'array(integer)', 'bigint', 'array(bigint)'],
  ['||', 'varchar', 'integer', 'none'],
  ['+', 'varchar', 'integer', 'none'],
])('%s of %s and %s is %s', (operator, left, right, expected) => {
  expect(result(operator, left, right)).toBe(expected)
})

test.each([
  ['integer', 'integer'],
  ['decimal(5, 2)', 'decimal(5,2)'],
  ['interval day to second', 'interval day to second'],
  ['varchar', 'none'],
])('minus %s is %s', (operand, expected) => {
  expect(result('negate', operand)).toBe(expected)
})
