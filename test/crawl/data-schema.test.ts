import { expect, test } from 'vitest'
import { areOneTable, CLUSTERS_MAX, type DataSchema, similarity } from '../../src/crawl/data-schema.ts'
import { array, bigint, type InferredField, int, string, unknown } from '../../src/formats/inferred-type.ts'

const byLikeness = { combineCompatible: false }

function json(columns: readonly InferredField[], more: Partial<DataSchema> = {}): DataSchema {
  return {
    classification: 'json',
    layout: { kind: 'json', paths: [] },
    compression: 'none',
    columns,
    records: 1,
    storedBytes: 10,
    ...more,
  }
}

/** Columns c<from> … c<to - 1>. */
function range(from: number, to: number, type = string): InferredField[] {
  return Array.from({ length: to - from }, (_, index) => ({ name: `c${from + index}`, type }))
}

test('seven columns of ten in common are not similar, eight are', () => {
  const ofTen = (common: number) => areOneTable([json(range(0, 10)), json(range(10 - common, 20 - common))], byLikeness)
  expect([ofTen(7), ofTen(8)]).toEqual([false, true])
})

test.each([
  ['other numbers', int, bigint, 1],
  ['a number and a text', int, string, 0],
  ['only nulls so far', unknown, string, 1],
  ['a list and its element', array(int), int, 0],
])('one column of the same name, %s', (_name, left, right, expected) => {
  expect(similarity(range(0, 1, left), range(0, 1, right))).toBe(expected)
})

test('data that drifts from neighbour to neighbour is one table while it is of few enough kinds', () => {
  // Two steps of five columns in twenty make a new kind, one step does not.
  const drifting = (kinds: number) =>
    Array.from({ length: kinds * 2 }, (_, step) => json(range(step * 5, step * 5 + 20)))
  const outcomes = [2, CLUSTERS_MAX, CLUSTERS_MAX + 1].map((kinds) => areOneTable(drifting(kinds), byLikeness))
  expect(outcomes).toEqual([true, true, false])
})

test.each<[string, Partial<DataSchema>]>([
  [
    'format',
    { classification: 'csv', layout: { kind: 'csv', delimiter: ',', hasHeader: true, serde: 'LazySimpleSerDe' } },
  ],
  ['compression', { compression: 'gzip' }],
])('the same columns in another %s are another table, even when combining', (_name, more) => {
  const schemas = [json(range(0, 3)), json(range(0, 3), more)]
  expect([areOneTable(schemas, byLikeness), areOneTable(schemas, { combineCompatible: true })]).toEqual([false, false])
})

test('combining takes whatever has the same format', () => {
  expect(areOneTable([json(range(0, 3)), json(range(5, 9))], { combineCompatible: true })).toBe(true)
})
