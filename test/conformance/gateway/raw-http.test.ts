/** What no SDK sends: broken HTTP, oversize, half bodies, Expect, and a server told to stop in the middle. */
import { once } from 'node:events'
import { request as httpRequest, type IncomingMessage, type OutgoingHttpHeaders } from 'node:http'
import { connect } from 'node:net'
import { setImmediate as turn } from 'node:timers/promises'
import { afterEach, expect, test } from 'vitest'
import type { GatewayParts } from '../../../src/gateway/gateway.ts'
import { HEADER_BYTES_MAX, HEADER_COUNT_MAX } from '../../../src/gateway/limits.ts'
import type { WireRequest, WireResponse } from '../../../src/wire/http.ts'
import { type FakeLake, startFakeLake } from '../../support/fake-lake.ts'

const lakes: FakeLake[] = []

async function start(options: Parameters<typeof startFakeLake>[0] = { auth: 'open' }): Promise<FakeLake> {
  const lake = await startFakeLake(options)
  lakes.push(lake)
  return lake
}

afterEach(async () => {
  await Promise.all(lakes.splice(0).map((lake) => lake.gateway.close()))
})

/** Everything the server sends on a fresh connection until it closes it. */
async function sendRaw(port: number, text: string): Promise<string> {
  const socket = connect(port, '127.0.0.1')
  socket.on('error', () => undefined)
  socket.write(text)
  let answer = ''
  socket.on('data', (bytes) => {
    answer += bytes.toString('latin1')
  })
  await once(socket, 'close')
  return answer
}

interface Answer {
  readonly status: number
  readonly headers: IncomingMessage['headers']
  readonly body: string
}

interface Ask {
  readonly method?: string
  readonly path?: string
  readonly headers?: OutgoingHttpHeaders
  readonly body?: string | Buffer
}

/** On a connection of its own. */
function ask(lake: FakeLake, { method = 'GET', path = '/', headers = {}, body }: Ask): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(
      { port: lake.port, host: '127.0.0.1', method, path, headers, agent: false },
      (response) => {
        let text = ''
        response.on('data', (bytes) => {
          text += bytes
        })
        response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text }))
        response.on('error', reject)
      },
    )
    request.on('error', reject)
    request.end(body)
  })
}

const json = (target: string) => ({ 'x-amz-target': target, 'content-type': 'application/x-amz-json-1.1' })
const PUT = 'Firehose_20150804.PutRecord'

async function staysUp(lake: FakeLake): Promise<void> {
  expect((await ask(lake, { path: '/_lakelet/health' })).status).toBe(200)
}

test.each([
  ['no HTTP at all', 'HELLO\r\n\r\n', '400'],
  ['a header line that is none', 'GET / HTTP/1.1\r\nHost: x\r\nbroken\r\n\r\n', '400'],
  ['two lengths', 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab', '400'],
  [
    'length and chunks',
    'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    '400',
  ],
  ['too long a header', `GET / HTTP/1.1\r\nHost: x\r\nX: ${'a'.repeat(HEADER_BYTES_MAX)}\r\n\r\n`, '431'],
])('%s is refused and the server stays up', async (_what, text, status) => {
  const lake = await start()
  expect(await sendRaw(lake.port, text)).toMatch(new RegExp(`^HTTP/1.1 ${status} `))
  await staysUp(lake)
})

test('headers past the count are refused, not dropped', async () => {
  const lake = await start()
  const headers = (count: number) =>
    Object.fromEntries(Array.from({ length: count }, (_, index) => [`x-${index}`, 'v']))
  expect((await ask(lake, { path: '/_lakelet/health', headers: headers(HEADER_COUNT_MAX + 1) })).status).toBe(431)
  expect((await ask(lake, { path: '/_lakelet/health', headers: headers(HEADER_COUNT_MAX - 3) })).status).toBe(200)
})

test.each([
  ['{', '{"__type":"SerializationException"}'],
  [
    '{"DeliveryStreamName":1}',
    '{"__type":"SerializationException","message":"NUMBER_VALUE can not be converted to a String"}',
  ],
])('a body that is no request: %s', async (body, expected) => {
  const lake = await start()
  const answer = await ask(lake, { method: 'POST', headers: json(PUT), body })
  expect(answer).toMatchObject({ status: 400, body: expected })
  expect(answer.headers['x-amzn-requestid']).toMatch(/^[0-9a-f-]{36}$/)
})

test('operations that are not offered are refused by name', async () => {
  const lake = await start()
  for (const target of ['Firehose_20150804.DeleteDeliveryStream', 'Firehose_20150804.toString', 'Nothing.At.All', '']) {
    const answer = await ask(lake, { method: 'POST', headers: json(target), body: '{}' })
    expect(answer.status).toBe(400)
    expect(JSON.parse(answer.body)).toMatchObject({ __type: 'UnknownOperationException' })
  }
})

test('another JSON version is answered 404 with XML', async () => {
  const lake = await start()
  const headers = { ...json(PUT), 'content-type': 'application/x-amz-json-1.0' }
  const answer = await ask(lake, { method: 'POST', headers, body: '{}' })
  expect(answer).toMatchObject({ status: 404, body: '<UnknownOperationException/>\n' })
})

test('an oversize body is refused before and while it comes', async () => {
  const lake = await start()
  const body = Buffer.alloc(17 * 1024 * 1024, ' ')
  const announced = await ask(lake, { method: 'POST', headers: { ...json(PUT), 'content-length': body.length }, body })
  expect(announced.status).toBe(413)
  const streamed = await ask(lake, { method: 'POST', headers: { ...json(PUT), 'transfer-encoding': 'chunked' }, body })
  expect(streamed.status).toBe(413)
  await staysUp(lake)
})

test('a HEAD error has a status and no body', async () => {
  const lake = await start()
  const answer = await ask(lake, { method: 'HEAD', path: '/b/none' })
  expect(answer).toMatchObject({ status: 404, body: '' })
})

test('without a signature a lake that verifies answers nothing but its health', async () => {
  const lake = await start({ auth: 'verify' })
  expect((await ask(lake, { path: '/b/k' })).body).toContain('<Code>AccessDenied</Code>')
  expect((await ask(lake, { method: 'POST', headers: json(PUT), body: '{}' })).body).toContain(
    'MissingAuthenticationTokenException',
  )
  expect((await ask(lake, { method: 'POST', path: '/_lakelet/reset' })).status).toBe(403)
  await staysUp(lake)
})

test('Expect: 100-continue: a refusal comes instead of the go-ahead, otherwise the go-ahead comes', async () => {
  const lake = await start()
  const waiting = (path: string) =>
    new Promise<{ continued: boolean; status: number }>((resolve, reject) => {
      let continued = false
      const headers = { expect: '100-continue', 'content-length': 5 }
      const request = httpRequest({ port: lake.port, host: '127.0.0.1', method: 'PUT', path, headers }, (response) => {
        response.resume()
        resolve({ continued, status: response.statusCode ?? 0 })
        request.destroy()
      })
      request.on('continue', () => {
        continued = true
        request.end('hello')
      })
      request.on('error', reject)
      request.flushHeaders()
    })
  expect(await waiting('/absent/k')).toEqual({ continued: false, status: 404 })
  expect(await waiting('/b/k')).toEqual({ continued: true, status: 200 })
  expect(lake.s3.objects.get('b/k')?.bytes.toString()).toBe('hello')
})

test('broken chunk framing stores nothing and is answered', async () => {
  const lake = await start()
  const headers = {
    'x-amz-content-sha256': 'STREAMING-UNSIGNED-PAYLOAD-TRAILER',
    'x-amz-decoded-content-length': '5',
    'x-amz-trailer': 'x-amz-checksum-crc32',
    'content-encoding': 'aws-chunked',
  }
  for (const body of ['5\r\nhello', '5\r\nhelloworld\r\n0\r\n\r\n', 'zz\r\n']) {
    const answer = await ask(lake, { method: 'PUT', path: '/b/k', headers, body })
    expect(answer.status).toBe(400)
    expect(answer.body).toMatch(/<Code>(IncompleteBody|InvalidRequest)<\/Code>/)
  }
  expect(lake.s3.objects.size).toBe(0)
})

test('a refusal reaches a client that is still sending', async () => {
  const lake = await start()
  const answer = await ask(lake, { method: 'PUT', path: '/absent/k', body: Buffer.alloc(8 * 1024 * 1024) })
  expect(answer.body).toContain('<Code>NoSuchBucket</Code>')
})

test('a client that leaves in the middle stores nothing and harms nobody', async () => {
  const lake = await start()
  const socket = connect(lake.port, '127.0.0.1')
  socket.write('PUT /b/half HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nhalf')
  await once(socket, 'connect')
  for (let waited = 0; waited < 20; waited++) await turn()
  socket.destroy()
  await once(socket, 'close')
  await staysUp(lake)
  expect(lake.s3.objects.size).toBe(0)
})

test('a body that fails on the way out ends the connection, so nobody takes it for whole', async () => {
  const broken: GatewayParts['s3'] = {
    signingName: 's3',
    async handle(): Promise<WireResponse> {
      async function* body() {
        yield Buffer.from('half')
        throw new Error('the disk is gone')
      }
      return { status: 200, headers: { 'content-length': '8' }, body: body() }
    },
  }
  const lake = await start({ auth: 'open', parts: { s3: broken } })
  await expect(ask(lake, { path: '/b/k' })).rejects.toThrow()
  expect(lake.log.events).toContain('ResponseFailed')
  await staysUp(lake)
})

test('told to stop, it finishes what is under way, takes nothing new and frees the port', async () => {
  let release: () => void = () => undefined
  let entered: () => void = () => undefined
  const isEntered = new Promise<void>((resolve) => {
    entered = resolve
  })
  const slow: GatewayParts['s3'] = {
    signingName: 's3',
    async handle(_request: WireRequest): Promise<WireResponse> {
      entered()
      await new Promise<void>((resolve) => {
        release = resolve
      })
      return { status: 200, headers: {}, body: 'done' }
    },
  }
  const lake = await startFakeLake({ auth: 'open', parts: { s3: slow } })
  const underWay = ask(lake, { path: '/b/k' })
  await isEntered
  const closed = lake.gateway.close()
  await expect(ask(lake, { path: '/_lakelet/health' })).rejects.toMatchObject({ code: 'ECONNREFUSED' })
  release()
  expect(await underWay).toMatchObject({ status: 200, body: 'done' })
  await closed
  const next = await start({ auth: 'open', port: lake.port })
  await staysUp(next)
})

test('a port in use and an open lake off loopback are refused in plain words', async () => {
  const lake = await start()
  await expect(startFakeLake({ auth: 'open', port: lake.port })).rejects.toMatchObject({
    code: 'portInUse',
    message: expect.stringContaining(`Port ${lake.port} on 127.0.0.1 is in use`),
  })
  const settings = { host: '0.0.0.0', port: 0, auth: 'open', region: 'us-east-1' } as const
  await expect(startFakeLake({ auth: 'open', parts: { settings } })).rejects.toMatchObject({
    code: 'openAuthNotLoopback',
  })
})
