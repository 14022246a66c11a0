import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ByteReader, ByteWriter, Summary } from '../../src/telemetry/summary.ts'

const value = fc.oneof(
  fc.maxSafeInteger(),
  fc.double({ noNaN: true, noDefaultInfinity: true, max: 1e100, min: -1e100 }),
)

function summaryOf(values: readonly number[]): Summary {
  const summary = new Summary()
  for (const one of values) summary.add(one)
  return summary
}

const facts = (summary: Summary) => ({
  count: summary.count,
  sum: summary.sum,
  minimum: summary.minimum,
  maximum: summary.maximum,
  percentiles: [0, 50, 99, 100].map((percent) => summary.percentile(percent)),
})

function written(summary: Summary, minute = 7): Buffer {
  const writer = new ByteWriter()
  summary.write(writer, minute)
  return writer.take()
}

test('a summary is read back as it was written, one behind the other', () => {
  const values = fc.array(value, { minLength: 1, maxLength: 60 })
  fc.assert(
    fc.property(fc.array(values, { minLength: 1, maxLength: 4 }), (minutes) => {
      const summaries = minutes.map(summaryOf)
      const reader = new ByteReader(Buffer.concat(summaries.map((summary, minute) => written(summary, minute))))
      for (const [index, summary] of summaries.entries()) {
        const read = Summary.read(reader)
        expect(read.minute).toBe(index)
        expect(facts(read.summary)).toEqual(facts(summary))
      }
      expect(reader.isAtEnd).toBe(true)
    }),
  )
})

test('putting two together is the same as never having parted them', () => {
  const values = fc.array(fc.integer({ min: -1000, max: 1000 }), { maxLength: 30 })
  fc.assert(
    fc.property(values, values, (some, others) => {
      const merged = summaryOf(some)
      merged.merge(summaryOf(others))
      expect(facts(merged)).toEqual(facts(summaryOf([...some, ...others])))
    }),
  )
})

test('percentiles lie between the smallest and the largest value', () => {
  const summary = summaryOf([3, 5, 1000])
  expect(summary.percentile(0)).toBe(3)
  expect(summary.percentile(100)).toBe(1000)
})

test('a value with a count is that many values', () => {
  const counted = new Summary()
  counted.add(5, 3)
  counted.add(7, 2)
  expect(facts(counted)).toEqual(facts(summaryOf([5, 5, 5, 7, 7])))
})

test.each([
  ['spread values', { count: 4, sum: 10, minimum: 1, maximum: 5 }, undefined],
  ['values that are all the same', { count: 4, sum: 8, minimum: 2, maximum: 2 }, 2],
])('of a statistic set of %s the percentile is %s', (_what, set, expected) => {
  const summary = new Summary()
  summary.addSet(set)
  expect(facts(summary)).toMatchObject(set)
  expect(summary.percentile(50)).toBe(expected)
  expect(facts(Summary.read(new ByteReader(written(summary))).summary)).toEqual(facts(summary))
})

test('values beside a statistic set have no percentile either, whichever came first', () => {
  const set = { count: 2, sum: 4, minimum: 1, maximum: 3 }
  const setFirst = new Summary()
  setFirst.addSet(set)
  setFirst.add(9)
  const valueFirst = summaryOf([9, 8])
  valueFirst.addSet(set)
  for (const summary of [setFirst, valueFirst]) expect(summary.percentile(50)).toBeUndefined()
  expect(valueFirst).toMatchObject({ count: 4, sum: 21, minimum: 1, maximum: 9 })
})

test('read without its spread a summary has all but percentiles, and what follows it is found', () => {
  const summary = summaryOf([1, 2, 300])
  const reader = new ByteReader(Buffer.concat([written(summary), written(summaryOf([4]), 8)]))
  const read = Summary.read(reader, false).summary
  expect(facts(read)).toMatchObject({ count: 3, sum: 303, minimum: 1, maximum: 300 })
  expect(read.percentile(50)).toBeUndefined()
  expect(Summary.read(reader, false)).toMatchObject({ minute: 8, summary: { sum: 4 } })
})

test('a small counter takes four bytes', () => {
  expect(written(summaryOf([1, 1, 1])).byteLength).toBe(4)
})

test('of no values there is no percentile', () => {
  expect(new Summary().percentile(50)).toBeUndefined()
})
