import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  decodeFrame,
  decodeRecords,
  encodeFrame,
  encodePart,
  encodeRecords,
  FRAME_BODY_BYTES_MAX,
  type FrameKind,
  nextMarker,
  sourceRecords,
  splitRecords,
} from '../../../src/delivery/journal/frame.ts'

const kinds: FrameKind[] = ['records', 'seal', 'retarget', 'release']
const someBytes = fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes))
const someRecords = fc.array(someBytes, { maxLength: 40 })

test('a frame reads back as it was written', () => {
  fc.assert(
    fc.property(fc.constantFrom(...kinds), fc.maxSafeNat(), fc.array(someBytes), (kind, durable, parts) => {
      const bytes = Buffer.concat(encodeFrame(kind, durable, parts))
      const decoded = decodeFrame(bytes, 0)
      expect(decoded).toMatchObject({ outcome: 'frame', frame: { kind, durable }, end: bytes.byteLength })
      if (decoded.outcome === 'frame') expect(decoded.frame.body.equals(Buffer.concat(parts))).toBe(true)
    }),
  )
})

test('any flipped bit makes a frame unreadable', () => {
  fc.assert(
    fc.property(someBytes, fc.nat(), (body, anyBit) => {
      const bytes = Buffer.concat(encodeFrame('records', 7, [body]))
      const bit = anyBit % (bytes.byteLength * 8)
      bytes[bit >> 3] = (bytes[bit >> 3] as number) ^ (1 << (bit & 7))
      expect(decodeFrame(bytes, 0).outcome).not.toBe('frame')
    }),
  )
})

test('a frame that is cut short asks for the bytes it lacks', () => {
  fc.assert(
    fc.property(someBytes, fc.nat(), (body, anyCut) => {
      const bytes = Buffer.concat(encodeFrame('seal', 0, [body]))
      const decoded = decodeFrame(bytes.subarray(0, anyCut % bytes.byteLength), 0)
      expect(decoded.outcome).toBe('short')
      if (decoded.outcome === 'short') expect(decoded.needed).toBeLessThanOrEqual(bytes.byteLength)
    }),
  )
})

test('records keep their bytes, their order and their bounds, whether or not they lie in one buffer', () => {
  fc.assert(
    fc.property(someRecords, fc.boolean(), fc.maxSafeNat(), (records, areNeighbours, arrivalMs) => {
      const given = areNeighbours ? neighbours(records) : records
      const body = Buffer.concat(encodeRecords(given, arrivalMs))
      expect(decodeRecords(body)).toMatchObject({ arrivalMs, recordCount: records.length })
      expect(decodeRecords(body).bytes.equals(Buffer.concat(records))).toBe(true)
      expect(splitRecords(body).map(String)).toEqual(records.map(String))
    }),
  )
})

test('records of a lane keep the time of their arrival, or the nearest that can be written when the clock was set', () => {
  const arrivals = [1_000, 999, 1_500, 1_000 + 2 ** 32, 1_000 + 60 * 365 * 86_400_000]
  const written = arrivals.map((arrivalMs, index) => ({ data: Buffer.from(`${index}`), arrivalMs }))
  const body = Buffer.concat(encodePart({ attempt: 'one', lane: 'left' }, written))
  const read = sourceRecords({ kind: 'part', body })
  expect(read.map(({ data }) => data.toString()).join('')).toBe('01234')
  expect(read.map(({ arrivalMs }) => arrivalMs - 1_000)).toEqual([0, 0, 500, 2 ** 32 - 1, 2 ** 32 - 1])
})

test('records that lie side by side in the request are written without being copied', () => {
  const records = neighbours(Array.from({ length: 500 }, (_, index) => Buffer.from(`record ${index}\n`)))
  const [, ...runs] = encodeRecords(records, 0)
  expect(runs).toHaveLength(1)
  expect(runs[0]?.buffer).toBe(records[0]?.buffer)
})

test('parts without bytes change nothing, whatever memory they are views of', () => {
  const body = [
    Buffer.from('a'),
    new Uint8Array(new ArrayBuffer(0)),
    Buffer.from('b'),
    new Uint8Array(new ArrayBuffer(0)),
  ]
  const decoded = decodeFrame(Buffer.concat(encodeFrame('records', 0, body)), 0)
  expect(decoded.outcome === 'frame' && decoded.frame.body.toString()).toBe('ab')
})

test('a body over the limit is a bug to write and damage to read', () => {
  const body = Buffer.alloc(FRAME_BODY_BYTES_MAX)
  expect(decodeFrame(Buffer.concat(encodeFrame('records', 0, [body])), 0).outcome).toBe('frame')
  expect(() => encodeFrame('records', 0, [body, Buffer.from('x')])).toThrow('too large')
  const bytes = Buffer.concat(encodeFrame('records', 0, [Buffer.from('x')]))
  bytes.writeUInt32LE(FRAME_BODY_BYTES_MAX + 1, 8)
  expect(decodeFrame(bytes, 0).outcome).toBe('bad')
})

test('the next marker is found behind rubbish', () => {
  const frame = Buffer.concat(encodeFrame('release', 0, [Buffer.from('{}')]))
  expect(nextMarker(Buffer.concat([Buffer.from('rubbish'), frame]), 0)).toBe(7)
  expect(nextMarker(Buffer.from('rubbish'), 0)).toBeUndefined()
})

function neighbours(records: readonly Buffer[]): Uint8Array[] {
  const all = Buffer.concat(records)
  let at = 0
  return records.map((record) => {
    at += record.byteLength
    return new Uint8Array(all.buffer, all.byteOffset + at - record.byteLength, record.byteLength)
  })
}
