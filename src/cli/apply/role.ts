import type { LakeFile } from '../lake-file.ts'
import { type Step, unlessMissing } from './step.ts'

const POLICY_NAME = 'lake'

export function roleStep(role: LakeFile['roles'][number]): Step {
  const trust = JSON.stringify({
    Version: '2012-10-17',
    Statement: role.services.map((service) => ({
      Effect: 'Allow',
      Principal: { Service: `${service}.amazonaws.com` },
      Action: 'sts:AssumeRole',
    })),
  })
  const policy = JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Action: [
          's3:GetObject',
          's3:PutObject',
          's3:AbortMultipartUpload',
          's3:ListBucket',
          's3:GetBucketLocation',
          's3:ListBucketMultipartUploads',
        ],
        Resource: role.buckets.flatMap((bucket) => [`arn:aws:s3:::${bucket}`, `arn:aws:s3:::${bucket}/*`]),
      },
      { Effect: 'Allow', Action: ['glue:*', 'logs:*'], Resource: '*' },
    ],
  })
  return {
    what: `role ${role.name}`,
    details: `assumed by ${role.services.join(' and ')}`,
    async run(clients) {
      const iam = await clients.iam()
      const sdk = await import('@aws-sdk/client-iam')
      const RoleName = role.name
      const found = await unlessMissing(iam.send(new sdk.GetRoleCommand({ RoleName })), 'NoSuchEntityException')
      if (found === undefined) {
        await iam.send(new sdk.CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: trust }))
      }
      const sameTrust = found === undefined || sameDocument(found.Role?.AssumeRolePolicyDocument, trust)
      if (!sameTrust) await iam.send(new sdk.UpdateAssumeRolePolicyCommand({ RoleName, PolicyDocument: trust }))
      const attached = await unlessMissing(
        iam.send(new sdk.GetRolePolicyCommand({ RoleName, PolicyName: POLICY_NAME })),
        'NoSuchEntityException',
      )
      const samePolicy = sameDocument(attached?.PolicyDocument, policy)
      if (!samePolicy)
        await iam.send(new sdk.PutRolePolicyCommand({ RoleName, PolicyName: POLICY_NAME, PolicyDocument: policy }))
      if (found === undefined) return 'created'
      return sameTrust && samePolicy ? 'unchanged' : 'updated'
    },
  }
}

/** IAM hands documents out percent-encoded. */
function sameDocument(encoded: string | undefined, document: string): boolean {
  if (encoded === undefined) return false
  return JSON.stringify(JSON.parse(decodeURIComponent(encoded))) === document
}
