import { expect, test } from 'vitest'
import type { CustomClassifier } from '../../src/formats/classifier.ts'
import { columnsOf, reasonOf, schemaOf } from './classified.ts'

const grok = (name: string, grokPattern: string): CustomClassifier => ({
  kind: 'grok',
  name,
  classification: name,
  grokPattern,
})
const xml = (rowTag: string): CustomClassifier => ({ kind: 'xml', name: 'rows', classification: 'orders', rowTag })

test('custom classifiers come before the built-in ones, in the order given', async () => {
  const text = '{"a":1}\n'
  expect((await schemaOf(text)).classifier?.name).toBe('json')
  expect((await schemaOf(text, grok('first', '%{GREEDYDATA:line}'), grok('second', '%{DATA:x}'))).classifier).toEqual({
    name: 'first',
    certainty: 1,
  })
})

test('a custom classifier that is not certain gives way to a built-in one that is', async () => {
  const text = '{"a":1}\n{"b":2}\n'
  expect((await schemaOf(text, grok('half', '"a":%{INT:a}'))).classifier).toEqual({ name: 'json', certainty: 1 })
})

test('where none is certain the most certain is taken, and the first of two', async () => {
  const text = 'a 1\nb 2\nc x\nd 4\n'
  const most = await schemaOf(text, grok('half', '^[ab] %{INT:n}'), grok('most', '%{INT:n}'), grok('too', ' %{INT:n}'))
  expect(most.classifier).toEqual({ name: 'most', certainty: 0.75 })
})

test('where none knows it the reason names each and what it missed', async () => {
  const reason = await reasonOf('hello world\n', grok('mine', '%{IPV4:ip}'))
  for (const name of [
    'mine: no line matches',
    'json: ',
    'xml: ',
    'combined_apache, apache, linux_kernel, microsoft_log, ruby_logger, squid, redismonlog, redislog: ',
    'csv: ',
  ])
    expect(reason).toContain(name)
})

test('XML is told by its row tag or by its root', async () => {
  const text = '<orders><order id="1"><line><sku>x</sku></line></order><order id="2"/></orders>'
  expect(columnsOf(await schemaOf(text))).toEqual(['_id int', 'line struct<sku:string>'])
  expect(await schemaOf(text, xml('line'))).toMatchObject({
    classification: 'orders',
    layout: { kind: 'xml', rowTag: 'line' },
    records: 1,
    classifier: { name: 'rows', certainty: 1 },
  })
})

test('a large XML file is read as far as its first MB', async () => {
  const schema = await schemaOf(`<r>${'<b><t>ü</t></b>'.repeat(200_000)}</r>`)
  expect(schema.records).toBeGreaterThan(50_000)
  expect(schema.storedBytes).toBeLessThanOrEqual(1_000_000)
})

test.each<[string, Buffer, RegExp]>([
  ['UTF-16', Buffer.from('\uFEFF{"a":1}\n', 'utf16le'), /UTF-16/],
  ['HTML', Buffer.from('<html><body>x</body></html>'), /HTML/],
  ['a line of 50 MB', Buffer.alloc(50_000_000, 'x'), /no complete line within the first MB/],
  ['a document that never ends', Buffer.from(`{"a":"${'x'.repeat(12_000_000)}`), /no document ends within/],
])('%s is left unknown with the reason', async (_name, bytes, reason) => {
  expect(await reasonOf(bytes)).toMatch(reason)
})
