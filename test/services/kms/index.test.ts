import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { CreateKeyRequest } from '../../../src/wire/model/kms.ts'
import { ARN, kmsWorld } from './kms-world.ts'

let kms: Awaited<ReturnType<typeof kmsWorld>>
beforeEach(async () => {
  kms = await kmsWorld()
})
afterEach(() => kms.close())

const made = async (input: CreateKeyRequest = {}) => {
  const { KeyMetadata } = await kms.call('CreateKey', input)
  return KeyMetadata?.KeyId ?? ''
}
const PLAIN = Buffer.from('plain')
const MISSING = '00000000-1111-4222-8333-444444444444'

test('a new key is described as AWS describes one, by id, arn, alias and alias arn', async () => {
  const id = await made({ Description: 'till', Tags: [{ TagKey: 'a', TagValue: 'b' }] })
  await kms.call('CreateAlias', { AliasName: 'alias/till', TargetKeyId: id })
  for (const KeyId of [id, `${ARN}:key/${id}`, 'alias/till', `${ARN}:alias/till`]) {
    expect((await kms.call('DescribeKey', { KeyId })).KeyMetadata).toEqual({
      AWSAccountId: '000000000000',
      KeyId: id,
      Arn: `${ARN}:key/${id}`,
      CreationDate: new Date(kms.clock.nowMs()),
      Enabled: true,
      Description: 'till',
      KeyUsage: 'ENCRYPT_DECRYPT',
      KeyState: 'Enabled',
      Origin: 'AWS_KMS',
      KeyManager: 'CUSTOMER',
      CustomerMasterKeySpec: 'SYMMETRIC_DEFAULT',
      KeySpec: 'SYMMETRIC_DEFAULT',
      EncryptionAlgorithms: ['SYMMETRIC_DEFAULT'],
      MultiRegion: false,
    })
  }
  expect(JSON.parse((await kms.call('GetKeyPolicy', { KeyId: id })).Policy ?? '')).toMatchObject({
    Id: 'key-default-1',
    Statement: [{ Principal: { AWS: 'arn:aws:iam::000000000000:root' }, Action: 'kms:*' }],
  })
})

test.each([
  [MISSING, `Key '${ARN}:key/${MISSING}' does not exist`],
  [`${ARN}:key/${MISSING}`, `Key '${ARN}:key/${MISSING}' does not exist`],
  ['fake-key-id', "Invalid keyId 'fake-key-id'"],
  ['134f2428cec14b25a1ae9048164dba47', "Invalid keyId '134f2428cec14b25a1ae9048164dba47'"],
  [`arn:aws:kms:ap-southeast-1:000000000000:key/${MISSING}`, 'Invalid arn ap-southeast-1'],
  ['alias/none', `Alias ${ARN}:alias/none is not found.`],
])('%s is not found, in the words of AWS', async (KeyId, message) => {
  await expect(kms.call('DescribeKey', { KeyId })).rejects.toMatchObject({ code: 'NotFoundException', message })
})

test('encrypt, decrypt and re-encrypt go by the key inside the ciphertext and by the context', async () => {
  const [one, two] = [await made(), await made()]
  const context = { EncryptionContext: { a: 'b' } }
  const sealed = await kms.call('Encrypt', { KeyId: one, Plaintext: PLAIN, ...context })
  expect(sealed).toMatchObject({ KeyId: `${ARN}:key/${one}`, EncryptionAlgorithm: 'SYMMETRIC_DEFAULT' })
  const opened = await kms.call('Decrypt', { CiphertextBlob: sealed.CiphertextBlob, ...context })
  expect([opened.KeyId, opened.Plaintext]).toEqual([`${ARN}:key/${one}`, PLAIN])
  await expect(kms.call('Decrypt', { CiphertextBlob: sealed.CiphertextBlob })).rejects.toMatchObject({
    code: 'InvalidCiphertextException',
  })
  await expect(
    kms.call('Decrypt', { CiphertextBlob: sealed.CiphertextBlob, KeyId: two, ...context }),
  ).rejects.toMatchObject({
    code: 'IncorrectKeyException',
    message: 'The key ID in the request does not identify a CMK that can perform this operation.',
  })
  const moved = await kms.call('ReEncrypt', {
    CiphertextBlob: sealed.CiphertextBlob,
    SourceEncryptionContext: { a: 'b' },
    DestinationKeyId: two,
  })
  expect(moved).toMatchObject({ SourceKeyId: `${ARN}:key/${one}`, KeyId: `${ARN}:key/${two}` })
  expect((await kms.call('Decrypt', { CiphertextBlob: moved.CiphertextBlob })).Plaintext).toEqual(PLAIN)
})

test('a data key comes in the clear and sealed; a wish for neither or both sizes is refused', async () => {
  const KeyId = await made()
  const key = await kms.call('GenerateDataKey', { KeyId, KeySpec: 'AES_256' })
  expect(key.Plaintext?.byteLength).toBe(32)
  expect((await kms.call('Decrypt', { CiphertextBlob: key.CiphertextBlob })).Plaintext).toEqual(key.Plaintext)
  const hidden = await kms.call('GenerateDataKeyWithoutPlaintext', { KeyId, NumberOfBytes: 7 })
  expect(Object.keys(hidden)).toEqual(['CiphertextBlob', 'KeyId'])
  expect((await kms.call('Decrypt', { CiphertextBlob: hidden.CiphertextBlob })).Plaintext?.byteLength).toBe(7)
  for (const sizes of [{}, { KeySpec: 'AES_128', NumberOfBytes: 16 } as const]) {
    await expect(kms.call('GenerateDataKey', { KeyId, ...sizes })).rejects.toMatchObject({
      code: 'ValidationException',
    })
  }
  await expect(kms.call('GenerateRandom', {})).rejects.toMatchObject({ message: 'NumberOfBytes is required.' })
  expect((await kms.call('GenerateRandom', { NumberOfBytes: 12 })).Plaintext?.byteLength).toBe(12)
})

test('states: disabled, about to be deleted, back again', async () => {
  const KeyId = await made()
  const arn = `${ARN}:key/${KeyId}`
  await kms.call('DisableKey', { KeyId })
  await expect(kms.call('Encrypt', { KeyId, Plaintext: PLAIN })).rejects.toMatchObject({
    code: 'DisabledException',
    message: `${arn} is disabled.`,
  })
  const scheduled = await kms.call('ScheduleKeyDeletion', { KeyId, PendingWindowInDays: 7 })
  expect(scheduled).toEqual({
    KeyId: arn,
    KeyState: 'PendingDeletion',
    PendingWindowInDays: 7,
    DeletionDate: new Date(kms.clock.nowMs() + 7 * 24 * 3600 * 1000),
  })
  await expect(kms.call('GenerateDataKey', { KeyId, KeySpec: 'AES_256' })).rejects.toMatchObject({
    code: 'KMSInvalidStateException',
    message: `${arn} is pending deletion.`,
  })
  await expect(kms.call('EnableKey', { KeyId })).rejects.toMatchObject({ code: 'KMSInvalidStateException' })
  expect(await kms.call('CancelKeyDeletion', { KeyId })).toEqual({ KeyId: arn })
  await expect(kms.call('CancelKeyDeletion', { KeyId })).rejects.toMatchObject({
    message: `${arn} is not pending deletion.`,
  })
  await kms.call('EnableKey', { KeyId })
  await kms.call('Encrypt', { KeyId, Plaintext: PLAIN })
  for (const PendingWindowInDays of [6, 31]) {
    await expect(kms.call('ScheduleKeyDeletion', { KeyId, PendingWindowInDays })).rejects.toMatchObject({
      code: 'ValidationException',
    })
  }
})

describe('aliases', () => {
  test('are made once, moved, listed by page and by key, and removed', async () => {
    const [one, two] = [await made(), await made()]
    for (const name of ['a', 'b', 'c']) await kms.call('CreateAlias', { AliasName: `alias/${name}`, TargetKeyId: one })
    await expect(kms.call('CreateAlias', { AliasName: 'alias/a', TargetKeyId: two })).rejects.toMatchObject({
      code: 'AlreadyExistsException',
      message: `An alias with the name ${ARN}:alias/a already exists`,
    })
    await kms.call('UpdateAlias', { AliasName: 'alias/b', TargetKeyId: two })
    const page = await kms.call('ListAliases', { Limit: 2 })
    expect([page.Aliases?.map(({ AliasName }) => AliasName), page.Truncated]).toEqual([['alias/a', 'alias/b'], true])
    const rest = await kms.call('ListAliases', { Limit: 2, Marker: page.NextMarker })
    expect([rest.Aliases?.length, rest.Truncated, rest.NextMarker]).toEqual([1, false, undefined])
    expect((await kms.call('ListAliases', { KeyId: two })).Aliases).toMatchObject([
      { AliasName: 'alias/b', AliasArn: `${ARN}:alias/b`, TargetKeyId: two },
    ])
    await kms.call('DeleteAlias', { AliasName: 'alias/a' })
    await expect(kms.call('DeleteAlias', { AliasName: 'alias/a' })).rejects.toMatchObject({ code: 'NotFoundException' })
  })

  test.each([
    ['till', 'ValidationException'],
    ['alias/aws/till', 'NotAuthorizedException'],
    ['alias/a b', 'InvalidAliasNameException'],
  ])('%s is no name for one: %s', async (AliasName, code) => {
    const TargetKeyId = await made()
    await expect(kms.call('CreateAlias', { AliasName, TargetKeyId })).rejects.toMatchObject({ code })
  })

  test('alias/aws/s3 has a key as soon as somebody asks', async () => {
    const { KeyMetadata } = await kms.call('DescribeKey', { KeyId: 'alias/aws/s3' })
    expect(KeyMetadata?.KeyManager).toBe('AWS')
    await expect(kms.call('DisableKey', { KeyId: KeyMetadata?.KeyId ?? '' })).rejects.toMatchObject({
      code: 'AccessDeniedException',
    })
  })
})

test('policies are read back as they were put; a broken one is refused', async () => {
  const KeyId = await made()
  const Policy = JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: '*', Action: 'kms:*', Resource: '*' }],
  })
  await kms.call('PutKeyPolicy', { KeyId, PolicyName: 'default', Policy })
  expect(await kms.call('GetKeyPolicy', { KeyId })).toEqual({ Policy, PolicyName: 'default' })
  expect(await kms.call('ListKeyPolicies', { KeyId })).toEqual({ PolicyNames: ['default'], Truncated: false })
  await expect(kms.call('PutKeyPolicy', { KeyId, Policy: '{' })).rejects.toMatchObject({
    code: 'MalformedPolicyDocumentException',
  })
  await expect(kms.call('GetKeyPolicy', { KeyId, PolicyName: 'other' })).rejects.toMatchObject({
    code: 'NotFoundException',
  })
})

test('tags are set, listed and taken away; bad ones are refused', async () => {
  const KeyId = await made({ Tags: [{ TagKey: 'a', TagValue: '1' }] })
  await kms.call('TagResource', { KeyId, Tags: [{ TagKey: 'b', TagValue: '2' }] })
  await kms.call('UntagResource', { KeyId, TagKeys: ['a', 'z'] })
  expect(await kms.call('ListResourceTags', { KeyId })).toEqual({
    Tags: [{ TagKey: 'b', TagValue: '2' }],
    Truncated: false,
  })
  const twice = { TagKey: 'x', TagValue: '' }
  await expect(kms.call('TagResource', { KeyId, Tags: [twice, twice] })).rejects.toMatchObject({ code: 'TagException' })
})

test('rotation is switched on and off, and says when it is due', async () => {
  const KeyId = await made()
  expect(await kms.call('GetKeyRotationStatus', { KeyId })).toEqual({ KeyId, KeyRotationEnabled: false })
  await kms.call('EnableKeyRotation', { KeyId, RotationPeriodInDays: 90 })
  expect(await kms.call('GetKeyRotationStatus', { KeyId })).toEqual({
    KeyId,
    KeyRotationEnabled: true,
    RotationPeriodInDays: 90,
    NextRotationDate: new Date(kms.clock.nowMs() + 90 * 24 * 3600 * 1000),
  })
  await kms.call('DisableKeyRotation', { KeyId })
  expect((await kms.call('GetKeyRotationStatus', { KeyId })).KeyRotationEnabled).toBe(false)
  expect(await kms.call('RotateKeyOnDemand', { KeyId })).toEqual({ KeyId })
})

test.each<[CreateKeyRequest, string]>([
  [{ KeySpec: 'RSA_2048' }, 'RSA_2048'],
  [{ KeyUsage: 'SIGN_VERIFY' }, 'SIGN_VERIFY'],
  [{ Origin: 'EXTERNAL' }, 'EXTERNAL'],
  [{ MultiRegion: true }, 'multi-Region'],
  [{ CustomKeyStoreId: 'cks-1' }, 'custom key store'],
])('%o is refused by name', async (input, says) => {
  await expect(kms.call('CreateKey', input)).rejects.toMatchObject({
    code: 'UnsupportedOperationException',
    message: expect.stringContaining(says),
  })
})

test('a dry run does everything but answer', async () => {
  const KeyId = await made()
  await expect(kms.call('Encrypt', { KeyId, Plaintext: PLAIN, DryRun: true })).rejects.toMatchObject({
    code: 'DryRunOperationException',
  })
})

test('keys are listed by page', async () => {
  const ids = [await made(), await made(), await made()].sort()
  const first = await kms.call('ListKeys', { Limit: 2 })
  const second = await kms.call('ListKeys', { Limit: 2, Marker: first.NextMarker })
  expect([...(first.Keys ?? []), ...(second.Keys ?? [])].map(({ KeyId }) => KeyId)).toEqual(ids)
  expect([first.Truncated, second.Truncated]).toEqual([true, false])
})
