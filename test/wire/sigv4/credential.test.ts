import { expect, test } from 'vitest'
import { type Credential, secretFor } from '../../../src/wire/sigv4/credential.ts'
import {
  jsonSignatureError,
  querySignatureError,
  SignatureFailure,
  s3SignatureError,
} from '../../../src/wire/sigv4/failure.ts'

const KEYS: Readonly<Record<string, Credential>> = {
  AKIA: { secretAccessKey: 'long' },
  ASIA: { secretAccessKey: 'short', session: { token: 'token', expiresAtMs: 1000 } },
}

function outcome(accessKeyId: string, sessionToken: string | undefined, nowMs = 0): string {
  try {
    return secretFor({ accessKeyId, sessionToken }, { credentialOf: (id) => KEYS[id], nowMs })
  } catch (error) {
    if (error instanceof SignatureFailure) return error.problem.kind
    throw error
  }
}

test.each([
  ['AKIA', undefined, 0, 'long'],
  ['AKIA', 'token', 0, 'unknownToken'],
  ['ASIA', 'token', 0, 'short'],
  ['ASIA', 'token', 999, 'short'],
  ['ASIA', 'token', 1000, 'expiredToken'],
  ['ASIA', 'Token', 0, 'unknownToken'],
  ['ASIA', '', 0, 'unknownToken'],
  ['ASIA', undefined, 0, 'unknownKey'],
  ['NONE', 'token', 0, 'unknownKey'],
] as const)('the key %s with token %s at %i: %s', (id, token, nowMs, expected) => {
  expect(outcome(id, token, nowMs)).toBe(expected)
})

test('each protocol has its name for a token that expired or is none', () => {
  const of = (make: typeof s3SignatureError, kind: 'expiredToken' | 'unknownToken') => {
    const { code, status } = make({ kind })
    return `${status} ${code}`
  }
  expect(of(s3SignatureError, 'expiredToken')).toBe('400 ExpiredToken')
  expect(of(s3SignatureError, 'unknownToken')).toBe('400 InvalidToken')
  expect(of(jsonSignatureError, 'expiredToken')).toBe('400 ExpiredTokenException')
  expect(of(jsonSignatureError, 'unknownToken')).toBe('400 UnrecognizedClientException')
  expect(of(querySignatureError, 'expiredToken')).toBe('403 ExpiredToken')
  expect(of(querySignatureError, 'unknownToken')).toBe('403 InvalidClientTokenId')
})
