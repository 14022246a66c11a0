import { expect, test } from 'vitest'
import { WireError } from '../../../src/wire/error.ts'
import type { WireRequest } from '../../../src/wire/http.ts'
import type { S3Operations } from '../../../src/wire/model/s3.ts'
import { s3Model } from '../../../src/wire/model/s3.ts'
import { encodeRestXmlError, restXmlCodec, XML_BODY_BYTES_MAX } from '../../../src/wire/rest-xml/index.ts'

const codec = restXmlCodec<S3Operations>(s3Model)
const labels = { Bucket: 'b', Key: 'k' }

function request(parts: Partial<Omit<WireRequest, 'body'>> & { body?: string | Buffer } = {}): WireRequest {
  const { body = '', ...rest } = parts
  return {
    requestId: 'R',
    method: 'PUT',
    host: 'localhost',
    rawPath: '/b/k',
    query: [],
    headers: {},
    bodyLength: body.length,
    trailers: Promise.resolve({}),
    signal: new AbortController().signal,
    ...rest,
    body: (async function* () {
      yield Buffer.from(body)
    })(),
  }
}

test('headers, parameters, prefixed headers and labels find their members', async () => {
  const input = await codec.decode(
    'PutObject',
    request({
      headers: {
        'content-length': '3',
        'content-type': 'text/plain',
        'x-amz-meta-colour': 'blue',
        'x-amz-meta-name': Buffer.from('Größe').toString('latin1'),
        'x-amz-object-lock-retain-until-date': '2026-01-01T00:00:00Z',
        'x-amz-server-side-encryption-bucket-key-enabled': 'true',
        'x-amz-storage-class': 'ANYTHING',
        expires: 'whenever',
      },
    }),
    labels,
  )
  expect(input).toMatchObject({
    Bucket: 'b',
    Key: 'k',
    ContentLength: 3,
    ContentType: 'text/plain',
    Metadata: { colour: 'blue', name: 'Größe' },
    ObjectLockRetainUntilDate: new Date('2026-01-01'),
    BucketKeyEnabled: true,
    StorageClass: 'ANYTHING',
    Expires: 'whenever',
  })
})

test('a list in a header, and a condition whose date is none', async () => {
  const headers = { 'x-amz-object-attributes': 'ETag, ObjectSize', 'if-modified-since': 'never' }
  expect((await codec.decode('GetObjectAttributes', request({ headers }), labels)).ObjectAttributes).toEqual([
    'ETag',
    'ObjectSize',
  ])
  expect(await codec.decode('GetObject', request({ headers }), labels)).not.toHaveProperty('IfModifiedSince')
})

test('a number that is none is an invalid argument, by name', async () => {
  const query = [['max-keys', 'many']] as const
  await expect(codec.decode('ListObjectsV2', request({ query }), { Bucket: 'b' })).rejects.toMatchObject({
    code: 'InvalidArgument',
    message: 'Provided max-keys not an integer or within integer range',
    extra: { ArgumentName: 'max-keys', ArgumentValue: 'many' },
  })
})

test.each([
  [
    '<Delete><Object><Key>a</Key></Object><Object><Key> b </Key><VersionId>v</VersionId></Object><Quiet>true</Quiet></Delete>',
  ],
  [
    '<?xml version="1.0"?>\n<Delete xmlns="http://s3.amazonaws.com/doc/2006-03-01/">\n <Quiet>true</Quiet>\n <Object><Key>a</Key></Object>\n <Object><VersionId>v</VersionId><Key> b </Key></Object>\n</Delete>',
  ],
])('an XML body, in whatever order and with or without namespace (%#)', async (body) => {
  const input = await codec.decode('DeleteObjects', request({ body }), { Bucket: 'b' })
  expect(input.Delete).toEqual({ Quiet: true, Objects: [{ Key: 'a' }, { Key: ' b ', VersionId: 'v' }] })
})

test.each([
  ['not XML', '{"a":1}'],
  ['another root', '<Remove><Object><Key>a</Key></Object></Remove>'],
  ['an unknown element', '<Delete><Object><Key>a</Key><Colour>x</Colour></Object></Delete>'],
  ['a missing element', '<Delete><Object><VersionId>a</VersionId></Object></Delete>'],
  ['an element twice', '<Delete><Object><Key>a</Key><Key>b</Key></Object></Delete>'],
  ['a boolean that is none', '<Delete><Quiet>maybe</Quiet><Object><Key>a</Key></Object></Delete>'],
  ['an entity of its own', '<!DOCTYPE x [<!ENTITY e "a">]><Delete><Object><Key>&e;</Key></Object></Delete>'],
])('%s is MalformedXML', async (_what, body) => {
  await expect(codec.decode('DeleteObjects', request({ body }), { Bucket: 'b' })).rejects.toMatchObject({
    code: 'MalformedXML',
    status: 400,
  })
})

test('a word outside the enumeration is MalformedXML', async () => {
  const body = '<VersioningConfiguration><Status>Perhaps</Status></VersioningConfiguration>'
  await expect(codec.decode('PutBucketVersioning', request({ body }), labels)).rejects.toThrow(WireError)
})

test('an absent body: nothing where it may be, an error where it must not', async () => {
  expect(await codec.decode('CreateBucket', request(), { Bucket: 'b' })).toEqual({ Bucket: 'b' })
  await expect(codec.decode('DeleteObjects', request(), { Bucket: 'b' })).rejects.toMatchObject({
    code: 'MissingRequestBodyError',
  })
})

test('a body at the bound is read, one byte more is not', async () => {
  const atBound = Buffer.alloc(XML_BODY_BYTES_MAX, ' ')
  await expect(codec.decode('CreateBucket', request({ body: atBound }), { Bucket: 'b' })).resolves.toEqual({
    Bucket: 'b',
  })
  const past = Buffer.alloc(XML_BODY_BYTES_MAX + 1, ' ')
  await expect(codec.decode('CreateBucket', request({ body: past }), { Bucket: 'b' })).rejects.toMatchObject({
    code: 'MaxMessageLengthExceeded',
  })
})

test('a reply: root and namespace of S3, flattened lists, ISO dates, escaped text', () => {
  const { body, headers, status } = codec.encode('ListObjectsV2', {
    Name: 'b',
    IsTruncated: false,
    Contents: [{ Key: '<&>\r', LastModified: new Date(0), Size: 1 }, { Key: 'x' }],
    CommonPrefixes: [{ Prefix: 'p/' }],
  })
  expect({ status, headers }).toEqual({ status: 200, headers: { 'content-type': 'application/xml' } })
  expect(body).toBe(
    '<?xml version="1.0" encoding="UTF-8"?>\n<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><IsTruncated>false</IsTruncated><Contents><Key>&lt;&amp;&gt;&#xd;</Key><LastModified>1970-01-01T00:00:00.000Z</LastModified><Size>1</Size></Contents><Contents><Key>x</Key></Contents><Name>b</Name><CommonPrefixes><Prefix>p/</Prefix></CommonPrefixes></ListBucketResult>',
  )
})

test.each([
  [
    'GetBucketLocation',
    { LocationConstraint: 'eu-west-1' },
    '<LocationConstraint xmlns="http://s3.amazonaws.com/doc/2006-03-01/">eu-west-1</LocationConstraint>',
  ],
  ['GetBucketLocation', {}, '<LocationConstraint xmlns="http://s3.amazonaws.com/doc/2006-03-01/"/>'],
  [
    'GetBucketVersioning',
    { Status: 'Enabled' },
    '<VersioningConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Status>Enabled</Status></VersioningConfiguration>',
  ],
  [
    'CopyObject',
    { CopyObjectResult: { ETag: '"e"' } },
    '<CopyObjectResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><ETag>&quot;e&quot;</ETag></CopyObjectResult>',
  ],
  [
    'GetObjectLegalHold',
    { LegalHold: { Status: 'ON' } },
    '<LegalHold xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Status>ON</Status></LegalHold>',
  ],
  [
    'GetBucketAcl',
    { Grants: [{ Grantee: { Type: 'CanonicalUser', ID: 'i' }, Permission: 'FULL_CONTROL' }] },
    '<AccessControlPolicy xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><AccessControlList><Grant><Grantee xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="CanonicalUser"><ID>i</ID></Grantee><Permission>FULL_CONTROL</Permission></Grant></AccessControlList></AccessControlPolicy>',
  ],
] as const)('%s has the root SDKs expect', (operation, output, expected) => {
  expect(codec.encode(operation, output as never).body).toBe(`<?xml version="1.0" encoding="UTF-8"?>\n${expected}`)
})

test('headers of a reply: HTTP dates, metadata in UTF-8, the status of the model', () => {
  const { headers } = codec.encode('HeadObject', {
    LastModified: new Date(0),
    Metadata: { Name: 'ü' },
    ContentLength: 5,
  })
  expect(headers).toEqual({
    'last-modified': 'Thu, 01 Jan 1970 00:00:00 GMT',
    'x-amz-meta-name': Buffer.from('ü').toString('latin1'),
    'content-length': '5',
  })
  expect(codec.encode('DeleteObject', { DeleteMarker: true, VersionId: 'v' })).toEqual({
    status: 204,
    headers: { 'x-amz-delete-marker': 'true', 'x-amz-version-id': 'v' },
  })
})

test('an error: details between text and request id', () => {
  const error = new WireError('NoSuchKey', 'gone', { status: 404, extra: { Key: 'a&b' } })
  expect(encodeRestXmlError(error, { requestId: 'R', hostId: 'H' }).body).toBe(
    '<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>NoSuchKey</Code><Message>gone</Message><Key>a&amp;b</Key><RequestId>R</RequestId><HostId>H</HostId></Error>',
  )
  expect(
    encodeRestXmlError(new WireError('NotModified', '', { status: 304 }), { requestId: 'R', hostId: 'H' }),
  ).not.toHaveProperty('body')
})
