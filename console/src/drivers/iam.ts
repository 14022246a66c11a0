/** Roles that streams and crawlers work with. */
import {
  AttachRolePolicyCommand,
  CreateRoleCommand,
  GetRoleCommand,
  IAMClient,
  ListRolesCommand,
  PutRolePolicyCommand,
} from '@aws-sdk/client-iam'
import { client } from './connection.ts'

const iam = () => client('iam', (config) => new IAMClient({ ...config, region: 'us-east-1' }))

export type ServicePrincipal = 'glue.amazonaws.com' | 'firehose.amazonaws.com'

export interface Role {
  readonly name: string
  readonly arn: string
  /** Services that may take it: `glue.amazonaws.com`. */
  readonly services: readonly string[]
}

export async function roles(): Promise<readonly Role[]> {
  const { Roles = [] } = await iam().send(new ListRolesCommand({ MaxItems: 1_000 }))
  return Roles.map(({ RoleName = '', Arn = '', AssumeRolePolicyDocument = '' }) => ({
    name: RoleName,
    arn: Arn,
    services: [...decodeURIComponent(AssumeRolePolicyDocument).matchAll(/"([a-z]+\.amazonaws\.com)"/g)].flatMap(
      ([, service]) => service ?? [],
    ),
  }))
}

/** A role for a service, with the rights to read or write one bucket: a role that is there gets them, too. */
export async function createServiceRole(name: string, service: ServicePrincipal, bucket: string): Promise<string> {
  const trust = {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: { Service: service }, Action: 'sts:AssumeRole' }],
  }
  const arn = await roleNamed(name, trust)
  const isGlue = service === 'glue.amazonaws.com'
  const policy = {
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Action: isGlue
          ? ['s3:GetObject', 's3:ListBucket', 's3:GetBucketLocation']
          : [
              's3:AbortMultipartUpload',
              's3:GetBucketLocation',
              's3:GetObject',
              's3:ListBucket',
              's3:ListBucketMultipartUploads',
              's3:PutObject',
            ],
        Resource: [`arn:aws:s3:::${bucket}`, `arn:aws:s3:::${bucket}/*`],
      },
    ],
  }
  await iam().send(
    new PutRolePolicyCommand({
      RoleName: name,
      PolicyName: `${bucket}-access`,
      PolicyDocument: JSON.stringify(policy),
    }),
  )
  if (isGlue)
    await iam().send(
      new AttachRolePolicyCommand({
        RoleName: name,
        PolicyArn: 'arn:aws:iam::aws:policy/service-role/AWSGlueServiceRole',
      }),
    )
  return arn
}

/** Makes it, or finds the one that an earlier try has made. */
async function roleNamed(RoleName: string, trust: object): Promise<string> {
  try {
    const { Role } = await iam().send(
      new CreateRoleCommand({
        RoleName,
        Path: '/service-role/',
        AssumeRolePolicyDocument: JSON.stringify(trust),
        Description: 'Made by the console',
      }),
    )
    return Role?.Arn ?? ''
  } catch (error) {
    if (!(error instanceof Error) || !error.name.startsWith('EntityAlreadyExists')) throw error
    const { Role } = await iam().send(new GetRoleCommand({ RoleName }))
    return Role?.Arn ?? ''
  }
}
