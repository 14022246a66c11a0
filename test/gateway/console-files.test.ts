/** The console's files as browsers get them. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, expect, test } from 'vitest'
import { CONSOLE_PREFIX, consoleFiles, wantsConsole } from '../../src/gateway/console-files.ts'
import { temporaryDirectory } from '../support/lake.ts'

const directory = temporaryDirectory()
afterAll(() => directory.remove())
const built = join(directory.path, 'console')
mkdirSync(join(built, 'assets'), { recursive: true })
writeFileSync(join(built, 'index.html'), '<meta nonce="__LAKELET_NONCE__">')
writeFileSync(join(built, 'assets', 'main-1.js.gz'), gzipSync('let a'))
writeFileSync(join(directory.path, 'secret.js.gz'), gzipSync('secret'))

const serve = consoleFiles(built)
const get = (name: string, headers: Record<string, string> = {}, method = 'GET') =>
  serve({ method, rawPath: `${CONSOLE_PREFIX}${name}`, rawQuery: '', headers })

test.each(['', 'athena/editor', 's3/buckets/a.b', 's3/buckets/lake/objects/x%2Fy.json'])(
  'the page %j is the document, with a policy that lets nothing in from elsewhere and a nonce of its own',
  async (name) => {
    const [first, second] = [await get(name), await get(name)]
    expect(first).toMatchObject({
      status: 200,
      headers: { 'x-frame-options': 'DENY', 'referrer-policy': 'no-referrer', 'cache-control': 'no-store' },
    })
    const policy = first.headers['content-security-policy'] ?? ''
    expect(policy).toContain("default-src 'none'; script-src 'self'; ")
    expect(policy).toContain("frame-ancestors 'none'")
    expect(policy).not.toMatch(/https?:|unsafe-eval|script-src[^;]*unsafe/)
    const nonce = /nonce="(.+)"/.exec(String(first.body))?.[1] ?? ''
    expect(policy).toContain(`'nonce-${nonce}'`)
    expect(nonce).toHaveLength(24)
    expect(second.body).not.toBe(first.body)
  },
)

test('files are sent compressed to those who take it, and kept for ever', async () => {
  const compressed = await get('assets/main-1.js', { 'accept-encoding': 'gzip, br' })
  expect(compressed).toMatchObject({
    status: 200,
    headers: { 'content-encoding': 'gzip', 'cache-control': 'public, max-age=31536000, immutable' },
    body: gzipSync('let a'),
  })
  const plain = await get('assets/main-1.js')
  expect([plain.headers['content-encoding'], String(plain.body)]).toEqual([undefined, 'let a'])
})

test.each([
  ['assets/none.js', 404],
  ['../secret.js', 200],
  ['assets/../../secret.js', 200],
  ['%2e%2e/secret.js', 200],
])('%s is no way to other files', async (name, status) => {
  const answer = await get(name)
  expect(answer.status).toBe(status)
  expect(String(answer.body)).not.toContain('secret')
})

test('nothing is changed here', async () => {
  expect((await get('', {}, 'POST')).status).toBe(405)
})

test('a console that was not built says how to build it', async () => {
  const answer = await consoleFiles(join(directory.path, 'none'))({
    method: 'GET',
    rawPath: CONSOLE_PREFIX,
    rawQuery: '',
    headers: {},
  })
  expect([answer.status, String(answer.body)]).toEqual([503, expect.stringContaining('npm run build')])
})

test('browsers that come to the address of the lake are sent there, clients of S3 are not', () => {
  const browser = { accept: 'text/html,*/*', 'sec-fetch-mode': 'navigate' }
  const root = { method: 'GET', rawPath: '/', rawQuery: '' }
  expect(wantsConsole({ ...root, headers: browser })).toBe(true)
  expect(wantsConsole({ ...root, headers: { ...browser, authorization: 'AWS4-HMAC-SHA256 …' } })).toBe(false)
  expect(wantsConsole({ ...root, headers: { accept: '*/*' } })).toBe(false)
  for (const host of ['localhost:4566', '127.0.0.1', 'lake.example.com'])
    expect(wantsConsole({ ...root, headers: { ...browser, host } }), host).toBe(true)
  for (const host of ['site.localhost:4566', 'site.s3.lake.example.com'])
    expect(wantsConsole({ ...root, headers: { ...browser, host } }), host).toBe(false)
  expect(wantsConsole({ ...root, rawPath: '/bucket', headers: browser })).toBe(false)
  expect(wantsConsole({ ...root, rawQuery: 'list-type=2', headers: browser })).toBe(false)
})
