import fc from 'fast-check'
import { expect, test } from 'vitest'
import { FailedRecords } from '../../../src/delivery/conversion/failed-records.ts'

const schema = {
  roleArn: undefined,
  catalogId: '111111111111',
  database: 'lake',
  table: 'events',
  region: 'us-east-1',
  version: '3',
}
const context = { attemptMs: 5, accountId: '000000000000', region: 'eu-west-1' }
const code = 'DataFormatConversion.ParseError'

test('every record comes back with its own time, data and reason, as often as one looks', () => {
  const anyRecord = fc.record({
    // Some that fit a chunk of a mebibyte only alone.
    data: fc.oneof(
      { weight: 20, arbitrary: fc.uint8Array({ maxLength: 40 }) },
      { weight: 1, arbitrary: fc.constantFrom(700_000, 1_100_000).map((length) => new Uint8Array(length).fill(7)) },
    ),
    arrivalMs: fc.nat(),
    message: fc.constantFrom('a', 'b', 'c'),
  })
  fc.assert(
    fc.property(fc.array(anyRecord, { maxLength: 60 }), (records) => {
      const failed = new FailedRecords(schema, context)
      for (const { data, arrivalMs, message } of records) failed.add(data, arrivalMs, { code, message })

      const seen = [...failed].map(({ entry }) => [
        entry['arrivalTimestamp'],
        entry['rawData'],
        entry['lastErrorMessage'],
      ])
      expect(seen).toEqual(
        records.map(({ data, arrivalMs, message }) => [arrivalMs, Buffer.from(data).toString('base64'), message]),
      )
      expect([...failed]).toHaveLength(failed.count)
      expect(failed.bytes).toBe(records.reduce((sum, { data }) => sum + data.length, 0))
    }),
    { numRuns: 30 },
  )
})

test('data that is written over later is kept as it was', () => {
  const failed = new FailedRecords(schema, context)
  const data = Buffer.from('abc')
  failed.add(data, 1, { code, message: 'x' })
  data.fill(0)
  expect([...failed][0]?.entry['rawData']).toBe('YWJj')
})

test('catalog and region of the configuration are told where it has them', () => {
  const failed = new FailedRecords(schema, context)
  failed.add(Buffer.from('x'), 1, { code, message: 'x' })
  expect([...failed][0]?.entry['dataCatalogTable']).toEqual({
    catalogId: '111111111111',
    databaseName: 'lake',
    tableName: 'events',
    region: 'us-east-1',
    versionId: '3',
    catalogArn: null,
  })
})
