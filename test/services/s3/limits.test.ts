/** Every bound of S3, at it and one past it. */
import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { patterned } from '../../contracts/object-store.ts'
import { outcomeOf } from './access/support.ts'
import { type Answer, type Call, elementOf, elementsOf, perTest, s3World } from './support.ts'

const { call } = perTest(() => s3World({ bucket: 'lake' }))

const LONG = 'b'.repeat(63)
test.each([
  ['abc', '200'],
  [LONG, '200'],
  ['a.b-c.1', '200'],
  ['1.2.3.4.5', '200'],
  ['ab', '400 InvalidBucketName'],
  [`${LONG}b`, '400 InvalidBucketName'],
  ['-ab', '400 InvalidBucketName'],
  ['ab-', '400 InvalidBucketName'],
  ['.ab', '400 InvalidBucketName'],
  ['ab.', '400 InvalidBucketName'],
  ['a..b', '400 InvalidBucketName'],
  ['a_b', '400 InvalidBucketName'],
  ['aBc', '400 InvalidBucketName'],
  ['1.2.3.4', '400 InvalidBucketName'],
  ['xn--abc', '400 InvalidBucketName'],
  ['sthree-abc', '400 InvalidBucketName'],
  ['amzn-s3-demo-abc', '400 InvalidBucketName'],
  ['abc-s3alias', '400 InvalidBucketName'],
  ['abc--ol-s3', '400 InvalidBucketName'],
  ['abc.mrap', '400 InvalidBucketName'],
  ['abc--x-s3', '400 InvalidBucketName'],
  ['abc--table-s3', '400 InvalidBucketName'],
])('a bucket named %s: %s', async (name, expected) => {
  const answer = await call('PUT', `/${name}`)
  expect(outcomeOf(answer)).toBe(expected)
  if (answer.status !== 200) expect(elementOf(answer.text, 'BucketName')).toBe(name)
})

test.each([
  ['k'.repeat(1024), 1024],
  ['ä'.repeat(512), 1024],
  [`${'€'.repeat(341)}x`, 1024],
  ['😀'.repeat(256), 1024],
  ['k'.repeat(1025), 1025],
  ['ä'.repeat(513), 1026],
  [`${'€'.repeat(341)}xy`, 1025],
  [`${'😀'.repeat(256)}x`, 1025],
])('a key %#: of %s', async (key, bytes) => {
  const target = `/lake/${encodeURIComponent(key)}`
  const answer = await call('PUT', target, { body: 'x' })
  if (bytes <= 1024) {
    expect(outcomeOf(answer)).toBe('200')
    expect((await call('GET', target)).text).toBe('x')
    expect(elementsOf((await call('GET', '/lake?list-type=2')).text, 'Key')).toEqual([key])
  } else {
    expect(outcomeOf(answer)).toBe('400 KeyTooLongError')
    expect([elementOf(answer.text, 'Size'), elementOf(answer.text, 'MaxSizeAllowed')]).toEqual([String(bytes), '1024'])
    expect(outcomeOf(await call('POST', `${target}?uploads`))).toBe('400 KeyTooLongError')
  }
})

const put = (headers: Record<string, string>, rest: Call = {}) => call('PUT', '/lake/a', { headers, ...rest })
const pairs = (count: number) => Array.from({ length: count }, (_, number) => [`k${number}`, 'v'] as [string, string])
const tagging = (tags: readonly (readonly [string, string])[]) => {
  const set = tags.map(([key, value]) => `<Tag><Key>${key}</Key><Value>${value}</Value></Tag>`)
  return `<Tagging><TagSet>${set.join('')}</TagSet></Tagging>`
}
const header = (tags: readonly (readonly [string, string])[]) =>
  new URLSearchParams(tags as [string, string][]).toString()
const document = (target: string, body: string) => call('PUT', target, { body })
const GIB = 1024 ** 3
const deleting = (count: number) => {
  const body = `<Delete>${'<Object><Key>a</Key></Object>'.repeat(count)}</Delete>`
  const md5 = createHash('md5').update(body).digest('base64')
  return call('POST', '/lake?delete', { body, headers: { 'content-md5': md5 } })
}

const CASES: readonly [string, () => Promise<Answer>, string][] = [
  ['2,048 bytes of metadata', () => put({ 'x-amz-meta-ab': 'm'.repeat(2046) }), '200'],
  ['2,049 bytes of metadata', () => put({ 'x-amz-meta-ab': 'm'.repeat(2047) }), '400 MetadataTooLarge'],
  ['2,048 bytes in two', () => put({ 'x-amz-meta-a': 'm'.repeat(1023), 'x-amz-meta-b': 'm'.repeat(1023) }), '200'],
  [
    '2,050 bytes of two-byte characters',
    () => put({ 'x-amz-meta-ab': Buffer.from('ä'.repeat(1024)).toString('latin1') }),
    '400 MetadataTooLarge',
  ],
  ['10 tags in a header', () => put({ 'x-amz-tagging': header(pairs(10)) }), '200'],
  ['11 tags in a header', () => put({ 'x-amz-tagging': header(pairs(11)) }), '400 BadRequest'],
  ['a tag key of 128', () => put({ 'x-amz-tagging': header([['k'.repeat(128), 'v']]) }), '200'],
  ['a tag key of 129', () => put({ 'x-amz-tagging': header([['k'.repeat(129), 'v']]) }), '400 InvalidTag'],
  ['a tag value of 256', () => put({ 'x-amz-tagging': header([['k', 'v'.repeat(256)]]) }), '200'],
  ['a tag value of 257', () => put({ 'x-amz-tagging': header([['k', 'v'.repeat(257)]]) }), '400 InvalidTag'],
  ['a tag named as JavaScript names things', () => put({ 'x-amz-tagging': 'constructor=1&__proto__=2' }), '200'],
  ['50 tags of a bucket', () => document('/lake?tagging', tagging(pairs(50))), '204'],
  ['51 tags of a bucket', () => document('/lake?tagging', tagging(pairs(51))), '400 BadRequest'],
  ['1,000 keys to delete', () => deleting(1000), '200'],
  ['1,001 keys to delete', () => deleting(1001), '400 MalformedXML'],
  ['no keys to delete', () => deleting(0), '400 MalformedXML'],
  ['10,000 buckets a page', () => call('GET', '/?max-buckets=10000'), '200'],
  ['10,001 buckets a page', () => call('GET', '/?max-buckets=10001'), '400 InvalidArgument'],
  ['no buckets a page', () => call('GET', '/?max-buckets=0'), '400 InvalidArgument'],
  ['a page of uploads below none', () => call('GET', '/lake?uploads&max-uploads=-1'), '400 InvalidArgument'],
  ['a page of uploads of 1,001', () => call('GET', '/lake?uploads&max-uploads=1001'), '200'],
  ['5 GiB announced, nothing sent', () => put({}, { announced: 5 * GIB }), '400 IncompleteBody'],
  ['5 GiB and a byte announced', () => put({}, { announced: 5 * GIB + 1 }), '400 EntityTooLarge'],
]

test.each(CASES)('%s: %s', async (_, run, expected) => {
  expect(outcomeOf(await run())).toBe(expected)
})

test('an upload takes parts 1 to 10,000, of 5 GiB at most and, but for the last, 5 MiB at least', async () => {
  const begin = async () => elementOf((await call('POST', '/lake/big?uploads')).text, 'UploadId') as string
  const uploadId = await begin()
  const part = (number: number | string, rest: Call = {}) =>
    call('PUT', `/lake/big?partNumber=${number}&uploadId=${uploadId}`, { body: 'x', ...rest })
  for (const number of [1, 10_000]) expect(outcomeOf(await part(number))).toBe('200')
  for (const number of [0, 10_001, -1, 'one']) expect(outcomeOf(await part(number))).toBe('400 InvalidArgument')
  expect(outcomeOf(await part(1, { announced: 5 * GIB + 1 }))).toBe('400 EntityTooLarge')
  expect(outcomeOf(await part(1, { announced: 5 * GIB }))).toBe('400 IncompleteBody')

  const complete = async (size: number) => {
    const id = await begin()
    const etags: (string | undefined)[] = []
    for (const [index, body] of [patterned(size), Buffer.from('x')].entries()) {
      const answer = await call('PUT', `/lake/big?partNumber=${index + 1}&uploadId=${id}`, { body })
      etags.push(answer.headers['etag'])
    }
    const list = etags.map((etag, index) => `<Part><PartNumber>${index + 1}</PartNumber><ETag>${etag}</ETag></Part>`)
    const body = `<CompleteMultipartUpload>${list.join('')}</CompleteMultipartUpload>`
    return call('POST', `/lake/big?uploadId=${id}`, { body })
  }
  const small = await complete(5 * 1024 * 1024 - 1)
  expect(outcomeOf(small)).toBe('400 EntityTooSmall')
  expect(['MinSizeAllowed', 'ProposedSize', 'PartNumber'].map((name) => elementOf(small.text, name))).toEqual([
    '5242880',
    '5242879',
    '1',
  ])
  expect(outcomeOf(await complete(5 * 1024 * 1024))).toBe('200')
})

test('pages hold 1,000 entries at most, however many are asked for', async () => {
  for (let first = 0; first < 1001; first += 143) {
    const numbers = Array.from({ length: 143 }, (_, index) => first + index)
    await Promise.all(numbers.map((number) => call('PUT', `/lake/${number}`, { body: 'x' })))
  }
  const shown = async (query: string) => {
    const { status, text } = await call('GET', `/lake?${query}`)
    return [status, elementsOf(text, 'Key').length, elementOf(text, 'MaxKeys'), elementOf(text, 'IsTruncated')]
  }
  expect(await shown('list-type=2')).toEqual([200, 1000, '1000', 'true'])
  expect(await shown('list-type=2&max-keys=1000')).toEqual([200, 1000, '1000', 'true'])
  expect(await shown('list-type=2&max-keys=1001')).toEqual([200, 1000, '1000', 'true'])
  expect(await shown('max-keys=2147483647')).toEqual([200, 1000, '1000', 'true'])
  expect(await shown('versions&max-keys=1001')).toEqual([200, 1000, '1000', 'true'])
  expect(await shown('max-keys=0')).toEqual([200, 0, '0', 'false'])
  expect(await shown('list-type=2&max-keys=0')).toEqual([200, 0, '0', 'false'])
  for (const value of ['-1', 'x', '1.5']) expect((await shown(`max-keys=${value}`))[0]).toBe(400)
})
