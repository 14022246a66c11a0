import { expect, test } from 'vitest'
import { policyText, type StatementGiven } from '../../../support/policies.ts'
import { elementOf, perTest } from '../support.ts'
import { accessWorld, outcomeOf } from './support.ts'

const { world, call } = perTest(accessWorld)

const put = (body: string) => call('PUT', '/lake?policy', { body })
const get = () => call('GET', '/lake?policy')

const LAKE = 'arn:aws:s3:::lake'
const ROOT = { AWS: 'arn:aws:iam::000000000000:root' }

test('a policy comes back as it was put, is replaced whole, and goes', async () => {
  expect(outcomeOf(await get())).toBe('404 NoSuchBucketPolicy')
  expect(outcomeOf(await call('GET', '/lake?policyStatus'))).toBe('404 NoSuchBucketPolicy')
  const text = `{ "Version" : "2012-10-17",\n"Statement":[{"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"${LAKE}/ä*"}] }`
  expect(outcomeOf(await put(text))).toBe('204')
  expect((await get()).text).toBe(text)
  expect(elementOf((await call('GET', '/lake?policyStatus')).text, 'IsPublic')).toBe('false')
  const other = policyText({ Principal: ROOT, Action: 's3:GetObject', Resource: `${LAKE}/*` })
  expect(outcomeOf(await put(other))).toBe('204')
  expect((await get()).text).toBe(other)
  expect(outcomeOf(await call('DELETE', '/lake?policy'))).toBe('204')
  expect(outcomeOf(await call('DELETE', '/lake?policy'))).toBe('204')
  expect(outcomeOf(await get())).toBe('404 NoSuchBucketPolicy')
  expect(outcomeOf(await call('PUT', '/none?policy', { body: other }))).toBe('404 NoSuchBucket')
})

const statement = (given: StatementGiven) =>
  policyText({ Principal: ROOT, Action: 's3:GetObject', Resource: `${LAKE}/*`, ...given })

test.each([
  [
    'enforces TLS, as CDK does',
    {
      Effect: 'Deny',
      Principal: '*',
      Action: 's3:*',
      Resource: [LAKE, `${LAKE}/*`],
      Condition: { Bool: { 'aws:SecureTransport': 'false' } },
    },
  ],
  [
    'lets logs be delivered',
    {
      Principal: { Service: 'logging.s3.amazonaws.com' },
      Action: 's3:PutObject',
      Condition: { StringEquals: { 'aws:SourceAccount': '000000000000' } },
    },
  ],
  ['names another account', { Principal: { AWS: '111122223333' } }],
  ['names a user of another account', { Principal: { AWS: 'arn:aws:iam::111122223333:user/x' } }],
  ['names a user that exists', { Principal: { AWS: 'arn:aws:iam::000000000000:user/ann' } }],
  [
    'names actions that are not offered',
    { Action: ['s3:PutInventoryConfiguration', 's3:Get*'], Resource: [LAKE, `${LAKE}/*`] },
  ],
  ['speaks of the bucket with a wildcard', { Action: ['s3:ListBucket', 's3:GetObject'], Resource: `${LAKE}*` }],
  ['has a variable in its resource', { Resource: `${LAKE}/\${aws:username}/*` }],
  ['asks for tags', { Condition: { StringEquals: { 's3:ExistingObjectTag/a': 'b', 's3:RequestObjectTag/c': 'd' } } }],
  ['has no version', { Sid: 'Spaces are fine here' }],
] as const)('a policy that %s is taken', async (_, given) => {
  expect(outcomeOf(await put(statement(given)))).toBe('204')
})

test.each([
  ["Policies must be valid JSON and the first byte must be '{'", 'no json'],
  ["Policies must be valid JSON and the first byte must be '{'", ` ${statement({})}`],
  ["Policies must be valid JSON and the first byte must be '{'", '{"Version":'],
  ['The policy must contain a valid version string', statement({}).replace('2012-10-17', '2012-10-18')],
  ['Missing required field Statement', '{"Version":"2012-10-17"}'],
  ['Missing required field Principal', statement({ Principal: undefined })],
  ['Missing required field Action', statement({ Action: [] })],
  ['Missing required field Resource', statement({ Resource: [] })],
  ['Missing required field Effect', statement({}).replace('"Effect":"Allow",', '')],
  ['Invalid policy syntax.', statement({ Surprise: 'x' })],
  ['Invalid principal in policy', statement({ Principal: { AWS: 'nobody' } })],
  ['Invalid principal in policy', statement({ Principal: { AWS: 'arn:aws:iam::000000000000:user/bob' } })],
  ['Invalid principal in policy', statement({ Principal: { AWS: 'arn:aws:iam::000000000000:role/none' } })],
  ['Policy has invalid action', statement({ Action: 's3:ReadObject' })],
  ['Policy has invalid action', statement({ Action: 'kms:Decrypt' })],
  ['Policy has invalid resource', statement({ Resource: 'arn:aws:s3:::other/*' })],
  ['Policy has invalid resource', statement({ Resource: 'arn:aws:s3:::lakes/*' })],
  ['Policy has invalid resource', statement({ Resource: 'lake/*' })],
  [
    'Policy has invalid resource',
    statement({ NotResource: 'arn:aws:sqs:us-east-1:000000000000:q', Resource: undefined }),
  ],
  ['Action does not apply to any resource(s) in statement', statement({ Resource: LAKE })],
  ['Action does not apply to any resource(s) in statement', statement({ Action: 's3:ListBucket' })],
  ['Action does not apply to any resource(s) in statement', statement({ Action: ['s3:GetObject', 's3:ListBucket'] })],
  ['Policy has an invalid condition key', statement({ Condition: { StringEquals: { 's3:prefixes': 'a' } } })],
  ['Policy has an invalid condition key', statement({ Condition: { StringEquals: { prefix: 'a' } } })],
  ['Invalid Condition type : StringResembles', statement({ Condition: { StringResembles: { 's3:prefix': 'a' } } })],
  ['Statement IDs (SID) in a single policy must be unique.', twice('same')],
] as const)('%s', async (message, text) => {
  const answer = await put(text)
  expect(outcomeOf(answer)).toBe('400 MalformedPolicy')
  expect(elementOf(answer.text, 'Message')).toBe(message)
  expect(outcomeOf(await get())).toBe('404 NoSuchBucketPolicy')
})

function twice(Sid: string): string {
  const one = { Principal: ROOT, Action: 's3:GetObject', Resource: `${LAKE}/*`, Sid }
  return policyText(one, one)
}

test('a policy may have 20 KiB, and not a byte more', async () => {
  const text = statement({ Sid: '' })
  const ofSize = (size: number) => text.replace('"Sid":""', `"Sid":"${'x'.repeat(size - text.length)}"`)
  expect(outcomeOf(await put(ofSize(20 * 1024)))).toBe('204')
  expect(outcomeOf(await put(ofSize(20 * 1024 + 1)))).toBe('400 MalformedPolicy')
})

test('who would shut himself out must say that he means it; root never does', async () => {
  await world().allow({ Action: 's3:*PolicY' }, { Action: 's3:PutBucketPolicy' })
  const shut = statement({ Effect: 'Deny', Principal: '*', Action: 's3:PutBucketPolicy', Resource: LAKE })
  const as = world().ann
  const answer = await call('PUT', '/lake?policy', { body: shut, as })
  expect(outcomeOf(answer)).toBe('403 AccessDenied')
  expect(elementOf(answer.text, 'Message')).toContain('x-amz-confirm-remove-self-bucket-access')
  const headers = { 'x-amz-confirm-remove-self-bucket-access': 'true' }
  expect(outcomeOf(await call('PUT', '/lake?policy', { body: shut, as, headers }))).toBe('204')
  expect(outcomeOf(await call('PUT', '/lake?policy', { body: shut, as, headers }))).toBe('403 AccessDenied')
  expect(outcomeOf(await put(shut))).toBe('204')
})
