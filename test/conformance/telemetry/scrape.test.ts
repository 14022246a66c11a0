/** Who may scrape a lake that verifies signatures: whoever is on this machine, and whoever signs and is allowed to. */
import { request } from 'node:http'
import { Sha256 } from '@aws-crypto/sha256-js'
import { CreateAccessKeyCommand } from '@aws-sdk/client-iam'
import { CreateBucketCommand, ListObjectsCommand, PutObjectCommand } from '@aws-sdk/client-s3'
import { SignatureV4 } from '@smithy/signature-v4'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { TestLake } from '../../support/lake.ts'
import { lakeWithAnn } from '../identity/support.ts'

let world: Awaited<ReturnType<typeof lakeWithAnn>>
let lake: TestLake
beforeAll(async () => {
  world = await lakeWithAnn()
  lake = world.lake
})
afterAll(() => world.close())

interface Answer {
  readonly status: number
  readonly type: string | undefined
  readonly body: string
}

/** `fetch` would set the Host header itself. */
function get(path: string, headers: Record<string, string> = {}): Promise<Answer> {
  const { hostname, port } = new URL(lake.endpoint)
  return new Promise((resolve, reject) => {
    const asked = request({ host: hostname, port, path, headers }, (response) => {
      let body = ''
      response.on('data', (bytes) => {
        body += bytes
      })
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, type: response.headers['content-type'], body }),
      )
    })
    asked.on('error', reject)
    asked.end()
  })
}

async function signed(path: string, credentials: TestLake['credentials']): Promise<Answer> {
  const url = new URL(path, lake.endpoint)
  const signer = new SignatureV4({
    service: 'lakelet',
    region: 'us-east-1',
    credentials,
    sha256: Sha256,
  })
  const { headers } = await signer.sign({
    method: 'GET',
    protocol: url.protocol,
    hostname: url.hostname,
    path: url.pathname,
    headers: { host: 'lake.example' },
  })
  return get(path, headers)
}

test.each(['/metrics', '/_lakelet/metrics'])('%s is open to this machine', async (path) => {
  const answer = await get(path)
  expect(answer).toMatchObject({ status: 200, type: 'text/plain; version=0.0.4; charset=utf-8' })
  expect(answer.body).toMatch(/^# HELP [a-z_]+ .+\n# TYPE [a-z_]+ (counter|gauge|summary)\n/)
})

test.each<[string, Record<string, string>]>([
  ['another name of this machine', { host: 'evil.example' }],
  ['a proxy', { 'x-forwarded-for': '10.0.0.7' }],
  ['a signature that is none', { authorization: 'AWS4-HMAC-SHA256 nonsense' }],
])('with %s it is not open', async (_what, headers) => {
  expect((await get('/_lakelet/metrics', headers)).status).toBe(400)
})

test('elsewhere it takes a signature, and the permission lakelet:GetMetrics', async () => {
  const { AccessKey } = await lake.iam.send(new CreateAccessKeyCommand({ UserName: 'ann' }))
  const ann = { accessKeyId: AccessKey?.AccessKeyId ?? '', secretAccessKey: AccessKey?.SecretAccessKey ?? '' }
  expect((await signed('/metrics', lake.credentials)).status).toBe(200)
  expect(await signed('/metrics', ann)).toMatchObject({
    status: 403,
    body: expect.stringContaining('lakelet:GetMetrics'),
  })
  await world.allow({ Action: 'lakelet:GetMetrics', Resource: '*' })
  expect((await signed('/metrics', ann)).status).toBe(200)
})

test('a bucket named metrics is a bucket to clients of S3', async () => {
  await lake.s3.send(new CreateBucketCommand({ Bucket: 'metrics' }))
  await lake.s3.send(new PutObjectCommand({ Bucket: 'metrics', Key: 'k', Body: 'x' }))
  const { Contents } = await lake.s3.send(new ListObjectsCommand({ Bucket: 'metrics' }))
  expect(Contents?.map(({ Key }) => Key)).toEqual(['k'])
})
