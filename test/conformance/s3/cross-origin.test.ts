/** What a browser does for a page of another origin: it asks without a signature, and reads only what it is let read. */
import { GetObjectCommand, PutBucketCorsCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { getSignedUrl } from '@aws-sdk/s3-request-presigner'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { TEST_KEY } from '../../support/fake-lake.ts'
import { type S3Lake, startS3Lake } from './support.ts'

const ORIGIN = 'http://page.example'
let lake: S3Lake
let client: S3Client

beforeAll(async () => {
  lake = await startS3Lake()
  client = new S3Client({
    endpoint: lake.endpoint,
    region: 'us-east-1',
    forcePathStyle: true,
    credentials: TEST_KEY,
  })
  const CORSRules = [
    { AllowedOrigins: [ORIGIN], AllowedMethods: ['GET', 'PUT'], AllowedHeaders: ['*'], ExposeHeaders: ['ETag'] },
  ]
  await lake.run('aws', ['s3', 'mb', 's3://pages'])
  await client.send(new PutBucketCorsCommand({ Bucket: 'pages', CORSConfiguration: { CORSRules } }))
})
afterAll(async () => {
  client.destroy()
  await lake.close()
})

test('a page puts and gets through presigned links', async () => {
  const putUrl = await getSignedUrl(client, new PutObjectCommand({ Bucket: 'pages', Key: 'a b.txt' }))
  const preflight = await fetch(putUrl, {
    method: 'OPTIONS',
    headers: {
      origin: ORIGIN,
      'access-control-request-method': 'PUT',
      'access-control-request-headers': 'content-type',
    },
  })
  expect([preflight.status, preflight.headers.get('access-control-allow-headers')]).toEqual([200, 'content-type'])
  const put = await fetch(putUrl, { method: 'PUT', body: 'hello', headers: { origin: ORIGIN } })
  expect([put.status, put.headers.get('access-control-allow-origin')]).toEqual([200, ORIGIN])
  expect(put.headers.get('access-control-expose-headers')).toBe('ETag')
  const getUrl = await getSignedUrl(client, new GetObjectCommand({ Bucket: 'pages', Key: 'a b.txt' }))
  const got = await fetch(getUrl, { headers: { origin: ORIGIN } })
  expect([await got.text(), got.headers.get('vary')]).toEqual([
    'hello',
    'Origin, Access-Control-Request-Headers, Access-Control-Request-Method',
  ])
})

test('a page can read a refusal, also one of its signature; others cannot', async () => {
  const url = await getSignedUrl(client, new GetObjectCommand({ Bucket: 'pages', Key: 'none' }))
  for (const [target, status] of [
    [url, 404],
    [`${url}0`, 403],
  ] as const) {
    const answer = await fetch(target, { headers: { origin: ORIGIN } })
    expect([answer.status, answer.headers.get('access-control-allow-origin')]).toEqual([status, ORIGIN])
    const other = await fetch(target, { headers: { origin: 'http://other' } })
    expect(other.headers.get('access-control-allow-origin')).toBeNull()
  }
})

test('a preflight that no rule lets through is refused as S3 refuses it', async () => {
  const answer = await fetch(`${lake.endpoint}/pages/a`, {
    method: 'OPTIONS',
    headers: { origin: ORIGIN, 'access-control-request-method': 'DELETE' },
  })
  expect(answer.status).toBe(403)
  expect(await answer.text()).toContain(
    '<Code>AccessForbidden</Code><Message>CORSResponse: This CORS request is not allowed.',
  )
})
