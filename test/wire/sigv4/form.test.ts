import { createHmac } from 'node:crypto'
import { expect, test } from 'vitest'
import { secretFor } from '../../../src/wire/sigv4/credential.ts'
import { SignatureFailure } from '../../../src/wire/sigv4/failure.ts'
import { verifyForm } from '../../../src/wire/sigv4/form.ts'
import { SigningKeys } from '../../../src/wire/sigv4/signing-keys.ts'

const VERIFICATION = {
  secretOf: (accessKeyId: string) => (accessKeyId === 'AKIAEXAMPLE' ? 'a-secret' : undefined),
  keys: new SigningKeys(),
  region: 'us-east-1',
}
const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest()
const KEY = ['us-east-1', 's3', 'aws4_request'].reduce(hmac, hmac('AWS4a-secret', '20260115'))
const FIELDS = {
  policy: 'cG9saWN5',
  'x-amz-algorithm': 'AWS4-HMAC-SHA256',
  'x-amz-credential': 'AKIAEXAMPLE/20260115/us-east-1/s3/aws4_request',
  'x-amz-date': '20260115T120000Z',
  'x-amz-signature': hmac(KEY, 'cG9saWN5').toString('hex'),
}

test('a form tells who signed its policy, and one without signature that nobody did', () => {
  expect(verifyForm({ ...FIELDS, key: 'a' }, VERIFICATION)).toBe('AKIAEXAMPLE')
  expect(verifyForm({ key: 'a' }, VERIFICATION)).toBeUndefined()
})

test.each(Object.keys(FIELDS))('a form with all but %s is refused', (name) => {
  const { [name]: _, ...rest } = FIELDS as Record<string, string>
  expect(() => verifyForm(rest, VERIFICATION)).toThrow(`Bucket POST must contain a field named '${name}'.`)
})

test.each([
  ['x-amz-algorithm', 'AWS4-HMAC-SHA1', 'Only AWS4-HMAC-SHA256 is supported'],
  ['x-amz-date', 'yesterday', 'X-Amz-Date must be in the ISO8601 Long Format'],
  ['x-amz-credential', 'AKIAEXAMPLE', 'the Credential is mal-formed'],
  ['x-amz-credential', 'AKIAEXAMPLE/today/us-east-1/s3/aws4_request', 'incorrect date format "today"'],
  [
    'x-amz-credential',
    'AKIAEXAMPLE/20260115/eu-west-1/s3/aws4_request',
    'the region "eu-west-1" is wrong; expecting "us-east-1"',
  ],
  ['x-amz-credential', 'AKIAEXAMPLE/20260115/us-east-1/sqs/aws4_request', 'incorrect service "sqs"'],
  ['x-amz-credential', 'AKIAEXAMPLE/20260115/us-east-1/s3/aws5_request', 'incorrect terminal "aws5_request"'],
])('a form with %s %s is refused', (name, value, message) => {
  expect(() => verifyForm({ ...FIELDS, [name]: value }, VERIFICATION)).toThrow(message)
})

test('keys and tokens that nobody has are refused', () => {
  const strange = { ...FIELDS, 'x-amz-credential': FIELDS['x-amz-credential'].replace('AKIA', 'ASIA') }
  expect(() => verifyForm(strange, VERIFICATION)).toThrow(SignatureFailure)
  const secretOf = (accessKeyId: string) =>
    secretFor({ accessKeyId, sessionToken: 't' }, { credentialOf: () => ({ secretAccessKey: 'a-secret' }), nowMs: 0 })
  expect(() => verifyForm(FIELDS, { ...VERIFICATION, secretOf })).toThrow(SignatureFailure)
})

test.each([
  ['x-amz-signature', '0'.repeat(64)],
  ['x-amz-signature', ''],
  ['policy', 'b3RoZXI='],
])('a form with another %s is not what was signed', (name, value) => {
  const changed = { ...FIELDS, [name]: value }
  expect(problemOf(() => verifyForm(changed, VERIFICATION))).toMatchObject({
    kind: 'mismatch',
    stringToSign: changed.policy,
  })
})

function problemOf(run: () => unknown) {
  try {
    return run()
  } catch (error) {
    if (error instanceof SignatureFailure) return error.problem
    throw error
  }
}
