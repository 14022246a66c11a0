import { expect, test } from 'vitest'
import { admittedCount, freeBytes } from '../../src/delivery/admission.ts'

const limits = { streamBytesMax: 100, totalBytesMax: 150, queuedBytesMax: 40 }

/** [bytes of the stream, of all, still in memory; room] */
const rooms: [number, number, number, number][] = [
  [0, 0, 0, 40],
  [70, 70, 0, 30],
  [100, 100, 0, 0],
  [20, 140, 0, 10],
  [20, 151, 0, 0],
  [0, 0, 39, 1],
  [0, 0, 64, 0],
]

for (const [streamBytes, totalBytes, queuedBytes, room] of rooms) {
  test(`with ${streamBytes} of the stream, ${totalBytes} of all and ${queuedBytes} in memory there is room for ${room}`, () => {
    expect(freeBytes({ streamBytes, totalBytes, queuedBytes }, limits)).toBe(room)
  })
}

/** [sizes, room, how many are let in] */
const calls: [number[], number, number][] = [
  [[10, 10, 10], 30, 3],
  [[10, 10, 10], 29, 2],
  [[10, 10, 10], 9, 0],
  [[0], 1, 1],
  [[0], 0, 0],
  [[50, 1], 30, 0],
  [[], 30, 0],
]

for (const [sizes, room, count] of calls) {
  test(`of records of ${sizes.join(', ') || 'nothing'} bytes ${count} fit into ${room}`, () => {
    const payloads = sizes.map((size) => Buffer.alloc(size))
    expect(admittedCount(payloads, room)).toBe(count)
  })
}
