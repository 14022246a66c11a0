import { expect, test } from 'vitest'
import type { Storage } from '../../src/catalog/types.ts'
import { diffPartitions } from '../../src/crawl/diff-partitions.ts'

const location = 's3://lake/events/'

function storage(at: string, type = 'int'): Storage {
  return {
    columns: [{ name: 'a', type }],
    location: at,
    compressed: false,
    numberOfBuckets: -1,
    bucketColumns: [],
    sortColumns: [],
    parameters: {},
    storedAsSubDirectories: false,
  }
}

const known = (day: string, at = `${location}day=${day}/`, type?: string) => ({
  values: [day],
  parameters: { by: 'hand' },
  storage: storage(at, type),
  createdAtMs: 1,
})
const found = (day: string, type?: string) => ({
  values: [day],
  parameters: {},
  lastAccessMs: 7,
  storage: storage(`${location}day=${day}/`, type),
})

test('what is new, what changed and what is gone are told apart; the rest is not touched', () => {
  const diff = diffPartitions({
    known: [known('1'), known('2'), known('3')],
    found: [found('2'), found('3', 'bigint'), found('4')],
    location,
    keepsUnseen: false,
  })
  expect(diff).toEqual({
    fresh: [found('4')],
    changed: [{ ...found('3', 'bigint'), parameters: { by: 'hand' } }],
    gone: [known('1')],
  })
})

test('a partition that was added from elsewhere is never gone', () => {
  const elsewhere = known('x', 's3://lake/archive/')
  expect(diffPartitions({ known: [elsewhere], found: [], location, keepsUnseen: false }).gone).toEqual([])
})

test('where not every file was looked into a type does not get narrower', () => {
  const sides = { known: [known('1', undefined, 'bigint')], found: [found('1', 'int')], location }
  expect(diffPartitions({ ...sides, keepsUnseen: true }).changed).toEqual([])
  expect(diffPartitions({ ...sides, keepsUnseen: false }).changed).toHaveLength(1)
})
