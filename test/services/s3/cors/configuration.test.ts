import { expect, test } from 'vitest'
import { elementOf, elementsOf, perTest, s3World } from '../support.ts'

const { call } = perTest(() => s3World({ bucket: 'lake' }))

const element = (name: string, texts: readonly string[]) => texts.map((text) => `<${name}>${text}</${name}>`).join('')

function rule({
  origins = ['*'],
  methods = ['GET'],
  headers = [],
  exposed = [],
  rest = '',
}: {
  origins?: string[]
  methods?: string[]
  headers?: string[]
  exposed?: string[]
  rest?: string
} = {}) {
  const body = `${element('AllowedOrigin', origins)}${element('AllowedMethod', methods)}${element('AllowedHeader', headers)}${element('ExposeHeader', exposed)}${rest}`
  return `<CORSRule>${body}</CORSRule>`
}

const put = (rules: string) => call('PUT', '/lake?cors', { body: `<CORSConfiguration>${rules}</CORSConfiguration>` })

test('a configuration comes back as it was given, until it is deleted', async () => {
  const rest = '<ID>uploads</ID><MaxAgeSeconds>3000</MaxAgeSeconds>'
  const given = {
    origins: ['http://*.a.com', 'b'],
    methods: ['PUT', 'POST'],
    headers: ['x-amz-*'],
    exposed: ['ETag'],
    rest,
  }
  expect((await put(rule(given) + rule())).status).toBe(200)
  const got = await call('GET', '/lake?cors')
  expect(elementsOf(got.text, 'AllowedOrigin')).toEqual(['http://*.a.com', 'b', '*'])
  expect(elementsOf(got.text, 'AllowedMethod')).toEqual(['PUT', 'POST', 'GET'])
  expect(['ID', 'MaxAgeSeconds', 'AllowedHeader', 'ExposeHeader'].map((name) => elementsOf(got.text, name))).toEqual([
    ['uploads'],
    ['3000'],
    ['x-amz-*'],
    ['ETag'],
  ])
  expect((await call('DELETE', '/lake?cors')).status).toBe(204)
  expect(elementOf((await call('GET', '/lake?cors')).text, 'Code')).toBe('NoSuchCORSConfiguration')
  expect((await call('DELETE', '/lake?cors')).status).toBe(204)
})

const REFUSED: readonly [string, string, string][] = [
  ['', 'MalformedXML', 'The XML'],
  [rule({ origins: [] }), 'MalformedXML', 'The XML'],
  [rule({ methods: [] }), 'MalformedXML', 'The XML'],
  [
    rule({ methods: ['PATCH'] }),
    'InvalidRequest',
    'Found unsupported HTTP method in CORS config. Unsupported method is PATCH',
  ],
  [rule({ methods: ['get'] }), 'InvalidRequest', 'Unsupported method is get'],
  [
    rule({ origins: ['http://*.a.*'] }),
    'InvalidRequest',
    'AllowedOrigin "http://*.a.*" can not have more than one wildcard.',
  ],
  [rule({ headers: ['x-*-*'] }), 'InvalidRequest', 'AllowedHeader "x-*-*" can not have more than one wildcard.'],
  [rule({ headers: ['a b'] }), 'InvalidRequest', 'AllowedHeader "a b" contains invalid character.'],
  [rule({ exposed: ['x-*'] }), 'InvalidRequest', 'ExposeHeader "x-*" contains wildcard. We currently do not support'],
  [
    rule({ rest: `<ID>${'i'.repeat(256)}</ID>` }),
    'InvalidArgument',
    'ID length should not exceed allowed limit of 255',
  ],
  [rule({ rest: '<Unknown/>' }), 'MalformedXML', 'The XML'],
  [rule().repeat(101), 'InvalidRequest', 'The number of CORS rules should not exceed allowed limit of 100 rules.'],
]

test.each(REFUSED)('%.60s… is refused', async (rules, code, message) => {
  const answer = await put(rules)
  expect([answer.status, elementOf(answer.text, 'Code')]).toEqual([400, code])
  expect(answer.text.replaceAll('&quot;', '"')).toContain(message)
  expect((await call('GET', '/lake?cors')).status).toBe(404)
})

test('a hundred rules and an id of 255 characters are taken', async () => {
  expect((await put(rule().repeat(100))).status).toBe(200)
  expect((await put(rule({ rest: `<ID>${'i'.repeat(255)}</ID>` }))).status).toBe(200)
})
