/** Forms as SDKs sign them, posted as browsers post them. */
import { S3Client } from '@aws-sdk/client-s3'
import { createPresignedPost, type PresignedPostOptions } from '@aws-sdk/s3-presigned-post'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { TEST_KEY } from '../../support/fake-lake.ts'
import { type S3Lake, startS3Lake } from './support.ts'

let lake: S3Lake
let client: S3Client

beforeAll(async () => {
  lake = await startS3Lake()
  client = new S3Client({ endpoint: lake.endpoint, region: 'us-east-1', forcePathStyle: true, credentials: TEST_KEY })
  await lake.run('aws', ['s3', 'mb', 's3://forms'])
})
afterAll(async () => {
  client.destroy()
  await lake.close()
})

async function post(
  { url, fields }: { url: string; fields: Record<string, string> },
  file: Blob,
  changed: Record<string, string> = {},
) {
  const form = new FormData()
  for (const [name, value] of Object.entries({ ...fields, ...changed })) form.append(name, value)
  form.append('file', file, 'photo.bin')
  return fetch(url, { method: 'POST', body: form, redirect: 'manual' })
}

const signed = (options: Partial<PresignedPostOptions>) =>
  createPresignedPost(client, { Bucket: 'forms', Key: 'up/$' + '{filename}', ...options })

test('a form signed by the JavaScript SDK uploads 5 MiB', async () => {
  const file = new Uint8Array(5 * 1024 * 1024).fill(7)
  const answer = await post(
    await signed({ Conditions: [['content-length-range', 0, file.byteLength]], Fields: { 'x-amz-meta-a': 'b' } }),
    new Blob([file]),
  )
  expect([answer.status, await answer.text()]).toEqual([204, ''])
  const head = JSON.parse(await lake.run('aws', ['s3api', 'head-object', '--bucket', 'forms', '--key', 'up/photo.bin']))
  expect([head.ContentLength, head.Metadata]).toEqual([file.byteLength, { a: 'b' }])
})

test('a form that was changed, or is too large or too late, uploads nothing', async () => {
  const small = { Conditions: [['content-length-range', 0, 3] as ['content-length-range', number, number]] }
  const cases: [Partial<PresignedPostOptions>, Record<string, string>, number, string][] = [
    [{}, { key: 'elsewhere' }, 403, 'Policy Condition failed'],
    [{}, { 'x-amz-meta-more': 'x' }, 403, 'Extra input fields: x-amz-meta-more'],
    [{}, { 'x-amz-signature': '0'.repeat(64) }, 403, 'SignatureDoesNotMatch'],
    [small, {}, 400, 'EntityTooLarge'],
    [{ Expires: -1 }, {}, 403, 'Policy expired'],
  ]
  for (const [options, changed, status, text] of cases) {
    const answer = await post(await signed({ ...options, Key: 'none' }), new Blob(['hello']), changed)
    expect([answer.status, await answer.text()]).toEqual([status, expect.stringContaining(text)])
  }
  const list = await lake.run('aws', ['s3api', 'list-objects-v2', '--bucket', 'forms', '--prefix', 'none'])
  expect(list).not.toContain('Contents')
})

test.each(['s3', 's3v4'])('a form that boto3 signs by %s sends the browser on', async (version) => {
  const script = `
import boto3, json
from botocore.config import Config
client = boto3.client('s3', config=Config(signature_version='${version}'))
fields = {'success_action_redirect': 'http://page.example/done'}
print(json.dumps(client.generate_presigned_post('forms', 'boto', Fields=fields, Conditions=[fields], ExpiresIn=60)))
`
  const form = JSON.parse(await lake.run('python3', ['-c', script])) as { url: string; fields: Record<string, string> }
  const answer = await post(form, new Blob(['hello']))
  expect(answer.status).toBe(303)
  expect(answer.headers.get('location')).toContain('http://page.example/done?bucket=forms&key=boto&etag=')
})
