import { expect, test } from 'vitest'
import { ReusedBuffers } from '../../src/platform/reused-buffers.ts'

const MIB = 1024 * 1024

test('memory that came back is used for the next body of about that size', () => {
  const buffers = new ReusedBuffers()
  const first = buffers.take(700_000)
  buffers.giveBack(first)
  const second = buffers.take(600_000)
  expect(second.buffer).toBe(first.buffer)
  expect(second.byteLength).toBe(600_000)
})

test('two bodies at the same time never share memory', () => {
  const buffers = new ReusedBuffers()
  const one = buffers.take(700_000)
  expect(buffers.take(700_000).buffer).not.toBe(one.buffer)
  buffers.giveBack(one)
  buffers.giveBack(one)
  expect(buffers.take(700_000).buffer).toBe(one.buffer)
  expect(buffers.take(700_000).buffer).not.toBe(one.buffer)
})

test('memory that was not taken here is not kept', () => {
  const buffers = new ReusedBuffers()
  const foreign = Buffer.from(new ArrayBuffer(MIB))
  buffers.giveBack(foreign)
  expect(buffers.take(MIB).buffer).not.toBe(foreign.buffer)
})

test('no more than 16 MiB wait to be used', () => {
  const buffers = new ReusedBuffers()
  const taken = Array.from({ length: 17 }, () => buffers.take(MIB))
  for (const buffer of taken) buffers.giveBack(buffer)
  const memory = new Set(taken.map(({ buffer }) => buffer))
  const again = Array.from({ length: 17 }, () => buffers.take(MIB))
  expect(again.filter(({ buffer }) => memory.has(buffer))).toHaveLength(16)
})
