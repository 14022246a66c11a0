/** Keys are bytes: nothing in them is a path, a pattern or markup. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { codePoint } from '../../support/code-point.ts'
import { elementsOf, perTest, s3World } from './support.ts'

const { call } = perTest(() => s3World({ bucket: 'lake' }))

const escaped = (key: string) => `/lake/${encodeURIComponent(key)}`
/** XML as the lists have it, characters by their numbers too. */
const plain = (xml: string) =>
  xml
    .replace(/&#x([0-9a-f]+);/gi, (_, digits: string) => String.fromCodePoint(Number.parseInt(digits, 16)))
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&amp;', '&')

const KEYS = [
  '.',
  '..',
  '../..',
  '../../../etc/passwd',
  './a',
  'a/./b',
  'a/../b',
  '/',
  '//',
  '///a',
  '/a',
  'a/',
  'a//b',
  'a//',
  '%2F',
  '%2e%2e%2f',
  '%',
  '%00',
  '%zz',
  '+',
  'a+b',
  'a b',
  ' ',
  ' a ',
  'a?b',
  '?',
  '#',
  'a&b=c',
  '=',
  ';',
  ':',
  '\\',
  '..\\..\\a',
  'C:\\a',
  '\0',
  'a\0b',
  '\u0001',
  '\u001f',
  '\t',
  '\n',
  '\r',
  '\r\n',
  '\u007f',
  '\u0085',
  '\u2028',
  '<a>&"\'',
  '<![CDATA[x]]>',
  '&amp;',
  '*',
  '{key}',
  '$key',
  '~',
  'ä',
  '\u00e4',
  'a\u0308',
  '日本',
  '😀',
  '\ufeff',
  '\uffff',
  'null',
  'constructor',
  '__proto__',
  "'; DROP TABLE object_version; --",
  '_lakelet',
  'v20180820/tags/x',
]

test.each(KEYS.map((key) => [JSON.stringify(key), key]))('the key %s is what it is', async (_, key) => {
  const target = escaped(key)
  expect((await call('PUT', target, { body: key })).status).toBe(200)
  expect((await call('GET', target)).bytes.equals(Buffer.from(key))).toBe(true)
  const list = await call('GET', '/lake?list-type=2')
  expect(elementsOf(list.text, 'Key').map(plain)).toEqual([key])
  const encoded = await call('GET', '/lake?list-type=2&encoding-type=url')
  expect(elementsOf(encoded.text, 'Key').map((text) => decodeURIComponent(text.replaceAll('+', ' ')))).toEqual([key])
  const prefix = encodeURIComponent(key)
  expect(elementsOf((await call('GET', `/lake?list-type=2&prefix=${prefix}`)).text, 'Key')).toHaveLength(1)
  expect(elementsOf((await call('GET', `/lake?list-type=2&start-after=${prefix}`)).text, 'Key')).toHaveLength(0)
  const copied = await call('PUT', '/lake/copy', {
    headers: { 'x-amz-copy-source': `lake/${encodeURIComponent(key)}` },
  })
  expect(copied.status).toBe(200)
  expect((await call('DELETE', target)).status).toBe(204)
  expect((await call('HEAD', target)).status).toBe(404)
})

test('keys that look alike are different keys, listed in the order of their bytes', async () => {
  const keys = ['a', 'a/', 'a//', '/a', 'A', 'a%2F', 'ä', 'a\u0308', '\uffff', '😀']
  for (const key of keys) await call('PUT', escaped(key), { body: key })
  const listed = elementsOf((await call('GET', '/lake')).text, 'Key').map(plain)
  expect(listed).toEqual(keys.toSorted((one, other) => Buffer.compare(Buffer.from(one), Buffer.from(other))))
  for (const key of keys) expect((await call('GET', escaped(key))).text).toBe(key)
})

test.each(['/lake/%', '/lake/%zz', '/lake/%ff', '/lake/%c3%28', '/lake/%ed%a0%80', '/%ff/a'])(
  '%s names nothing',
  async (target) => {
    const answer = await call('PUT', target, { body: 'x' })
    expect([answer.status, elementsOf(answer.text, 'Code')]).toEqual([400, ['InvalidURI']])
  },
)

test('any text of up to 1,024 bytes may be a key', async () => {
  const text = fc
    .string({ unit: codePoint, minLength: 1, maxLength: 200 })
    .filter((key) => Buffer.from(key).toString() === key)
  await fc.assert(
    fc.asyncProperty(text, async (key) => {
      expect((await call('PUT', escaped(key), { body: key })).status).toBe(200)
      expect((await call('GET', escaped(key))).bytes.equals(Buffer.from(key))).toBe(true)
      const list = await call('GET', `/lake?list-type=2&encoding-type=url&prefix=${encodeURIComponent(key)}`)
      const keys = elementsOf(list.text, 'Key').map((shown) => decodeURIComponent(shown.replaceAll('+', ' ')))
      expect(keys).toContain(key)
      await call('DELETE', escaped(key))
    }),
    { numRuns: 60 },
  )
})
