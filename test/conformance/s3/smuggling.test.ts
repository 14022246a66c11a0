/** Requests whose length can be read in two ways: refused, and what hides behind them is never heard. */
import { once } from 'node:events'
import { connect } from 'node:net'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { type S3Lake, startS3Lake } from './support.ts'

let lake: S3Lake

beforeAll(async () => {
  lake = await startS3Lake()
  await fetch(`${lake.endpoint}/lake`, { method: 'PUT' })
})
beforeEach(async () => {
  for (const key of ['a', 'hidden']) await fetch(`${lake.endpoint}/lake/${key}`, { method: 'DELETE' })
})
afterAll(() => lake.close())

/** Everything that is answered until the server, or this side, closes. */
async function sendRaw(text: string): Promise<string> {
  const socket = connect(lake.port, '127.0.0.1')
  let answer = ''
  socket.on('error', () => undefined)
  socket.on('data', (bytes) => {
    answer += bytes.toString('latin1')
  })
  socket.end(text, 'latin1')
  await once(socket, 'close')
  return answer
}

const statusOf = (answer: string) => Number(/^HTTP\/1\.1 (\d+)/.exec(answer)?.[1] ?? 0)
const exists = async (key: string) => (await fetch(`${lake.endpoint}/lake/${key}`)).status === 200

const HIDDEN = 'PUT /lake/hidden HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nConnection: close\r\n\r\nx'
const put = (headers: string, body: string) => `PUT /lake/a HTTP/1.1\r\nHost: localhost\r\n${headers}\r\n\r\n${body}`

test.each([
  ['two lengths', put(`Content-Length: 0\r\nContent-Length: ${HIDDEN.length}`, HIDDEN)],
  ['two equal lengths', put(`Content-Length: ${HIDDEN.length}\r\nContent-Length: ${HIDDEN.length}`, HIDDEN)],
  ['a list of lengths', put(`Content-Length: 0, ${HIDDEN.length}`, HIDDEN)],
  ['a length and chunks', put(`Content-Length: ${HIDDEN.length}\r\nTransfer-Encoding: chunked`, `0\r\n\r\n${HIDDEN}`)],
  ['chunks and a length', put(`Transfer-Encoding: chunked\r\nContent-Length: 5`, `0\r\n\r\n${HIDDEN}`)],
  ['chunks that are not last', put('Transfer-Encoding: chunked, identity', `0\r\n\r\n${HIDDEN}`)],
  ['chunks by another name', put('Transfer-Encoding: xchunked', `0\r\n\r\n${HIDDEN}`)],
  ['chunks named twice', put('Transfer-Encoding: chunked\r\nTransfer-Encoding: identity', `0\r\n\r\n${HIDDEN}`)],
  ['a blank before the colon', put(`Content-Length : ${HIDDEN.length}`, HIDDEN)],
  ['a negative length', put('Content-Length: -1', HIDDEN)],
  ['a length with a sign', put('Content-Length: +1', HIDDEN)],
  ['a hexadecimal length', put('Content-Length: 0x1', HIDDEN)],
  ['a length in parts', put('Content-Length: 1 0', HIDDEN)],
  ['a length past all numbers', put(`Content-Length: ${'9'.repeat(30)}`, HIDDEN)],
  ['a folded header', put(`X-A: b\r\n Content-Length: 0\r\nContent-Length: ${HIDDEN.length}`, HIDDEN)],
  ['a bare carriage return', put(`X-A: b\rContent-Length: 0`, HIDDEN)],
  ['NUL in a header', put('X-A: b\0c\r\nContent-Length: 0', HIDDEN)],
  ['chunks of no size', put('Transfer-Encoding: chunked', `z\r\n\r\n${HIDDEN}`)],
  ['a chunk that is longer than it says', put('Transfer-Encoding: chunked', `1\r\nxyz\r\n0\r\n\r\n${HIDDEN}`)],
])('%s', async (_, text) => {
  const answer = await sendRaw(text)
  expect(statusOf(answer), answer).toBeGreaterThanOrEqual(400)
  expect(answer).not.toContain('HTTP/1.1 200')
  expect([await exists('a'), await exists('hidden')]).toEqual([false, false])
})

test('a body cut short is not stored', async () => {
  for (const headers of [
    'Content-Length: 10',
    'x-amz-content-sha256: STREAMING-UNSIGNED-PAYLOAD-TRAILER\r\nx-amz-decoded-content-length: 10\r\nContent-Length: 60',
  ]) {
    await sendRaw(put(headers, 'a\r\nhell'))
    expect(await exists('a')).toBe(false)
  }
})

test('what follows a whole request is the next one', async () => {
  const answer = await sendRaw(put('Content-Length: 1', 'y') + HIDDEN)
  expect(answer.match(/HTTP\/1\.1 200/g)).toHaveLength(2)
  expect([await exists('a'), await exists('hidden')]).toEqual([true, true])
})
