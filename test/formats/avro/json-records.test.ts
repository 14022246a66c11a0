import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { BadAvro } from '../../../src/formats/avro/container.ts'
import { avroJsonLines } from '../../../src/formats/avro/json-records.ts'
import { inPieces } from '../compression/streams.ts'

/** Written by Python's fastavro: a field of every kind, four records. */
const file = (codec: string) => readFileSync(join(import.meta.dirname, `files/types-${codec}.avro`))

async function linesOf(bytes: Buffer, pieceBytes = 1000): Promise<string[]> {
  let text = ''
  for await (const piece of avroJsonLines(inPieces(bytes, pieceBytes))) text += piece
  return text.split('\n').slice(0, -1)
}

test.each(['deflate', 'snappy', 'zstandard', 'bzip2'])(
  'records of every type under %s become lines of JSON',
  async (codec) => {
    const [first, , , last] = await linesOf(file(codec))
    expect(first).toBe(
      '{"id":9223372036854775807,"i":0,"f":0.100000001,"d":1.5e+300,"s":"tëxt \\"q\\"\\n0","b":true,"raw":"AP8=",' +
        '"day":"1969-12-31","at":"2020-01-01 00:00:00.123456","ms":"1969-12-31 23:59:59.999000","price":-12345.6789,' +
        '"tags":["a","b"],"props":{"k":1152921504606846976},"nest":{"a":0,"b":{"a":7,"b":null}},"color":"BLUE",' +
        '"fx":"YWJj","either":null}',
    )
    expect(last).toContain('"s":null')
    expect(last).toContain('"either":"{\\"a\\":1,\\"b\\":null}"')
  },
)

test('a file is the same in whatever pieces it comes', async () => {
  const whole = await linesOf(file('snappy'), 1_000_000)
  for (const pieceBytes of [1, 7, 100]) expect(await linesOf(file('snappy'), pieceBytes)).toEqual(whole)
})

test('a file that was cut short, wherever, is refused', async () => {
  const bytes = file('deflate')
  const ends = Array.from({ length: 40 }, (_, index) => Math.floor((bytes.length * index) / 40))
  const headerEnd = bytes.length - (await bodyBytes(bytes))
  for (const end of ends.filter((each) => each !== headerEnd))
    await expect(linesOf(bytes.subarray(0, end)), String(end)).rejects.toThrow(BadAvro)
})

/** From the first block on. */
async function bodyBytes(bytes: Buffer): Promise<number> {
  const sync = bytes.subarray(-16)
  return bytes.length - (bytes.indexOf(sync) + 16)
}

test('damaged bytes end in BadAvro or in other records, and end', async () => {
  const bytes = file('snappy')
  const damage = fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.nat(255)), { minLength: 1, maxLength: 5 })
  await fc.assert(
    fc.asyncProperty(damage, async (changes) => {
      const damaged = Buffer.from(bytes)
      for (const [at, value] of changes) damaged[at] = value
      try {
        for (const line of await linesOf(damaged)) JSON.parse(line)
      } catch (error) {
        if (!(error instanceof BadAvro)) throw error
      }
    }),
    { numRuns: 300 },
  )
})

// An encoder of our own, as small as can be: files for the property and for what no writer makes.
function long(value: bigint | number): Buffer {
  let rest = BigInt.asUintN(64, (BigInt(value) << 1n) ^ (BigInt(value) >> 63n))
  const bytes: number[] = []
  for (; rest >= 128n; rest >>= 7n) bytes.push(Number(rest & 127n) | 128)
  return Buffer.from([...bytes, Number(rest)])
}

const text = (value: string) => Buffer.concat([long(Buffer.byteLength(value)), Buffer.from(value)])

function avroFile(schema: object, records: readonly Buffer[]): Buffer {
  const sync = Buffer.alloc(16, 7)
  const header = [Buffer.from('Obj\u0001'), long(1), text('avro.schema'), text(JSON.stringify(schema)), long(0), sync]
  const body = Buffer.concat(records)
  return Buffer.concat([...header, long(records.length), long(body.length), body, sync])
}

test('whole numbers of 64 bits and texts of any kind come through exactly', async () => {
  const schema = {
    type: 'record',
    name: 'r',
    fields: [
      { name: 'n', type: 'long' },
      { name: 't', type: 'string' },
    ],
  }
  const row = fc.record({
    n: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
    t: fc.string({ unit: 'grapheme' }),
  })
  await fc.assert(
    fc.asyncProperty(fc.array(row, { maxLength: 20 }), async (rows) => {
      const bytes = avroFile(
        schema,
        rows.map(({ n, t }) => Buffer.concat([long(n), text(t)])),
      )
      expect(await linesOf(bytes)).toEqual(rows.map(({ n, t }) => `{"n":${n},"t":${JSON.stringify(t)}}`))
    }),
  )
})

const NESTED = { type: 'record', name: 'r', fields: [{ name: 'r', type: ['null', 'r'] }] }
const NOTHINGS = { type: 'record', name: 'r', fields: [{ name: 'a', type: { type: 'array', items: 'null' } }] }

test.each<[string, object, Buffer, RegExp]>([
  [
    'records within each other without end',
    NESTED,
    Buffer.concat([...Array(100).fill(long(1)), long(0)]),
    /more than 64 deep/,
  ],
  ['a list of a billion nothings', NOTHINGS, Buffer.concat([long(1_000_000_000), long(0)]), /more than 10000000 items/],
  [
    'a text longer than its block',
    { type: 'record', name: 'r', fields: [{ name: 't', type: 'string' }] },
    long(99),
    /ends within a record/,
  ],
  ['more bytes than records', { type: 'record', name: 'r', fields: [] }, long(1), /more than its records/],
  [
    'a type that is not defined',
    { type: 'record', name: 'r', fields: [{ name: 't', type: 'nope' }] },
    long(1),
    /does not define it/,
  ],
])('%s are refused', async (_what, schema, body, message) => {
  await expect(linesOf(avroFile(schema, [body]))).rejects.toThrow(message)
})
