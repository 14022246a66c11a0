import { createHmac } from 'node:crypto'
import { expect, test } from 'vitest'
import { verifyFormV2 } from '../../../src/wire/sigv2/form.ts'
import { SignatureFailure } from '../../../src/wire/sigv4/failure.ts'

const VERIFICATION = { secretOf: (key: string) => (key === 'AKIAEXAMPLE' ? 'a-secret' : undefined) }
const FIELDS = {
  awsaccesskeyid: 'AKIAEXAMPLE',
  policy: 'cG9saWN5',
  signature: createHmac('sha1', 'a-secret').update('cG9saWN5').digest('base64'),
}

test('a form tells who signed its policy, and another that it is not of Version 2', () => {
  expect(verifyFormV2({ ...FIELDS, key: 'a' }, VERIFICATION)).toBe('AKIAEXAMPLE')
  expect(verifyFormV2({ key: 'a', policy: 'cG9saWN5' }, VERIFICATION)).toBeUndefined()
})

test.each([
  [{ policy: 'b3RoZXI=' }, 'mismatch'],
  [{ signature: 'AAAA' }, 'mismatch'],
  [{ signature: '' }, 'mismatch'],
  [{ awsaccesskeyid: 'AKIAOTHER' }, 'unknownKey'],
  [{ policy: undefined }, 'unsupported'],
  [{ signature: undefined }, 'unsupported'],
  [{ awsaccesskeyid: undefined }, 'unsupported'],
])('a form with %o is refused as %s', (changed, kind) => {
  const given = Object.entries({ ...FIELDS, ...changed }).filter(([, value]) => value !== undefined)
  const fields = Object.fromEntries(given) as Record<string, string>
  const refused = () => verifyFormV2(fields, VERIFICATION)
  expect(refused).toThrow(SignatureFailure)
  expect(refused).toThrow(expect.objectContaining({ problem: expect.objectContaining({ kind }) }))
})
