import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Verdict, verdicts } from '../../../../src/delivery/processing/lambda/answer.ts'
import { recordIds } from '../../../../src/delivery/processing/lambda/event.ts'

const IDS = recordIds('ab'.repeat(24), 3)

function said(verdict: Verdict): string {
  if (verdict.kind === 'failed') return verdict.failure.code
  if (verdict.kind === 'dropped') return 'dropped'
  const keys = verdict.partitionKeys === undefined ? '' : ` ${JSON.stringify(verdict.partitionKeys)}`
  return Buffer.from(verdict.data).toString('utf8') + keys
}

const one = (entry: Record<string, unknown>) =>
  verdicts({ records: [{ recordId: IDS.idAt(0), result: 'Ok', data: 'YQ==', ...entry }] }, IDS, 1).map(said)[0]

test.each([
  ['data', {}, 'a'],
  ['no bytes', { data: '' }, ''],
  ['without padding it is not base64', { data: 'YQ' }, 'Lambda.JsonProcessingException'],
  ['nor with a line break', { data: 'YWJj\nYQ=' }, 'Lambda.JsonProcessingException'],
  ['nor in the alphabet of URLs', { data: 'a-_a' }, 'Lambda.JsonProcessingException'],
  ['nor with padding in the middle', { data: 'YQ==YQ==' }, 'Lambda.JsonProcessingException'],
  ['nor padding alone', { data: '====' }, 'Lambda.JsonProcessingException'],
  ['data that is no text', { data: { a: 1 } }, 'Lambda.JsonProcessingException'],
  ['null for data', { data: null }, 'Lambda.InvalidReturnFormat'],
  ['a dropped record needs no data', { result: 'Dropped', data: undefined }, 'dropped'],
  ['nor does a failed one', { result: 'ProcessingFailed', data: undefined }, 'Lambda.ProcessingFailedStatus'],
  ['the words are exact', { result: 'OK' }, 'Lambda.FunctionError'],
  ['a result is needed', { result: undefined }, 'Lambda.FunctionError'],
  ['metadata without keys', { metadata: {} }, 'a'],
  ['null for metadata', { metadata: null }, 'a'],
  ['null for keys', { metadata: { partitionKeys: null } }, 'a'],
  ['no keys', { metadata: { partitionKeys: {} } }, 'a {}'],
  ['keys', { metadata: { partitionKeys: { a: 'x', b: 7, c: true, d: null } } }, 'a {"a":"x","b":"7","c":"true"}'],
  ['a key that is an object', { metadata: { partitionKeys: { a: {} } } }, 'Lambda.JsonProcessingException'],
  ['keys that are a list', { metadata: { partitionKeys: ['a'] } }, 'Lambda.JsonProcessingException'],
  ['metadata that is a text', { metadata: 'a' }, 'Lambda.JsonProcessingException'],
])('of a record: %s', (_what, entry, expected) => {
  expect(one(entry)).toBe(expected)
})

test('a key named like what objects inherit is a key like any other', () => {
  const metadata = JSON.parse('{"partitionKeys":{"__proto__":"x","constructor":"y"}}')
  expect(one({ metadata })).toBe('a {"__proto__":"x","constructor":"y"}')
})

test('an id that comes three times fails once', () => {
  const entry = { recordId: IDS.idAt(1), result: 'Ok', data: 'YQ==' }
  expect(verdicts({ records: [entry, entry, entry] }, IDS, 3).map(said)).toEqual([
    'Lambda.MissingRecordId',
    'Lambda.DuplicatedRecordId',
    'Lambda.MissingRecordId',
  ])
})

test('whatever order records come back in, each gets its own bytes', () => {
  const datas = fc.array(fc.uint8Array({ maxLength: 50 }), { minLength: 1, maxLength: 30 })
  fc.assert(
    fc.property(datas, fc.infiniteStream(fc.nat()), (given, ranks) => {
      const ids = recordIds('cd'.repeat(24), given.length)
      const records = given
        .map((data, index) => ({ recordId: ids.idAt(index), result: 'Ok', data: Buffer.from(data).toString('base64') }))
        .map((entry) => ({ entry, rank: ranks.next().value as number }))
        .sort((a, b) => a.rank - b.rank)
        .map(({ entry }) => entry)
      const found = verdicts({ records }, ids, given.length)
      expect(found.map((verdict) => (verdict.kind === 'ok' ? [...verdict.data] : verdict.kind))).toEqual(
        given.map((data) => [...data]),
      )
    }),
    { numRuns: 100 },
  )
})

test('whatever comes back, every record has one verdict', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.array(fc.jsonValue()), (document, records) => {
      expect(verdicts(document, IDS, 3)).toHaveLength(3)
      expect(verdicts({ records }, IDS, 3).every((verdict) => verdict.kind === 'failed')).toBe(true)
    }),
    { numRuns: 100 },
  )
})
