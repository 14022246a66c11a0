/** Whatever somebody puts into a lake, reading it ends in a schema or in a reason, and within bounds. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { CustomClassifier } from '../../src/formats/classifier.ts'
import { readFileSchema } from '../../src/formats/read-file-schema.ts'
import { SAMPLE_BYTES_MAX } from '../../src/formats/text.ts'
import { lz4Stored, snappyFraming, zipOf, zstdStored } from './compression/streams.ts'
import { sourceOf } from './sources.ts'

const CLASSIFIERS: readonly CustomClassifier[] = [
  { kind: 'grok', name: 'grok', classification: 'x', grokPattern: '%{INT:a:int}.*%{WORD:b}$' },
  { kind: 'json', name: 'json', jsonPath: '$[*]' },
  { kind: 'xml', name: 'xml', classification: 'x', rowTag: 'a' },
]

const WRAPS: Readonly<Record<string, (plain: Buffer) => Buffer>> = {
  nothing: (plain) => plain,
  gzip: (plain) => gzipSync(plain),
  zip: zipOf,
  Snappy: snappyFraming,
  LZ4: lz4Stored,
  zstd: zstdStored,
}

const HEADS = [
  '',
  'PAR1',
  'Obj\u0001',
  'ORC',
  'BZh9',
  'PK\u0003\u0004',
  '<?xml ',
  '{"a":',
  '[{',
  'a,b\n',
  '\u001f\u008b',
]
const head = fc.constantFrom(...HEADS).map((text) => Buffer.from(text, 'latin1'))
const words = fc.array(
  fc.constantFrom(
    '{',
    '}',
    '[',
    ']',
    '"a"',
    ':',
    ',',
    '1',
    '1.5',
    'true',
    '\n',
    '<a>',
    '</a>',
    '<b c="1"/>',
    'x|y',
    '\t',
    '"',
    '\\',
    ' ',
  ),
  { maxLength: 60 },
)
const bytes = fc.oneof(
  fc.tuple(head, fc.uint8Array({ maxLength: 400 })).map(([first, rest]) => Buffer.concat([first, rest])),
  words.map((parts) => Buffer.from(parts.join(''))),
)

test.each(Object.entries(WRAPS))(
  'any bytes within %s are a schema or a reason, and so are they cut off',
  async (_name, wrap) => {
    const extension = fc.constantFrom('', '.gz', '.bz2', '.zip', '.snappy', '.zst', '.lz4', '.parquet', '.avro')
    await fc.assert(
      fc.asyncProperty(bytes, extension, fc.double({ min: 0, max: 1, noNaN: true }), async (plain, name, share) => {
        const stored = wrap(plain)
        for (const file of [stored, stored.subarray(0, Math.floor(stored.length * share))]) {
          const reading = await readFileSchema(sourceOf(`x${name}`, file), CLASSIFIERS)
          if (reading.kind === 'unknown') expect(reading.reason).not.toBe('')
          else expect(reading.schema.storedBytes).toBeLessThanOrEqual(file.length)
        }
      }),
      { numRuns: 150 },
    )
  },
)

test('Parquet with a damaged footer is a schema or a reason', async () => {
  const file = readFileSync(join(import.meta.dirname, 'parquet/files/snappy.parquet'))
  const footerStart = file.length - 8 - file.readUInt32LE(file.length - 8)
  const damage = fc.array(fc.tuple(fc.integer({ min: footerStart, max: file.length - 5 }), fc.nat(255)), {
    minLength: 1,
    maxLength: 4,
  })
  await fc.assert(
    fc.asyncProperty(damage, async (changes) => {
      const damaged = Buffer.from(file)
      for (const [at, byte] of changes) damaged[at] = byte
      const reading = await readFileSchema(sourceOf('x', damaged))
      if (reading.kind === 'schema') expect(reading.schema.records).toBeGreaterThanOrEqual(0)
    }),
    { numRuns: 1000 },
  )
})

const records = fc.array(
  fc.record({ id: fc.integer(), name: fc.string(), tags: fc.array(fc.string()) }, { requiredKeys: ['id'] }),
  { minLength: 1, maxLength: 30 },
)
const cell = fc.stringMatching(/^[a-z]{1,5}$/)

test.each<[string, fc.Arbitrary<string>]>([
  ['JSON', records.map((all) => all.map((record) => `${JSON.stringify(record)}\n`).join(''))],
  ['XML of one record', records.map((all) => `<r>${all.map(({ id }, n) => `<b${n}>${id}</b${n}>`).join('')}</r>`)],
  ['XML', records.map((all) => `<r>${all.map(({ id }) => `<b><id>${id}</id></b>`).join('')}</r>`)],
  [
    'CSV',
    fc
      .array(fc.tuple(cell, fc.nat()), { minLength: 2 })
      .map((rows) => `name,n\n${rows.map((row) => `${row.join(',')}\n`).join('')}`),
  ],
])('a beginning of %s, read as one, has no column that the whole does not have', async (_name, text) => {
  await fc.assert(
    fc.asyncProperty(text, fc.double({ min: 0, max: 1, noNaN: true }), async (whole, share) => {
      // More than a sample follows, so that the text read is a beginning.
      const names = async (part: string, size: number) => {
        const content = Buffer.from(part)
        const source = {
          name: 'x',
          size,
          read: (start: number, end: number) => sourceOf('x', content).read(start, end),
        }
        const reading = await readFileSchema(source)
        return reading.kind === 'schema' ? reading.schema.columns.map((column) => column.name) : []
      }
      const all = await names(whole, SAMPLE_BYTES_MAX + 1)
      const part = await names(whole.slice(0, Math.floor(whole.length * share)), SAMPLE_BYTES_MAX + 1)
      // Too little of a CSV file to see its header, or of XML to see its records, has other names, and no table of its own.
      if (part.length > 0 && part.every((name) => !/^col\d+$/.test(name)))
        expect(all).toEqual(expect.arrayContaining(part))
    }),
  )
})

test.each([
  ['gzip', 'x.gz', gzipSync(Buffer.alloc(200_000_000, '{"a":1}\n'))],
  ['ZIP', 'x.zip', zipOf(Buffer.alloc(200_000_000, 'x,1\n'))],
])('of a %s bomb only a sample is unpacked', async (_name, name, bomb) => {
  const reading = await readFileSchema(sourceOf(name, bomb))
  expect(reading.kind === 'schema' && reading.schema.storedBytes).toBeLessThan(bomb.length / 20)
})
