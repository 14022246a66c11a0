/** A lake with a user, ann, whose policy a test writes, and AWS SDK clients that sign with her keys or others. */
import { AthenaClient } from '@aws-sdk/client-athena'
import { FirehoseClient } from '@aws-sdk/client-firehose'
import { GlueClient } from '@aws-sdk/client-glue'
import { CreateAccessKeyCommand, CreateUserCommand, IAMClient, PutUserPolicyCommand } from '@aws-sdk/client-iam'
import { S3Client } from '@aws-sdk/client-s3'
import { type Credentials, STSClient } from '@aws-sdk/client-sts'
import { startLake, type TestLake, temporaryDirectory } from '../../support/lake.ts'
import { policyText, type StatementGiven } from '../../support/policies.ts'

export const ACCOUNT = '000000000000'
export const ANN = `arn:aws:iam::${ACCOUNT}:user/ann`

export async function lakeWithAnn() {
  const directory = temporaryDirectory()
  const lake = await startLake(directory.path)
  await lake.iam.send(new CreateUserCommand({ UserName: 'ann' }))
  const { AccessKey } = await lake.iam.send(new CreateAccessKeyCommand({ UserName: 'ann' }))
  const ann = signingAs(lake, {
    accessKeyId: AccessKey?.AccessKeyId ?? '',
    secretAccessKey: AccessKey?.SecretAccessKey ?? '',
  })
  return {
    lake,
    ann,
    /** From now on she may do this, and nothing else. */
    async allow(...statements: StatementGiven[]): Promise<void> {
      const PolicyDocument = policyText(...statements)
      await lake.iam.send(new PutUserPolicyCommand({ UserName: 'ann', PolicyName: 'all', PolicyDocument }))
    },
    async close() {
      await lake.stop()
      directory.remove()
    },
  }
}

interface Key {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken?: string
}

/** The lake as the holder of the key sees it. */
export function signingAs(lake: TestLake, credentials: Key): TestLake {
  const options = { endpoint: lake.endpoint, region: 'us-east-1', credentials, maxAttempts: 1 }
  return {
    ...lake,
    s3: new S3Client({ ...options, forcePathStyle: true }),
    firehose: new FirehoseClient(options),
    glue: new GlueClient(options),
    athena: new AthenaClient(options),
    iam: new IAMClient(options),
    sts: new STSClient(options),
  }
}

export function keyOf({ AccessKeyId = '', SecretAccessKey = '', SessionToken }: Partial<Credentials> = {}): Key {
  return {
    accessKeyId: AccessKeyId,
    secretAccessKey: SecretAccessKey,
    ...(SessionToken !== undefined && { sessionToken: SessionToken }),
  }
}

/** `allowed`, or the name of what the call was refused with. */
export function outcome(sending: Promise<unknown>): Promise<string> {
  return sending.then(
    () => 'allowed',
    (error: Error) => error.name,
  )
}
