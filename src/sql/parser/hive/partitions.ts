/** Partition specifications: `PARTITION (dt = '2024-01-01', hour = 7)`. */
import type { ComparisonOperator, PartitionTerm } from '../../tree.ts'
import type { HiveCursor } from './cursor.ts'
import { hiveString } from './strings.ts'

const OPERATORS = ['=', '<>', '<', '<=', '>', '>='] as const satisfies readonly ComparisonOperator[]

/** Exact values only. */
export function partition(cursor: HiveCursor): PartitionTerm[] {
  cursor.expect('PARTITION')
  return cursor.list(() => {
    const column = cursor.name()
    cursor.expect('=')
    return { column, operator: '=', value: constant(cursor) } as const
  })
}

/** Any comparison, as DROP PARTITION takes it. */
export function partitionFilter(cursor: HiveCursor): PartitionTerm[] {
  cursor.expect('PARTITION')
  return cursor.list(() => {
    const column = cursor.name()
    const operator = cursor.expectOneOf(OPERATORS)
    return { column, operator, value: constant(cursor) }
  })
}

/** `'text'`, a number, or `DATE '…'`: the text of the value. */
function constant(cursor: HiveCursor): string {
  if ((cursor.token.word === 'DATE' || cursor.token.word === 'TIMESTAMP') && cursor.ahead(1).kind === 'string') {
    cursor.take()
  }
  const sign = cursor.accept('-') ? '-' : ''
  const { kind, text } = cursor.token
  if (kind === 'string' && sign === '') return hiveString(cursor.take().text)
  if (kind !== 'integer' && kind !== 'decimal' && kind !== 'double') throw cursor.failure()
  cursor.take()
  return sign + text
}
