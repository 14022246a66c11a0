import { describe, expect, test } from 'vitest'
import { Refusal } from '../../../src/platform/refusal.ts'
import { ConsoleLinks } from '../../../src/services/admin/console-links.ts'
import { type AdminContext, adminPermission, handleAdmin, mustBeSigned } from '../../../src/services/admin/index.ts'
import type { Caller } from '../../../src/services/operation.ts'
import type { WireResponse } from '../../../src/wire/http.ts'

const figures = { versions: 1, parts: 0, bytes: 2, files: 1, locked: 0, problems: 0 }
const lifecycle = { isRunning: true, seen: 3, expired: 1, removed: 0, aborted: 0, locked: 0 }
const rotation = { isRunning: true, rewrapped: 3, damaged: 0, done: 0.5 }

function context(auth: 'verify' | 'open', status: 'ready' | 'starting' = 'ready'): AdminContext & { resets: number } {
  const counted = {
    auth,
    resets: 0,
    health: async () => ({ status, version: '1' }),
    streams: () => [],
    metrics: {
      totals: () => [],
      crawlers: () => [],
      process: () => ({ residentBytes: 1, heapUsedBytes: 1, cpuSeconds: 1, startedAtMs: 0 }),
    },
    region: 'eu-west-1',
    consoleLinks: new ConsoleLinks({
      startSession: async (holder, seconds) => ({
        accessKeyId: `A${holder.kind}`,
        secretAccessKey: 's',
        token: 't',
        issuedAtMs: 0,
        expiresAtMs: seconds * 1000,
        holder,
      }),
      newToken: (length) => 'x'.repeat(length),
    }),
    keys: { rotate: async () => rotation, rotation: () => rotation },
    backup: async function* (directory: string) {
      if (directory === '') throw new Refusal('badDirectory', 'must be an absolute path')
      yield { event: 'done' as const, directory, figures: { files: 1, bytes: 2 } }
    },
    lifecycle: { begin: () => lifecycle, progress: () => lifecycle },
    scrub: async function* (bucket: string | undefined) {
      if (bucket === 'none') throw new Refusal('noSuchBucket', 'There is no bucket none.')
      yield { event: 'progress' as const, stage: 'objects' as const, figures }
      if (bucket === 'a&b') throw new Refusal('closing', 'The lake is shutting down.')
      yield { event: 'done' as const, figures }
    },
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

test('whatever tells of the lake or changes it must be signed and allowed by name', () => {
  const signed = [
    '/_lakelet/streams',
    '/_lakelet/metrics',
    '/metrics',
    '/_lakelet/lifecycle/run',
    '/_lakelet/keys/rotate',
    '/_lakelet/scrub',
    '/_lakelet/backup',
  ]
  expect(signed.every(mustBeSigned)).toBe(true)
  expect(['/_lakelet/health', '/_lakelet/reset'].some(mustBeSigned)).toBe(false)
  expect(adminPermission('POST', '/_lakelet/scrub')).toEqual({ action: 'lakelet:Scrub', resource: '*' })
  expect(adminPermission('PUT', '/_lakelet/scrub')).toBeUndefined()
})

test('metrics are at both of their paths, for reading alone', async () => {
  for (const path of ['/metrics', '/_lakelet/metrics']) {
    const answer = await handleAdmin('GET', path, context('verify'))
    expect(answer).toMatchObject({
      status: 200,
      headers: { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' },
    })
    expect(answer.body).toContain('lakelet_build_info{version="1"} 1\n')
    expect((await handleAdmin('POST', path, context('verify'))).status).toBe(405)
    expect(adminPermission('GET', path)).toEqual({ action: 'lakelet:GetMetrics', resource: '*' })
  }
})

test('lifecycle rules are carried out when asked', async () => {
  const run = (method: string) => handleAdmin(method, '/_lakelet/lifecycle/run', context('verify'))
  expect(await run('POST')).toMatchObject({ status: 202, body: `${JSON.stringify(lifecycle)}\n` })
  expect((await run('GET')).status).toBe(200)
  expect((await run('PUT')).status).toBe(405)
})

test('a backup is made into the folder that was named, and nowhere else', async () => {
  const into = (query: string) => handleAdmin('POST', `/_lakelet/backup${query}`, context('verify'))
  const { body } = await into('?directory=%2Fmnt%2Fa')
  expect(await linesOf(body)).toEqual([{ event: 'done', directory: '/mnt/a', figures: { files: 1, bytes: 2 } }])
  expect(await into('')).toMatchObject({ status: 409, body: expect.stringContaining('badDirectory') })
})

test('a rotation of the master key is begun, and asked how far it is', async () => {
  const path = '/_lakelet/keys/rotate'
  const verified = context('verify')
  expect(await handleAdmin('POST', path, verified)).toMatchObject({
    status: 202,
    body: `${JSON.stringify(rotation)}\n`,
  })
  expect((await handleAdmin('GET', path, verified)).status).toBe(200)
  expect((await handleAdmin('PUT', path, verified)).status).toBe(405)
})

test('a rotation that cannot begin says why', async () => {
  const verified = context('verify')
  const refusing = {
    ...verified,
    keys: { ...verified.keys, rotate: () => Promise.reject(new Refusal('nextKeyMissing', 'Give the next key.')) },
  }
  expect(await handleAdmin('POST', '/_lakelet/keys/rotate', refusing)).toMatchObject({
    status: 409,
    body: '{"error":"Give the next key.","code":"nextKeyMissing"}\n',
  })
})

async function linesOf(body: WireResponse['body']): Promise<unknown[]> {
  let text = ''
  for await (const piece of body as AsyncIterable<Uint8Array>) text += Buffer.from(piece).toString()
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown)
}

test('a scrub tells what it finds a line at a time', async () => {
  const path = '/_lakelet/scrub'
  const answer = await handleAdmin('POST', path, context('verify'))
  expect(answer.status).toBe(200)
  expect(await linesOf(answer.body)).toEqual([
    { event: 'progress', stage: 'objects', figures },
    { event: 'done', figures },
  ])
  expect((await handleAdmin('GET', path, context('verify'))).status).toBe(405)
})

test('a scrub that cannot begin is refused, and one that fails on the way says so in its last line', async () => {
  const scrub = (bucket: string) => handleAdmin('POST', `/_lakelet/scrub?bucket=${bucket}`, context('verify'))
  expect(await scrub('none')).toMatchObject({ status: 409, body: expect.stringContaining('noSuchBucket') })
  expect((await linesOf((await scrub('a%26b')).body)).at(-1)).toEqual({
    event: 'failed',
    code: 'closing',
    error: 'The lake is shutting down.',
  })
})

describe('the console', () => {
  const caller: Caller = {
    accessKeyId: 'AROOT',
    arn: 'arn:aws:iam::000000000000:root',
    principal: { kind: 'root', arn: 'arn:aws:iam::000000000000:root' },
    requestId: 'r',
    sourceIp: '127.0.0.1',
  }

  test('learns how to sign before anybody has signed in', async () => {
    const { body } = await handleAdmin('GET', '/_lakelet/console-settings', context('verify'))
    expect(JSON.parse(String(body))).toEqual({ auth: 'verify', region: 'eu-west-1', version: '1' })
  })

  test('a link signs in once, with the rights of whoever made it', async () => {
    const lake = context('verify')
    const link = await handleAdmin('POST', '/_lakelet/console-link', lake, { headers: {}, caller })
    const { path } = JSON.parse(String(link.body)) as { path: string }
    const token = /^\/_lakelet\/console\/sign-in#token=(x+)$/.exec(path)?.[1] ?? ''
    const redeem = () =>
      handleAdmin('POST', '/_lakelet/console-session', lake, { headers: { 'x-lakelet-token': token } })
    const first = await redeem()
    expect(first).toMatchObject({ status: 201, headers: { 'cache-control': 'no-store' } })
    expect(JSON.parse(String(first.body))).toEqual({
      accessKeyId: 'Aroot',
      secretAccessKey: 's',
      sessionToken: 't',
      expiresAtMs: 12 * 3600 * 1000,
    })
    expect((await redeem()).status).toBe(403)
  })

  test('no link is made for temporary credentials, nor without a signature', async () => {
    const temporary: Caller = { ...caller, principal: { ...caller.principal, issuedAtMs: 1 } as Caller['principal'] }
    const made = await handleAdmin('POST', '/_lakelet/console-link', context('verify'), {
      headers: {},
      caller: temporary,
    })
    expect(made.status).toBe(403)
    expect(mustBeSigned('/_lakelet/console-link')).toBe(true)
    expect(adminPermission('POST', '/_lakelet/console-link')).toEqual({
      action: 'lakelet:CreateConsoleLink',
      resource: '*',
    })
  })
})
