import { expect, test } from 'vitest'
import { type AdminContext, handleAdmin } from '../../../src/services/admin/index.ts'

function context(auth: 'verify' | 'open', status: 'ready' | 'starting' = 'ready'): AdminContext & { resets: number } {
  const counted = {
    auth,
    resets: 0,
    health: async () => ({ status, version: '1' }),
    streams: () => [],
    reset: async () => {
      counted.resets++
    },
  }
  return counted
}

test('health is 200 only when the lake can work', async () => {
  expect(await handleAdmin('GET', '/_lakelet/health', context('verify'))).toMatchObject({
    status: 200,
    body: '{"status":"ready","version":"1"}\n',
  })
  expect((await handleAdmin('GET', '/_lakelet/health', context('verify', 'starting'))).status).toBe(503)
})

test('only an open lake can be emptied', async () => {
  const open = context('open')
  expect((await handleAdmin('POST', '/_lakelet/reset', open)).status).toBe(200)
  expect(open.resets).toBe(1)
  const verified = context('verify')
  expect((await handleAdmin('POST', '/_lakelet/reset', verified)).status).toBe(403)
  expect(verified.resets).toBe(0)
})

test.each([
  ['POST', '/_lakelet/health', 405],
  ['GET', '/_lakelet/reset', 405],
  ['GET', '/_lakelet/', 404],
  ['GET', '/_lakelet/../b', 404],
])('%s %s answers %i', async (method, path, status) => {
  const open = context('open')
  expect((await handleAdmin(method, path, open)).status).toBe(status)
  expect(open.resets).toBe(0)
})
