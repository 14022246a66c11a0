import { expect, test } from 'vitest'
import { stsService } from '../../../src/services/sts/index.ts'
import { rootCaller } from '../../support/callers.ts'
import { ROOT_KEY, testIdentities } from '../../support/test-identities.ts'

test('root and users learn who they are', async () => {
  const identities = testIdentities()
  const user = await identities.createUser({ name: 'ann', path: '/', tags: [] })
  const key = await identities.createAccessKey('ann')
  const { operations, context } = stsService(identities)
  const identityOf = (accessKeyId: string) =>
    operations['GetCallerIdentity']?.(
      {} as never,
      context,
      rootCaller({ accessKeyId, arn: identities.principalOf(accessKeyId).arn }),
    )
  expect(await identityOf(ROOT_KEY.accessKeyId)).toEqual({
    UserId: '000000000000',
    Account: '000000000000',
    Arn: 'arn:aws:iam::000000000000:root',
  })
  expect(await identityOf(key.accessKeyId)).toMatchObject({
    UserId: user.id,
    Arn: 'arn:aws:iam::000000000000:user/ann',
  })
})

test('temporary credentials are not offered, so they are refused by name', () => {
  expect(Object.keys(stsService(testIdentities()).operations)).toEqual(['GetCallerIdentity'])
})
