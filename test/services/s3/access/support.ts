/** An S3 service that asks the lake's own evaluator, with a user whose policy a test writes. */
import { LakeAccess } from '../../../../src/identity/lake-access.ts'
import type { Caller } from '../../../../src/services/operation.ts'
import { rootCaller } from '../../../support/callers.ts'
import { policyText, type StatementGiven } from '../../../support/policies.ts'
import { testIdentities } from '../../../support/test-identities.ts'
import { type Answer, elementOf, s3World } from '../support.ts'

export const NOBODY: Caller = rootCaller({
  accessKeyId: 'anonymous',
  arn: 'anonymous',
  principal: { kind: 'anonymous' },
  sourceIp: '192.0.2.1',
})

export async function accessWorld() {
  const identities = testIdentities()
  const world = await s3World({
    accessOf: ({ clock }) => new LakeAccess({ identities, clock, region: 'us-east-1' }),
    principalExists: (arn) => identities.principalExists(arn),
  })
  const user = await identities.createUser({ name: 'ann', path: '/', tags: [] })
  const arn = identities.arnOfPrincipal(user)
  const ann = rootCaller({ accessKeyId: 'AKIAANN', arn, principal: { kind: 'user', arn, id: user.id, name: 'ann' } })

  await world.call('PUT', '/lake')
  return {
    ...world,
    ann,
    /** From now on the user may do this, and nothing else. */
    allow: (...statements: StatementGiven[]) =>
      identities.putInlinePolicy('user', 'ann', 'policy', policyText(...statements)),
    async putPolicy(bucket: string, ...statements: StatementGiven[]) {
      const Resource = [`arn:aws:s3:::${bucket}`, `arn:aws:s3:::${bucket}/*`]
      const body = policyText(...statements.map((one) => ({ Principal: '*', Resource, ...one })))
      return world.call('PUT', `/${bucket}?policy`, { body })
    },
    /** Lets policies and ACLs open the bucket. */
    unblock: (bucket: string) => world.call('DELETE', `/${bucket}?publicAccessBlock`),
  }
}

/** `200` or `403 AccessDenied` */
export function outcomeOf(answer: Answer): string {
  return [answer.status, elementOf(answer.text, 'Code')].filter((part) => part !== undefined).join(' ')
}
