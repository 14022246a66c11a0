import fc from 'fast-check'
import { expect, test } from 'vitest'
import { avroJsonLines } from '../../../../src/formats/avro/json-records.ts'
import { type AvroField, avroEncoder, type JsonValue } from '../../../../src/formats/avro/write/encoder.ts'
import { type AvroCodec, AvroFileWriter } from '../../../../src/formats/avro/write/file-writer.ts'
import { inPieces } from '../../compression/streams.ts'

function fileOf(fields: readonly AvroField[], rows: readonly (readonly JsonValue[])[], codec: AvroCodec): Buffer {
  const writer = new AvroFileWriter(avroEncoder(fields), codec, Buffer.alloc(16, 9))
  const parts = [writer.header(), ...rows.map((row) => writer.add(row)), writer.block()]
  return Buffer.concat(parts.filter((part) => part !== undefined))
}

async function linesOf(bytes: Buffer): Promise<string[]> {
  let text = ''
  for await (const piece of avroJsonLines(inPieces(bytes, 10_000))) text += piece
  return text.split('\n').slice(0, -1)
}

const FIELDS: readonly AvroField[] = [
  { name: 'flag', type: { kind: 'boolean' } },
  { name: 'small', type: { kind: 'int' } },
  { name: 'big', type: { kind: 'long' } },
  { name: 'wide', type: { kind: 'double' } },
  { name: 'text', type: { kind: 'string' } },
  { name: 'raw', type: { kind: 'bytes' } },
  { name: 'price', type: { kind: 'decimal', precision: 38, scale: 3 } },
  { name: 'tags', type: { kind: 'array', item: { kind: 'string' } } },
  { name: 'counts', type: { kind: 'map', value: { kind: 'long' } } },
  { name: 'inner', type: { kind: 'record', fields: [{ name: 'a', type: { kind: 'int' } }] } },
]

const orNull = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { freq: 4 })
const int = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 })
const bigText = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(String)
const priceText = fc.bigInt({ min: -(10n ** 38n) + 1n, max: 10n ** 38n - 1n }).map((value) => {
  const digits = String(value < 0n ? -value : value).padStart(4, '0')
  return `${value < 0n ? '-' : ''}${digits.slice(0, -3)}.${digits.slice(-3)}`
})
const row = fc.tuple(
  orNull(fc.boolean()),
  orNull(int),
  orNull(bigText),
  orNull(fc.double({ noDefaultInfinity: true, noNaN: true })),
  orNull(fc.string({ unit: 'grapheme' })),
  orNull(fc.uint8Array().map((bytes) => Buffer.from(bytes).toString('base64'))),
  orNull(priceText),
  orNull(fc.array(orNull(fc.string()), { maxLength: 5 })),
  orNull(
    fc.dictionary(
      fc.string().filter((key) => key !== '__proto__'),
      orNull(bigText),
      { maxKeys: 4 },
    ),
  ),
  orNull(fc.record({ a: orNull(int) })),
)

/** JSON as the reader writes it: numbers of 64 bits and decimals bare. */
function asRead(values: readonly unknown[]): string {
  const bare = (value: unknown, index: number): string => {
    if (value === null) return 'null'
    if (index === 2 || index === 6) return String(value)
    if (index === 3) return Object.is(value, -0) ? '-0.0' : String(value)
    if (index !== 8) return JSON.stringify(value)
    const entries = Object.entries(value as Record<string, string | null>)
    return `{${entries.map(([key, count]) => `${JSON.stringify(key)}:${count}`).join(',')}}`
  }
  return `{${values.map((value, index) => `"${FIELDS[index]?.name}":${bare(value, index)}`).join(',')}}`
}

test.each<AvroCodec>(['null', 'deflate', 'snappy'])('records under %s are read as they were written', async (codec) => {
  await fc.assert(
    fc.asyncProperty(fc.array(row, { maxLength: 30 }), async (rows) => {
      const bytes = fileOf(FIELDS, rows as readonly (readonly JsonValue[])[], codec)
      expect(await linesOf(bytes)).toEqual(rows.map(asRead))
    }),
    { numRuns: 50 },
  )
})

test('a file of many records has several blocks, which hold all of them', async () => {
  const rows = Array.from({ length: 20_000 }, (_, index) => [`value number ${index} of many`])
  const bytes = fileOf([{ name: 't', type: { kind: 'string' } }], rows, 'snappy')
  expect(bytes.filter((_, at) => bytes.subarray(at, at + 16).equals(Buffer.alloc(16, 9))).length).toBeGreaterThan(2)
  expect(await linesOf(bytes)).toHaveLength(20_000)
})

test('a file without records has a header alone', async () => {
  expect(await linesOf(fileOf(FIELDS, [], 'deflate'))).toEqual([])
})
