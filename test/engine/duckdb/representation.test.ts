import { expect, test } from 'vitest'
import { rowFieldKeys, storageType } from '../../../src/engine/duckdb/representation.ts'
import { EngineFailure } from '../../../src/engine/engine.ts'
import { array, bigint, charOf, decimal, map, row, type SqlType, timestamp, varchar } from '../../../src/sql/types.ts'

const CASES: readonly (readonly [SqlType, string])[] = [
  [bigint, 'BIGINT'],
  [decimal(10, 2), 'DECIMAL(10, 2)'],
  [charOf(3), 'VARCHAR'],
  [timestamp(3), 'TIMESTAMP'],
  [timestamp(9), 'STRUCT(micros TIMESTAMP, picos INTEGER)'],
  [{ kind: 'timestamp with time zone', precision: 3 }, 'STRUCT(instant TIMESTAMP, "zone" VARCHAR)'],
  [array(map(varchar, bigint)), 'MAP(VARCHAR, BIGINT)[]'],
  [row([{ name: 'a', type: bigint }]), 'STRUCT("a" BIGINT)'],
]

test.each(CASES)('%o is held as %s', (type, storage) => {
  expect(storageType(type)).toBe(storage)
})

test('fields without a name of their own are numbered, all of them', () => {
  const fields = (...names: (string | undefined)[]) => names.map((name) => ({ name, type: bigint }))
  expect(rowFieldKeys(fields('a', 'b'))).toEqual(['a', 'b'])
  expect(rowFieldKeys(fields('a', undefined))).toEqual(['f1', 'f2'])
  expect(rowFieldKeys(fields('a', 'A'))).toEqual(['f1', 'f2'])
})

test('a type that cannot be computed with is refused by name', () => {
  expect(() => storageType({ kind: 'opaque', name: 'color' })).toThrow(EngineFailure)
})
