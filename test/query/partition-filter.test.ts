/** What a query tells the catalog of the partitions it wants: never so much that one is missed. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { TextRange } from '../../src/catalog/partition-filter.ts'
import { partitionFilter } from '../../src/query/partition-filter.ts'
import type { ScanNode } from '../../src/query/scans.ts'
import type { TypedExpression } from '../../src/sql/typed-tree.ts'
import { boolean, varchar, varcharOf } from '../../src/sql/types.ts'
import { eventsTable } from '../contracts/catalog.ts'

const keys = ['place', 'day']
const table = {
  ...eventsTable,
  partitionKeys: keys.map((name) => ({ name, type: 'string' })),
  database: 'lake',
  createdAtMs: 0,
  updatedAtMs: 0,
  createdBy: 'me',
  versionId: '0',
}

function scan(pruningHint: TypedExpression): ScanNode {
  const fields = keys.map((name) => ({ symbol: name, name, column: name, type: varchar, source: 'partition' as const }))
  return { kind: 'Scan', scanId: 1, database: 'lake', table: 'events', fields, pruningHint } as unknown as ScanNode
}

const texts = ['', 'a', 'ab', 'b', 'é', '\uFFFD', '\u{1F600}', '__HIVE_DEFAULT_PARTITION__']
const text = fc.constantFrom(...texts)
const column = fc.constantFrom(...keys).map((symbol): TypedExpression => ({ kind: 'Column', type: varchar, symbol }))
const literal = text.map(
  (value): TypedExpression => ({
    kind: 'Cast',
    type: varchar,
    operand: { kind: 'Constant', type: varcharOf([...value].length), value },
    isTry: false,
    implicit: true,
  }),
)
const operator = fc.constantFrom('=', '<>', '<', '<=', '>', '>=')

const { hint } = fc.letrec<{ hint: TypedExpression }>((tie) => {
  const terms = fc.array(tie('hint'), { minLength: 1, maxLength: 3 })
  const many = fc.array(literal, { minLength: 1, maxLength: 3 })
  const node = (kind: string) => fc.constant({ kind, type: boolean })
  const with_ = (kind: string, members: Record<string, fc.Arbitrary<unknown>>) =>
    fc.tuple(node(kind), fc.record(members)).map(([head, rest]) => ({ ...head, ...rest }) as TypedExpression)
  return {
    hint: fc.oneof(
      { maxDepth: 3 },
      with_('Comparison', { operator, left: column, right: literal }),
      with_('Comparison', { operator, left: literal, right: column }),
      with_('Between', { operand: column, low: literal, high: literal }),
      with_('In', { operand: column, list: many }),
      with_('Logical', { operator: fc.constantFrom('AND', 'OR'), terms }),
      with_('Not', { operand: tie('hint') }),
    ),
  }
})

const holds = ({ low, high }: TextRange, value: string): boolean =>
  Buffer.compare(low, Buffer.from(value)) <= 0 && (high === undefined || Buffer.compare(Buffer.from(value), high) < 0)

test('a partition that may hold wanted rows is within the ranges of its keys and matches from its first values on', () => {
  fc.assert(
    fc.property(hint, text, text, (pruningHint, place, day) => {
      const filter = partitionFilter(scan(pruningHint), table, 0)
      if (!filter?.matches([place, day])) return
      expect(filter.mayMatch?.([place, undefined])).toBe(true)
      expect(filter.mayMatch?.([undefined, day])).toBe(true)
      for (const [index, value] of [place, day].entries())
        expect(filter.rangesOf?.(index)?.some((range) => holds(range, value)) ?? true).toBe(true)
    }),
    { numRuns: 3000 },
  )
})

test('conditions on a key lead to its values, and a first value that no wanted partition has rules out all that follow', () => {
  const isPlaceA: TypedExpression = {
    kind: 'Comparison',
    type: boolean,
    operator: '=',
    left: { kind: 'Column', type: varchar, symbol: 'place' },
    right: { kind: 'Constant', type: varcharOf(1), value: 'a' },
  }
  const filter = partitionFilter(scan(isPlaceA), table, 0)
  expect(filter?.rangesOf?.(0)).toEqual([{ low: Buffer.from('a'), high: Buffer.from('a\u0000') }])
  expect(filter?.rangesOf?.(1)).toBeUndefined()
  expect([filter?.mayMatch?.(['b', undefined]), filter?.mayMatch?.(['a', undefined])]).toEqual([false, true])
})
