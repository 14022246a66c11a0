/** XML bodies that would hurt, or are not what their digest says, for every operation that takes one. */
import { createHash } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { XML_BODY_BYTES_MAX } from '../../../src/wire/rest-xml/index.ts'
import { XML_DEPTH_MAX, XML_ELEMENTS_MAX } from '../../../src/wire/xml/parse.ts'
import { outcomeOf } from './access/support.ts'
import { elementOf, s3World } from './support.ts'

type World = Awaited<ReturnType<typeof s3World>>
let world: World
let uploadId: string

beforeAll(async () => {
  world = await s3World()
  await world.call('PUT', '/lake')
  await world.call('PUT', '/lake/a', { body: 'x' })
  uploadId = elementOf((await world.call('POST', '/lake/a?uploads')).text, 'UploadId') as string
})
afterAll(() => world.close())

const md5 = (body: string | Uint8Array) => createHash('md5').update(body).digest('base64')

function send(target: string, body: string | Uint8Array, headers: Record<string, string> = {}) {
  const method = target.startsWith('POST ') ? 'POST' : 'PUT'
  const path = target.replace(/^POST /, '').replace('UPLOAD', uploadId)
  return world.call(method, path, { body, headers: { 'content-md5': md5(body), ...headers } })
}

const DOCUMENTS = [
  ['/fresh', 'CreateBucketConfiguration'],
  ['/lake?versioning', 'VersioningConfiguration'],
  ['/lake?encryption', 'ServerSideEncryptionConfiguration'],
  ['/lake?publicAccessBlock', 'PublicAccessBlockConfiguration'],
  ['/lake?tagging', 'Tagging'],
  ['/lake?cors', 'CORSConfiguration'],
  ['/lake?acl', 'AccessControlPolicy'],
  ['/lake?ownershipControls', 'OwnershipControls'],
  ['/lake?logging', 'BucketLoggingStatus'],
  ['/lake?accelerate', 'AccelerateConfiguration'],
  ['/lake?requestPayment', 'RequestPaymentConfiguration'],
  ['/lake?notification', 'NotificationConfiguration'],
  ['POST /lake?delete', 'Delete'],
  ['/lake/a?tagging', 'Tagging'],
  ['/lake/a?acl', 'AccessControlPolicy'],
  ['POST /lake/a?uploadId=UPLOAD', 'CompleteMultipartUpload'],
] as const

const laughs = Array.from({ length: 9 }, (_, level) => `<!ENTITY l${level + 1} "${`&l${level};`.repeat(10)}">`)
const HURTFUL: readonly [string, (root: string) => string | Buffer, string][] = [
  [
    'entities of its own',
    (root) => `<!DOCTYPE ${root} [<!ENTITY l0 "ha">${laughs.join('')}]><${root}>&l9;</${root}>`,
    'MalformedXML',
  ],
  [
    'an external entity',
    (root) => `<!DOCTYPE ${root} [<!ENTITY x SYSTEM "file:///etc/passwd">]><${root}>&x;</${root}>`,
    'MalformedXML',
  ],
  ['a document type', (root) => `<!DOCTYPE ${root} SYSTEM "http://127.0.0.1:1/a.dtd"><${root}/>`, 'MalformedXML'],
  ['an entity that nobody knows', (root) => `<${root}>&nbsp;</${root}>`, 'MalformedXML'],
  [
    'too deep a nest',
    (root) => `<${root}>${'<a>'.repeat(XML_DEPTH_MAX)}${'</a>'.repeat(XML_DEPTH_MAX)}</${root}>`,
    'MalformedXML',
  ],
  ['too many elements', (root) => `<${root}>${'<a/>'.repeat(XML_ELEMENTS_MAX)}</${root}>`, 'MalformedXML'],
  ['no end', (root) => `<${root}><a>`, 'MalformedXML'],
  ['two roots', (root) => `<${root}/><${root}/>`, 'MalformedXML'],
  ['another root', () => '<Other/>', 'MalformedXML'],
  ['an element that nobody knows', (root) => `<${root}><Nobody/></${root}>`, 'MalformedXML'],
  ['bytes that are no UTF-8', (root) => Buffer.from(`<${root}>\u00ff</${root}>`, 'latin1'), 'MalformedXML'],
  ['NUL', (root) => `<${root}>\0</${root}>`, 'MalformedXML'],
  ['no XML at all', () => '{"a":1}', 'MalformedXML'],
  ['too much of it', (root) => `<${root}/>`.padEnd(XML_BODY_BYTES_MAX + 1), 'MaxMessageLengthExceeded'],
]

test.each(DOCUMENTS)('PUT %s takes no %s that would hurt', async (target, root) => {
  for (const [what, body, code] of HURTFUL) expect(outcomeOf(await send(target, body(root))), what).toBe(`400 ${code}`)
})

test.each(DOCUMENTS)('PUT %s takes no %s that its digest does not fit', async (target, root) => {
  const body = `<${root}/>`
  const answers = {
    'content-md5': await send(target, body, { 'content-md5': md5('other') }),
    'no digest': await send(target, body, { 'content-md5': 'short' }),
  }
  expect(Object.values(answers).map(outcomeOf)).toEqual(['400 BadDigest', '400 InvalidDigest'])
  expect(['ExpectedDigest', 'CalculatedDigest'].map((name) => elementOf(answers['content-md5'].text, name))).toEqual([
    md5('other'),
    md5(body),
  ])
})

test('nothing came of any of it', async () => {
  expect((await world.call('HEAD', '/fresh')).status).toBe(404)
  expect((await world.call('GET', '/lake/a')).text).toBe('x')
  expect((await world.call('GET', `/lake/a?uploadId=${uploadId}`)).status).toBe(200)
})
