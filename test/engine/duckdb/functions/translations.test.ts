import { expect, test } from 'vitest'
import { aggregateTranslations } from '../../../../src/engine/duckdb/functions/aggregate.ts'
import { scalarTranslations } from '../../../../src/engine/duckdb/functions/scalar.ts'
import { windowTranslations } from '../../../../src/engine/duckdb/functions/window.ts'
import { allFunctions } from '../../../../src/sql/functions/all.ts'
import { JSON_CALLS } from '../../../../src/sql/json-path/invocation.ts'

test('every translation answers a declaration', () => {
  const declared = new Set<string>([...allFunctions.map((each) => each.name), ...Object.values(JSON_CALLS)])
  const names = [scalarTranslations, aggregateTranslations, windowTranslations].flatMap(Object.keys)
  const strays = names.filter((name) => !declared.has(name) && !name.startsWith('operator '))
  expect(strays).toEqual([])
})

/** Refused by name until there is a faithful translation. */
const REFUSED = [
  'bar',
  'checksum',
  'geometry_invalid_reason',
  'spatial_partitions',
  'spooky_hash_v2_32',
  'spooky_hash_v2_64',
  'to_char',
  'to_date',
  'to_timestamp',
  'word_stem',
]

test('the declared functions that are refused are known', () => {
  const known = { ...scalarTranslations, ...aggregateTranslations, ...windowTranslations }
  const missing = allFunctions.filter((each) => known[each.name] === undefined).map((each) => each.name)
  expect(missing.sort()).toEqual(REFUSED)
})
