import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { gunzipped } from '../../src/gateway/gzipped-body.ts'

test('a compressed body is what it was before, up to the bound', async () => {
  const text = Buffer.alloc(1000, 'lake')
  expect(await gunzipped(gzipSync(text), 1000)).toEqual(text)
})

test('a body that would grow past the bound is refused', async () => {
  await expect(gunzipped(gzipSync(Buffer.alloc(1001)), 1000)).rejects.toMatchObject({ status: 413 })
})

test('a body that is no gzip is refused', async () => {
  await expect(gunzipped(Buffer.from('plain'), 1000)).rejects.toMatchObject({ code: 'SerializationException' })
})
