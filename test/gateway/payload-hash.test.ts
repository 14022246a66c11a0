import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { payloadSha256 } from '../../src/gateway/payload-hash.ts'

test.each([0, 1, 65_535, 65_536, 1_000_000])('%d bytes hash the same on the pool as at once', async (length) => {
  const payload = Buffer.alloc(length, 'lake ')
  expect(await payloadSha256(payload)).toBe(createHash('sha256').update(payload).digest('hex'))
})
