import { expect, test } from 'vitest'
import { digestsOf } from '../../../src/objects/digests.ts'
import { ALGORITHMS, CHECKSUM_TYPES } from '../../../src/services/s3/checksums.ts'
import { patterned } from '../../contracts/object-store.ts'
import { elementOf, elementsOf, perTest, s3World } from './support.ts'

const { call } = perTest(() => s3World({ bucket: 'lake' }))
type Algorithm = (typeof ALGORITHMS)[number]

const FIRST = patterned(5 * 1024 * 1024)
const LAST = Buffer.from('the end')
/** Past one frame: these are hashed in a thread. */
const LARGE = patterned(200_000)
const READ = { 'x-amz-checksum-mode': 'ENABLED' }

const header = (algorithm: string) => `x-amz-checksum-${algorithm.toLowerCase()}`
const sumOf = (bytes: Uint8Array, algorithm: Algorithm) => digestsOf(bytes, [algorithm]).checksums[algorithm] as string
const said = (answer: { status: number; text: string }) => [
  answer.status,
  elementOf(answer.text, 'Code'),
  elementOf(answer.text, 'Message'),
]

test.each(ALGORITHMS)('%s is checked on a put, in header or trailer, kept, and given back', async (algorithm) => {
  const name = header(algorithm)
  for (const body of [LAST, LARGE]) {
    const value = sumOf(body, algorithm)
    const put = await call('PUT', '/lake/a', { body, headers: { [name]: value } })
    expect([put.status, put.headers[name], put.headers['x-amz-checksum-type']]).toEqual([200, value, 'FULL_OBJECT'])
    const trailed = await call('PUT', '/lake/b', {
      body,
      headers: { 'x-amz-trailer': name, 'x-amz-sdk-checksum-algorithm': algorithm },
      trailers: { [name]: value },
    })
    expect(trailed.headers[name]).toBe(value)
    expect((await call('GET', '/lake/b', { headers: READ })).headers[name]).toBe(value)
    expect((await call('HEAD', '/lake/b', { headers: READ })).headers['x-amz-checksum-type']).toBe('FULL_OBJECT')
    expect((await call('HEAD', '/lake/b')).headers[name]).toBeUndefined()
    const range = await call('GET', '/lake/b', { headers: { ...READ, range: 'bytes=0-1' } })
    expect(range.headers[name]).toBeUndefined()
    const attributes = await call('GET', '/lake/a?attributes', { headers: { 'x-amz-object-attributes': 'Checksum' } })
    expect(elementOf(attributes.text, `Checksum${algorithm}`)).toBe(value)
  }
  expect(elementsOf((await call('GET', '/lake')).text, 'ChecksumAlgorithm')).toEqual([algorithm, algorithm])
})

test.each(ALGORITHMS)('a body that its %s does not fit is not stored', async (algorithm) => {
  const name = header(algorithm)
  const wrong = sumOf(Buffer.from('other bytes'), algorithm)
  const bad = [400, 'BadDigest', `The ${algorithm} you specified did not match the calculated checksum.`]
  const inTrailer = { headers: { 'x-amz-trailer': name }, trailers: { [name]: wrong } }
  for (const body of [LAST, LARGE]) {
    expect(said(await call('PUT', '/lake/a', { body, headers: { [name]: wrong } }))).toEqual(bad)
    expect(said(await call('PUT', '/lake/a', { body, ...inTrailer }))).toEqual(bad)
  }
  for (const value of ['x', '', `${wrong}=`, wrong.slice(4)]) {
    const answer = await call('PUT', '/lake/a', { body: LAST, headers: { [name]: value } })
    expect(said(answer)).toEqual([400, 'InvalidRequest', `Value for ${name} header is invalid.`])
  }
  expect((await call('HEAD', '/lake/a')).status).toBe(404)
})

test.each([
  [{ 'x-amz-checksum-crc32': 'AAAAAA==', 'x-amz-checksum-sha1': '' }, 'Expecting a single x-amz-checksum- header.'],
  [{ 'x-amz-checksum-crc32': 'AAAAAA==', 'x-amz-trailer': 'x-amz-checksum-md5' }, 'Expecting a single'],
  [{ 'x-amz-checksum-crc16': 'AAA=' }, 'The algorithm type you specified in x-amz-checksum- header is invalid.'],
  [{ 'x-amz-sdk-checksum-algorithm': 'CRC32' }, 'x-amz-sdk-checksum-algorithm specified, but no corresponding'],
  [
    { 'x-amz-sdk-checksum-algorithm': 'SHA1', 'x-amz-checksum-crc32': 'AAAAAA==' },
    'Value for x-amz-sdk-checksum-algorithm header is invalid.',
  ],
  [{ 'x-amz-sdk-checksum-algorithm': 'CRC16', 'x-amz-checksum-crc32': 'AAAAAA==' }, 'Checksum algorithm provided is'],
])('%o is refused', async (headers, message) => {
  const answer = await call('PUT', '/lake/a', { headers: headers as Record<string, string> })
  expect(said(answer).slice(0, 2)).toEqual([400, 'InvalidRequest'])
  expect(elementOf(answer.text, 'Message')).toContain(message)
})

const TYPES = ALGORITHMS.flatMap((algorithm) =>
  (['COMPOSITE', 'FULL_OBJECT'] as const).map((type) => [algorithm, type] as const),
)

test.each(TYPES)(
  'an upload with %s and %s is made of its parts, or refused when there is no such pair',
  async (algorithm, type) => {
    const begun = await call('POST', '/lake/big?uploads', {
      headers: { 'x-amz-checksum-algorithm': algorithm.toLowerCase(), 'x-amz-checksum-type': type.toLowerCase() },
    })
    if (!CHECKSUM_TYPES[algorithm].includes(type)) {
      const text = `The ${type} checksum type cannot be used with the ${algorithm.toLowerCase()} checksum algorithm.`
      expect(said(begun)).toEqual([400, 'InvalidRequest', text])
      return
    }
    expect([begun.headers['x-amz-checksum-algorithm'], begun.headers['x-amz-checksum-type']]).toEqual([algorithm, type])
    const uploadId = elementOf(begun.text, 'UploadId')
    const name = header(algorithm)
    const sums = [FIRST, LAST].map((body) => sumOf(body, algorithm))
    const put = (number: number, body: Buffer, headers: Record<string, string>) =>
      call('PUT', `/lake/big?partNumber=${number}&uploadId=${uploadId}`, { body, headers })

    const other = header(algorithm === 'CRC32' ? 'SHA1' : 'CRC32')
    const strange = await put(1, LAST, { [other]: sumOf(LAST, algorithm === 'CRC32' ? 'SHA1' : 'CRC32') })
    expect(elementOf(strange.text, 'Message')).toContain(`expected checksum Type: ${algorithm.toLowerCase()}, actual`)
    const bare = await put(2, LAST, {})
    if (type === 'FULL_OBJECT') expect(bare.headers[name]).toBe(sums[1])
    else expect(elementOf(bare.text, 'Message')).toContain('actual checksum Type: null')
    const first = await put(1, FIRST, { [name]: sums[0] as string })
    await put(2, LAST, { [name]: sums[1] as string })
    expect(first.headers[name]).toBe(sums[0])
    const listed = await call('GET', `/lake/big?uploadId=${uploadId}`)
    expect(elementsOf(listed.text, `Checksum${algorithm}`)).toEqual(sums)
    expect([elementOf(listed.text, 'ChecksumAlgorithm'), elementOf(listed.text, 'ChecksumType')]).toEqual([
      algorithm,
      type,
    ])

    const tag = `Checksum${algorithm}`
    const part = (number: number, sum: string, named = tag) =>
      `<Part><PartNumber>${number}</PartNumber><${named}>${sum}</${named}></Part>`
    const complete = (parts: string, headers: Record<string, string> = {}) =>
      call('POST', `/lake/big?uploadId=${uploadId}`, {
        body: `<CompleteMultipartUpload>${parts}</CompleteMultipartUpload>`,
        headers,
      })
    const parts = part(1, sums[0] as string) + part(2, sums[1] as string)
    const expected =
      type === 'FULL_OBJECT'
        ? sumOf(Buffer.concat([FIRST, LAST]), algorithm)
        : `${sumOf(Buffer.concat(sums.map((sum) => Buffer.from(sum, 'base64'))), algorithm)}-2`
    expect(said(await complete(part(1, sums[1] as string)))[1]).toBe('InvalidPart')
    expect(said(await complete(part(1, 'x')))[1]).toBe('InvalidArgument')
    expect(said(await complete(parts, { [name]: sums[0] as string }))[1]).toBe('BadDigest')
    const otherType = type === 'COMPOSITE' ? 'FULL_OBJECT' : 'COMPOSITE'
    expect(said(await complete(parts, { 'x-amz-checksum-type': otherType }))[2]).toBe(
      `The upload was created using the ${type} checksum mode. The complete request must use the same checksum mode.`,
    )
    const done = await complete(parts, { [name]: expected, 'x-amz-checksum-type': type })
    expect([done.status, elementOf(done.text, tag), elementOf(done.text, 'ChecksumType')]).toEqual([
      200,
      expected,
      type,
    ])

    const whole = await call('GET', '/lake/big', { headers: READ })
    expect([whole.headers[name], whole.headers['x-amz-checksum-type']]).toEqual([expected, type])
    const second = await call('HEAD', '/lake/big?partNumber=2', { headers: READ })
    expect(second.headers[name]).toBe(type === 'COMPOSITE' ? sums[1] : undefined)
  },
)

test.each(ALGORITHMS)('a copy may be given a %s', async (algorithm) => {
  await call('PUT', '/lake/source', { body: LARGE })
  const copied = await call('PUT', '/lake/copy', {
    headers: { 'x-amz-copy-source': 'lake/source', 'x-amz-checksum-algorithm': algorithm },
  })
  expect(elementOf(copied.text, `Checksum${algorithm}`)).toBe(sumOf(LARGE, algorithm))
  const kept = await call('PUT', '/lake/again', { headers: { 'x-amz-copy-source': 'lake/copy' } })
  expect(elementOf(kept.text, `Checksum${algorithm}`)).toBe(sumOf(LARGE, algorithm))
})

test('a document’s checksum may be of any algorithm', async () => {
  const body = '<Tagging><TagSet><Tag><Key>a</Key><Value>b</Value></Tag></TagSet></Tagging>'
  for (const algorithm of ALGORITHMS) {
    const put = (bytes: string) =>
      call('PUT', '/lake?tagging', { body, headers: { [header(algorithm)]: sumOf(Buffer.from(bytes), algorithm) } })
    expect((await put(body)).status).toBe(204)
    expect(said(await put('other'))[1]).toBe('BadDigest')
  }
})

test.each(ALGORITHMS)('a part that is copied has the %s of its bytes', async (algorithm) => {
  await call('PUT', '/lake/source', { body: LARGE })
  const begun = await call('POST', '/lake/big?uploads', { headers: { 'x-amz-checksum-algorithm': algorithm } })
  const target = `/lake/big?partNumber=1&uploadId=${elementOf(begun.text, 'UploadId')}`
  const headers = { 'x-amz-copy-source': 'lake/source', 'x-amz-copy-source-range': 'bytes=100-70099' }
  const copied = await call('PUT', target, { headers })
  expect(elementOf(copied.text, `Checksum${algorithm}`)).toBe(sumOf(LARGE.subarray(100, 70_100), algorithm))
})
