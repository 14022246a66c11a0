import type { LakeFile } from '../lake-file.ts'
import { type Outcome, type Step, strongest, unlessMissing } from './step.ts'

export function bucketStep(bucket: LakeFile['buckets'][number], region: string): Step {
  const details = [
    bucket.blockPublicAccess && 'public access blocked',
    bucket.versioning && 'versioning',
    bucket.encryption,
  ]
  return {
    what: `bucket ${bucket.name}`,
    details: details.filter(Boolean).join(', '),
    async run(clients) {
      const s3 = await clients.s3()
      const sdk = await import('@aws-sdk/client-s3')
      const Bucket = bucket.name
      const outcomes: Outcome[] = []
      const change = async (differs: boolean, command: () => Promise<unknown>) => {
        if (differs) await command()
        outcomes.push(differs ? 'updated' : 'unchanged')
      }

      const found = await unlessMissing(s3.send(new sdk.HeadBucketCommand({ Bucket })), 'NotFound', 'NoSuchBucket')
      if (found === undefined) {
        const constraint =
          region === 'us-east-1' ? {} : { CreateBucketConfiguration: { LocationConstraint: region as never } }
        await s3.send(new sdk.CreateBucketCommand({ Bucket, ...constraint }))
        outcomes.push('created')
      }

      const block = await unlessMissing(
        s3.send(new sdk.GetPublicAccessBlockCommand({ Bucket })),
        'NoSuchPublicAccessBlockConfiguration',
      )
      const flags = block?.PublicAccessBlockConfiguration
      const isBlocked = Boolean(
        flags?.BlockPublicAcls && flags.IgnorePublicAcls && flags.BlockPublicPolicy && flags.RestrictPublicBuckets,
      )
      const all = bucket.blockPublicAccess
      await change(isBlocked !== all, () =>
        s3.send(
          new sdk.PutPublicAccessBlockCommand({
            Bucket,
            PublicAccessBlockConfiguration: {
              BlockPublicAcls: all,
              IgnorePublicAcls: all,
              BlockPublicPolicy: all,
              RestrictPublicBuckets: all,
            },
          }),
        ),
      )

      const { Status } = await s3.send(new sdk.GetBucketVersioningCommand({ Bucket }))
      const wanted = bucket.versioning ? 'Enabled' : 'Suspended'
      const isVersioned = bucket.versioning ? Status === 'Enabled' : Status !== 'Enabled'
      await change(!isVersioned, () =>
        s3.send(new sdk.PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: wanted } })),
      )

      const encryption = await s3.send(new sdk.GetBucketEncryptionCommand({ Bucket }))
      const rule = encryption.ServerSideEncryptionConfiguration?.Rules?.[0]
      const isEncrypted = rule?.ApplyServerSideEncryptionByDefault?.SSEAlgorithm === 'AES256'
      await change(!isEncrypted, () =>
        s3.send(
          new sdk.PutBucketEncryptionCommand({
            Bucket,
            ServerSideEncryptionConfiguration: {
              Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }],
            },
          }),
        ),
      )
      return strongest(outcomes)
    },
  }
}
