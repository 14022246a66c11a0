import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { avroContainer, BadAvro } from '../../../src/formats/avro/container.ts'
import { Prefix } from '../../../src/formats/prefix.ts'
import { sourceOf } from '../sources.ts'

const plain = readFileSync(join(import.meta.dirname, 'files/null.avro'))
const deflated = readFileSync(join(import.meta.dirname, 'files/deflate.avro'))

function container(bytes: Buffer, size = bytes.length) {
  return avroContainer(new Prefix(sourceOf('x', bytes).read(0, bytes.length)), size)
}

test.each([
  ['null', plain],
  ['deflate', deflated],
])('of a file with the codec %s the records are counted without decoding them', async (_codec, bytes) => {
  const { records, blockBytes, isCutShort, ...header } = await container(bytes)
  expect({ records, isCutShort }).toEqual({ records: 100, isCutShort: false })
  expect(JSON.parse(header.schemaText)).toMatchObject({ type: 'record' })
  expect(blockBytes).toBeLessThan(bytes.length)
})

test('of a beginning only the blocks whose headers are in it are counted', async () => {
  const whole = await container(plain)
  const part = await container(plain.subarray(0, plain.length - 3000), plain.length)
  expect(part.records).toBeLessThan(whole.records)
  expect(part.blockBytes / part.records).toBeCloseTo(whole.blockBytes / whole.records, -1)
})

test('a file that ends within a block is said to be cut short', async () => {
  expect((await container(plain.subarray(0, plain.length - 10))).isCutShort).toBe(true)
})

test.each<[string, Buffer, RegExp]>([
  ['a cut header', plain.subarray(0, 200), /cut short within its header/],
  ['no schema', Buffer.from([0x4f, 0x62, 0x6a, 1, 0, ...new Array(16).fill(7)]), /no schema/],
  ['a block that does not end in the sync', damagedSync(plain), /does not end in the sync/],
  ['a text without end', Buffer.from([0x4f, 0x62, 0x6a, 1, 2, 0xfe, 0xff, 0xff, 0xff, 0x7f]), /a text of/],
])('%s is refused with the reason', async (_name, bytes, reason) => {
  await expect(container(bytes)).rejects.toThrow(reason)
})

test('whatever the bytes, the reader ends in a container or in BadAvro', async () => {
  const damage = fc.array(fc.tuple(fc.nat(plain.length - 1), fc.nat(255)), { minLength: 1, maxLength: 8 })
  await fc.assert(
    fc.asyncProperty(damage, fc.nat(plain.length), async (changes, length) => {
      const damaged = Buffer.from(plain.subarray(0, length))
      for (const [at, byte] of changes) if (at < length) damaged[at] = byte
      await container(damaged).catch((error: unknown) => expect(error).toBeInstanceOf(BadAvro))
    }),
  )
})

function damagedSync(bytes: Buffer): Buffer {
  const copy = Buffer.from(bytes)
  copy[copy.length - 1] = (copy[copy.length - 1] as number) ^ 1
  return copy
}
