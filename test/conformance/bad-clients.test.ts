/**
 * Clients that are slow, silent, gone or wrong about what they send. Each is served correctly or refused, leaves
 * nothing behind, and nobody else notices.
 */
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { join } from 'node:path'
import { CreateBucketCommand, GetObjectCommand, HeadObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3'
import { getSignedUrl } from '@aws-sdk/s3-request-presigner'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { openFilesMax } from '../../src/platform/open-files.ts'
import { patterned } from '../contracts/object-store.ts'
import { eventually, startLake, type TestLake, temporaryDirectory } from '../support/lake.ts'

const Bucket = 'bad.clients'
const MIB = 1024 * 1024
/** What the process may grow by while it serves clients that do not take what they asked for. */
const RSS_GROWTH_MAX = 128 * MIB

const directory = temporaryDirectory()
let lake: TestLake
const sockets = new Set<Socket>()
beforeAll(async () => {
  lake = await startLake(directory.path)
  await lake.s3.send(new CreateBucketCommand({ Bucket }))
})
afterAll(async () => {
  await lake.stop()
  directory.remove()
})
afterEach(async () => {
  for (const socket of sockets) socket.destroy()
  sockets.clear()
  await takesAnHonestObject()
})

async function takesAnHonestObject(): Promise<void> {
  await lake.s3.send(new PutObjectCommand({ Bucket, Key: 'honest', Body: 'honest' }))
  const { Body } = await lake.s3.send(new GetObjectCommand({ Bucket, Key: 'honest' }))
  expect(await Body?.transformToString()).toBe('honest')
}

/** A connection that says `text` and hears what comes. */
function talk(text = ''): { readonly socket: Socket; heard(): string; readonly closed: Promise<unknown> } {
  const socket = connect(Number(new URL(lake.endpoint).port), '127.0.0.1')
  sockets.add(socket)
  let heard = ''
  socket.on('error', () => undefined)
  socket.on('data', (bytes) => {
    heard += bytes.toString('latin1')
  })
  socket.write(text)
  return { socket, heard: () => heard, closed: once(socket, 'close') }
}

/** The target of a link to put or get, for requests that are written by hand. */
async function targetOf(method: 'PUT' | 'GET', Key: string): Promise<string> {
  const command = method === 'PUT' ? new PutObjectCommand({ Bucket, Key }) : new GetObjectCommand({ Bucket, Key })
  const { pathname, search } = new URL(await getSignedUrl(lake.s3, command, { expiresIn: 600 }))
  return `${pathname}${search}`
}

const host = () => `Host: ${new URL(lake.endpoint).host}`

async function putHead(Key: string, ...headers: string[]): Promise<string> {
  return [`PUT ${await targetOf('PUT', Key)} HTTP/1.1`, host(), ...headers, '', ''].join('\r\n')
}

async function get(Key: string, version = 'HTTP/1.1', ...headers: string[]): Promise<string> {
  return [`GET ${await targetOf('GET', Key)} ${version}`, host(), ...headers, '', ''].join('\r\n')
}

const isAbsent = (Key: string) =>
  lake.s3.send(new HeadObjectCommand({ Bucket, Key })).then(
    () => false,
    (error: Error) => error.name === 'NotFound',
  )

const answers = (heard: string) => [...heard.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => Number(status))
const filesIn = (folder: string) => readdirSync(join(directory.path, folder), { recursive: true, withFileTypes: true })
const fileCount = (folder: string) => filesIn(folder).filter((entry) => entry.isFile()).length
const asked = (what: string, holds: () => boolean) => eventually(what, async () => (holds() ? true : undefined))

/** Told by Linux alone. */
function rss(): number {
  if (process.platform !== 'linux') return 0
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${lake.pid}/status`, 'utf8'))?.[1]) * 1024
}

describe('silent ones', () => {
  const wanted = 10_000
  const files = openFilesMax()
  const isRoom = files === undefined || files > wanted + 2000
  const title = isRoom ? '' : ` (skipped: this system allows ${files} open files)`

  test.skipIf(!isRoom)(`10,000 idle connections cost others nothing, and a stop ends them${title}`, async () => {
    const other = temporaryDirectory()
    const crowded = await startLake(other.path)
    const { port } = new URL(crowded.endpoint)
    const crowd: Socket[] = []
    let ended = 0
    // In handfuls, as the queue of a listener is short; every second one asks once and then keeps its connection.
    while (crowd.length < wanted) {
      const handful = Array.from({ length: 250 }, () => connect(Number(port), '127.0.0.1'))
      for (const socket of handful) {
        socket.on('error', () => undefined)
        socket.on('close', () => {
          ended++
        })
        socket.resume()
      }
      await Promise.all(handful.map((socket) => once(socket, 'connect')))
      for (const [index, socket] of handful.entries()) {
        if (index % 2 === 0) socket.write(`GET /_lakelet/health HTTP/1.1\r\nHost: localhost\r\n\r\n`)
      }
      crowd.push(...handful)
    }
    await crowded.s3.send(new CreateBucketCommand({ Bucket }))
    const bytes = patterned(MIB)
    for (let time = 0; time < 20; time++) {
      await crowded.s3.send(new PutObjectCommand({ Bucket, Key: `${time}`, Body: bytes }))
      const { Body } = await crowded.s3.send(new GetObjectCommand({ Bucket, Key: `${time}` }))
      expect(Buffer.from((await Body?.transformToByteArray()) ?? []).equals(bytes)).toBe(true)
    }
    expect(ended, 'nobody was sent away').toBe(0)
    expect(await crowded.stop()).toBe(0)
    await asked('every connection ends with the lake', () => ended === wanted)
    other.remove()
  })

  test('a header that never ends is refused in time, while others are served', async () => {
    const sloths = Array.from({ length: 50 }, () => talk(`GET /${Bucket} HTTP/1.1\r\n${host()}\r\nX-A: `))
    const drip = setInterval(() => {
      for (const { socket } of sloths) socket.write('a')
    }, 500)
    await takesAnHonestObject()
    await Promise.all(sloths.map(({ closed }) => closed))
    clearInterval(drip)
    expect(new Set(sloths.map(({ heard }) => heard().split('\r\n')[0]))).toEqual(
      new Set(['HTTP/1.1 408 Request Timeout']),
    )
  })
})

describe('slow ones', () => {
  test('a body that comes drop by drop is stored whole', async () => {
    const { socket, heard } = talk(await putHead('drops', 'Content-Length: 50', 'Connection: close'))
    for (let drop = 0; drop < 50; drop++) {
      socket.write('x')
      await new Promise((resolve) => setTimeout(resolve, 10))
    }
    await asked('an answer', () => answers(heard())[0] === 200)
    const { Body } = await lake.s3.send(new GetObjectCommand({ Bucket, Key: 'drops' }))
    expect(await Body?.transformToString()).toBe('x'.repeat(50))
  })

  test('readers that stop reading hold no memory, and get every byte when they go on', async () => {
    const bytes = patterned(64 * MIB)
    await lake.s3.send(new PutObjectCommand({ Bucket, Key: 'large', Body: bytes }))
    const target = await get('large', 'HTTP/1.1', 'Connection: close')
    const before = rss()
    const readers = Array.from({ length: 20 }, () => {
      const { socket, closed } = talk(target)
      socket.removeAllListeners('data')
      socket.pause()
      return { socket, closed }
    })
    for (let time = 0; time < 20; time++) {
      await takesAnHonestObject()
      expect(rss() - before).toBeLessThan(RSS_GROWTH_MAX)
    }
    const [reader] = readers
    const hash = createHash('sha256')
    let head: Buffer | undefined = Buffer.alloc(0)
    reader?.socket.on('data', (chunk) => {
      if (head === undefined) return void hash.update(chunk)
      head = Buffer.concat([head, chunk])
      const at = head.indexOf('\r\n\r\n')
      if (at < 0) return
      hash.update(head.subarray(at + 4))
      head = undefined
    })
    reader?.socket.resume()
    await reader?.closed
    expect(hash.digest('hex')).toBe(createHash('sha256').update(bytes).digest('hex'))
  })
})

describe('those that vanish', () => {
  test('uploads that end in the middle leave nothing to see and nothing on the disk', async () => {
    const [objects, staging] = [fileCount('objects'), fileCount('staging')]
    const head = await putHead('half', `Content-Length: ${8 * MIB}`)
    const half = patterned(4 * MIB)
    for (const leave of ['reset', 'end'] as const) {
      const leaving = Array.from({ length: 10 }, () => talk(head))
      for (const { socket } of leaving) {
        await new Promise<void>((resolve) => void socket.write(half, () => resolve()))
        if (leave === 'reset') socket.resetAndDestroy()
        else socket.end()
      }
      await Promise.all(leaving.map(({ closed }) => closed))
      for (const { heard } of leaving) expect(answers(heard()).filter((status) => status < 400)).toEqual([])
    }
    expect(await isAbsent('half')).toBe(true)
    await asked('the space is free', () => fileCount('objects') === objects && fileCount('staging') === staging)
  })

  test('a reader that leaves in the middle is forgotten', async () => {
    await lake.s3.send(new PutObjectCommand({ Bucket, Key: 'left', Body: patterned(16 * MIB) }))
    const target = await get('left')
    const before = rss()
    for (let time = 0; time < 50; time++) {
      const { socket } = talk(target)
      await once(socket, 'data')
      socket.resetAndDestroy()
    }
    expect(rss() - before).toBeLessThan(RSS_GROWTH_MAX)
  })
})

describe('those that are wrong about the length', () => {
  test('too few bytes: nothing is stored', async () => {
    const { socket, closed } = talk(await putHead('short', 'Content-Length: 10'))
    socket.end('12345')
    await closed
    expect(await isAbsent('short')).toBe(true)
  })

  test('too many: what was announced is stored, and the rest is no request', async () => {
    const { heard, closed } = talk(`${await putHead('long', 'Content-Length: 5')}1234567890\r\n\r\n`)
    await closed
    expect(answers(heard())).toEqual([200, 400])
    const { Body } = await lake.s3.send(new GetObjectCommand({ Bucket, Key: 'long' }))
    expect(await Body?.transformToString()).toBe('12345')
  })

  test('nonsense behind a request is answered behind its answer, never in the middle of it', async () => {
    await lake.s3.send(new PutObjectCommand({ Bucket, Key: 'before', Body: Buffer.alloc(4 * MIB, '.') }))
    const { heard, closed } = talk(`${await get('before')}nonsense\r\n\r\n`)
    await closed
    expect(heard()).toMatch(/^HTTP\/1\.1 200 OK[^.]*\r\n\r\n\.{4194304}HTTP\/1\.1 400 /)
  })

  test('a body in chunks that are none is refused', async () => {
    const head = ['POST / HTTP/1.1', host(), 'X-Amz-Target: Firehose_20150804.PutRecord', 'Transfer-Encoding: chunked']
    const { heard, closed } = talk([...head, '', '5', '12345', 'zz', ''].join('\r\n'))
    await closed
    expect(answers(heard())).toEqual([400])
  })
})

describe('those of another manner', () => {
  beforeAll(() => lake.s3.send(new PutObjectCommand({ Bucket, Key: 'plain', Body: 'plain' })))

  test('HTTP/1.0 gets its answer and the end of the connection', async () => {
    const { heard, closed } = talk(await get('plain', 'HTTP/1.0'))
    await closed
    expect(heard()).toMatch(/^HTTP\/1\.1 200 [\s\S]*connection: close[\s\S]*\r\n\r\nplain$/i)
  })

  test('HTTP/1.0 that asks to stay, stays', async () => {
    const request = await get('plain', 'HTTP/1.0', 'Connection: keep-alive')
    const { socket, heard } = talk(request)
    await asked('a first answer', () => heard().endsWith('plain'))
    socket.write(request)
    await asked('a second answer', () => answers(heard()).length === 2)
  })

  test('requests sent ahead are answered in their order', async () => {
    const keys = Array.from({ length: 20 }, (_, index) => `ahead/${index}`)
    for (const Key of keys) await lake.s3.send(new PutObjectCommand({ Bucket, Key, Body: `<${Key}>` }))
    const requests = await Promise.all(keys.map((key) => get(key)))
    const { heard } = talk(requests.join(''))
    await asked('every answer', () => answers(heard()).length === keys.length && heard().endsWith('>'))
    expect([...heard().matchAll(/<(ahead\/\d+)>/g)].map(([, key]) => key)).toEqual(keys)
  })

  test('who waits for 100 Continue hears it, or the refusal instead', async () => {
    const waiting = talk(await putHead('awaited', 'Content-Length: 5', 'Expect: 100-continue', 'Connection: close'))
    await asked('the go-ahead', () => waiting.heard() === 'HTTP/1.1 100 Continue\r\n\r\n')
    waiting.socket.write('12345')
    await waiting.closed
    expect(answers(waiting.heard())).toEqual([100, 200])
    const refused = talk(
      [`PUT /${Bucket}/unsigned HTTP/1.1`, host(), 'Content-Length: 5', 'Expect: 100-continue', '', ''].join('\r\n'),
    )
    await refused.closed
    expect(answers(refused.heard())).toEqual([403])
    const unknown = talk(await putHead('unheard', 'Content-Length: 0', 'Expect: a-miracle', 'Connection: close'))
    await unknown.closed
    expect(answers(unknown.heard())).toEqual([417])
  })
})
