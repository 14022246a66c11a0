/** Ways to spoil a request, as data: what a counterexample prints is what was done. */
import fc from 'fast-check'
import { codePoint } from '../code-point.ts'
import type { PlainRequest } from './modelled-request.ts'

/** Places are fractions of the whole, so that they mean something for every length. */
type ByteEdit =
  | { readonly kind: 'insert'; readonly place: number; readonly text: string }
  | { readonly kind: 'remove'; readonly place: number; readonly count: number }
  | { readonly kind: 'flip'; readonly place: number; readonly bit: number }
  | { readonly kind: 'repeat'; readonly place: number; readonly count: number; readonly times: number }
  | { readonly kind: 'cut'; readonly place: number }

export type Mutation =
  | { readonly part: 'method'; readonly text: string }
  | { readonly part: 'target'; readonly edit: ByteEdit }
  | { readonly part: 'parameter'; readonly text: string }
  | { readonly part: 'header'; readonly name: string; readonly text: string }
  | { readonly part: 'value'; readonly index: number; readonly text: string }
  | { readonly part: 'twice'; readonly index: number }
  | { readonly part: 'without'; readonly index: number }
  | { readonly part: 'body'; readonly edit: ByteEdit }
  | { readonly part: 'length'; readonly text: string }

export interface Mangled {
  readonly request: PlainRequest
  readonly mutations: readonly Mutation[]
}

const CHARACTERS = [
  '\0',
  '\r',
  '\n',
  '\r\n',
  '\r\n ',
  '\t',
  ' ',
  '%',
  '%00',
  '%zz',
  '%C0%AF',
  '../',
  '/..',
  '//',
  '?',
  '&',
  '=',
  ';',
  '#',
  '"',
  '<',
  '>',
  '+',
  ',',
  '*',
  '\x7f',
  '\xff',
  'é',
  '🦊',
]
const NUMBERS = [
  '-1',
  '0',
  '00',
  '1',
  '0x10',
  '1e9',
  '1e309',
  '-0',
  'NaN',
  '4294967296',
  '9007199254740993',
  '18446744073709551616',
  '9'.repeat(400),
]
const XML = [
  '<!DOCTYPE x [<!ENTITY e "ee">]>',
  '&e;',
  '&#0;',
  '&#x110000;',
  ']]>',
  '<![CDATA[',
  '<!--',
  '<?x',
  '</',
  '<a>'.repeat(3000),
  '<a b="'.repeat(50),
  '\ufeff',
  '<?xml version="1.1"?>',
]
const JSON_TEXT = [
  '{',
  '[',
  ']',
  '}',
  'null',
  'true',
  '{"a":'.repeat(3000),
  '"\\ud800"',
  '1e999',
  '__proto__',
  'constructor',
  'toString',
]
const WORDS = [
  'chunked',
  'gzip',
  'identity',
  'aws-chunked',
  '100-continue',
  'close',
  'upgrade',
  'websocket',
  'AES256',
  'aws:kms',
  'COPY',
  'REPLACE',
  'STREAMING-AWS4-HMAC-SHA256-PAYLOAD',
  'STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER',
  'STREAMING-UNSIGNED-PAYLOAD-TRAILER',
  'UNSIGNED-PAYLOAD',
  'bytes=0-',
  'bytes=-0',
  'bytes=5-1',
  'bytes=0-18446744073709551616',
  'bytes=0-0,2-3',
  'Thu, 01 Jan 1970 00:00:00 GMT',
  '2026-13-45T99:99:99Z',
  'x'.repeat(1025),
  'x'.repeat(9000),
  'x'.repeat(33_000),
]
const ODD = [...CHARACTERS, ...NUMBERS, ...XML, ...JSON_TEXT, ...WORDS]

const METHODS = [
  'GET',
  'HEAD',
  'PUT',
  'POST',
  'DELETE',
  'OPTIONS',
  'PATCH',
  'TRACE',
  'CONNECT',
  'PROPFIND',
  'M-SEARCH',
  'get',
  'PRI',
  '',
  'G\0T',
  'X'.repeat(300),
]

const HEADERS = [
  ...`authorization connection content-encoding content-length content-md5 content-type expect host if-match if-
    modified-since if-none-match if-unmodified-since keep-alive origin access-control-request-method range te trailer
    transfer-encoding upgrade x-amz-acl x-amz-bucket-object-lock-enabled x-amz-bypass-governance-retention x-amz-
    checksum-algorithm x-amz-checksum-crc32 x-amz-checksum-mode x-amz-checksum-sha256 x-amz-checksum-type x-amz-
    content-sha256 x-amz-copy-source x-amz-copy-source-range x-amz-date x-amz-decoded-content-length x-amz-expected-
    bucket-owner x-amz-meta-a x-amz-metadata-directive x-amz-mfa x-amz-mp-object-size x-amz-object-attributes x-amz-
    object-lock-mode x-amz-object-lock-retain-until-date x-amz-security-token x-amz-server-side-encryption x-amz-
    server-side-encryption-aws-kms-key-id x-amz-server-side-encryption-context x-amz-server-side-encryption-customer-
    algorithm x-amz-server-side-encryption-customer-key x-amz-storage-class x-amz-tagging x-amz-target x-amz-trailer
    x-amz-website-redirect-location __proto__`.split(/\s+/),
  'x-amz-meta-\xe9',
  'x y',
  '',
]

const PARAMETERS = [
  ...`acl attributes cors delete delimiter encoding-type key-marker legal-hold lifecycle list-type location marker max-
    keys max-parts max-uploads object-lock part-number-marker partNumber policy prefix restore response-content-type
    response-expires retention select start-after continuation-token tagging torrent upload-id-marker uploadId uploads
    version-id-marker versionId versioning versions website x-id X-Amz-Algorithm X-Amz-Credential X-Amz-Date X-Amz-
    Expires X-Amz-Signature X-Amz-SignedHeaders AWSAccessKeyId Signature Expires % __proto__`.split(/\s+/),
]

const odd = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...ODD) },
  { weight: 1, arbitrary: fc.string({ unit: codePoint, maxLength: 20 }) },
)
/** What the parser of HTTP lets through in a header: it gets to ours. */
const tame = fc.constantFrom(...ODD.filter((text) => /^[\t\x20-\x7e]*$/.test(text) && text.length < 9000))
const headerText = fc.oneof({ weight: 5, arbitrary: tame }, { weight: 1, arbitrary: odd })
const place = fc.double({ min: 0, max: 1, noNaN: true })
const count = fc.nat(40)

const byteEdit: fc.Arbitrary<ByteEdit> = fc.oneof(
  fc.record({ kind: fc.constant('insert' as const), place, text: odd }),
  fc.record({ kind: fc.constant('remove' as const), place, count }),
  fc.record({ kind: fc.constant('flip' as const), place, bit: fc.nat(7) }),
  fc.record({ kind: fc.constant('repeat' as const), place, count, times: fc.nat(20) }),
  fc.record({ kind: fc.constant('cut' as const), place }),
)

export const byteEdits = (lengthMax: number): fc.Arbitrary<readonly ByteEdit[]> =>
  fc.oneof(
    { weight: 4, arbitrary: fc.constant<readonly ByteEdit[]>([]) },
    { weight: 1, arbitrary: fc.array(byteEdit, { maxLength: lengthMax }) },
  )

const parameter = fc
  .tuple(fc.constantFrom(...PARAMETERS), fc.oneof(odd, fc.constant(undefined)))
  .map(([name, value]) => (value === undefined ? name : `${name}=${escapedForTarget(value)}`))

/** Some odd texts as they are, the rest escaped, so that they get past the parser of HTTP. */
const escapedForTarget = (text: string) =>
  text.length % 3 === 0 ? text : new URLSearchParams({ '': text }).toString().slice(1)

const mutation: fc.Arbitrary<Mutation> = fc.oneof(
  fc.record({ part: fc.constant('method' as const), text: fc.constantFrom(...METHODS) }),
  fc.record({ part: fc.constant('target' as const), edit: byteEdit }),
  { weight: 3, arbitrary: fc.record({ part: fc.constant('parameter' as const), text: parameter }) },
  {
    weight: 4,
    arbitrary: fc.record({ part: fc.constant('header' as const), name: fc.constantFrom(...HEADERS), text: headerText }),
  },
  { weight: 2, arbitrary: fc.record({ part: fc.constant('value' as const), index: fc.nat(12), text: headerText }) },
  fc.record({ part: fc.constant('twice' as const), index: fc.nat(12) }),
  fc.record({ part: fc.constant('without' as const), index: fc.nat(12) }),
  { weight: 4, arbitrary: fc.record({ part: fc.constant('body' as const), edit: byteEdit }) },
  fc.record({
    part: fc.constant('length' as const),
    text: fc.constantFrom(...NUMBERS, '5, 5', '+5', ' 5', '5\r\ncontent-length: 6'),
  }),
)

/** Most requests are spoilt once or not at all: the others seldom get far. */
export const mutations: fc.Arbitrary<readonly Mutation[]> = fc.oneof(
  { weight: 2, arbitrary: fc.array(mutation, { maxLength: 1 }) },
  { weight: 1, arbitrary: fc.array(mutation, { minLength: 2, maxLength: 4 }) },
)

export function mutated({ request, mutations: list }: Mangled): PlainRequest {
  return list.reduce(mutate, request)
}

function mutate(request: PlainRequest, mutation: Mutation): PlainRequest {
  const { headers } = request
  switch (mutation.part) {
    case 'method':
      return { ...request, method: mutation.text }
    case 'target':
      return { ...request, target: edited(Buffer.from(request.target), mutation.edit).toString('latin1') }
    case 'parameter':
      return { ...request, target: `${request.target}${request.target.includes('?') ? '&' : '?'}${mutation.text}` }
    case 'header':
      return { ...request, headers: [...headers, [mutation.name, mutation.text]] }
    case 'value':
      return {
        ...request,
        headers: headers.map(([name, text], index) => [
          name,
          index === mutation.index % headers.length ? mutation.text : text,
        ]),
      }
    case 'twice':
      return {
        ...request,
        headers: headers.flatMap((header, index) =>
          index === mutation.index % headers.length ? [header, header] : [header],
        ),
      }
    case 'without':
      return { ...request, headers: headers.filter((_, index) => index !== mutation.index % headers.length) }
    case 'body':
      return { ...request, body: edited(request.body, mutation.edit) }
    case 'length':
      return { ...request, headers: [...headers, ['content-length', mutation.text]] }
  }
}

export function edited(bytes: Buffer, edit: ByteEdit): Buffer {
  const at = Math.floor(edit.place * bytes.byteLength)
  const [before, after] = [bytes.subarray(0, at), bytes.subarray(at)]
  switch (edit.kind) {
    case 'insert':
      return Buffer.concat([before, Buffer.from(edit.text, 'utf8'), after])
    case 'remove':
      return Buffer.concat([before, after.subarray(edit.count)])
    case 'flip': {
      const copy = Buffer.from(bytes)
      if (at < copy.byteLength) copy[at] = (copy[at] ?? 0) ^ (1 << edit.bit)
      return copy
    }
    case 'repeat':
      return Buffer.concat([before, ...Array<Buffer>(edit.times).fill(after.subarray(0, edit.count)), after])
    case 'cut':
      return before
  }
}

/** As it goes over the wire. A length that is true, unless the request says one, or chunks, itself. */
export function serialised({ method, target, headers, body }: PlainRequest): Buffer {
  const names = new Set(headers.map(([name]) => name))
  const isFramed = names.has('content-length') || names.has('transfer-encoding')
  const length: [string, string][] =
    isFramed || body.byteLength === 0 ? [] : [['content-length', String(body.byteLength)]]
  const lines = [...headers, ...length].map(([name, text]) => `${name}: ${text}\r\n`)
  return Buffer.concat([Buffer.from(`${method} ${target} HTTP/1.1\r\n${lines.join('')}\r\n`, 'utf8'), body])
}
