/** Bucket, role and delivery stream, ready for records, and a look at what was delivered. */
import { gunzipSync } from 'node:zlib'
import { CreateDeliveryStreamCommand, DescribeDeliveryStreamCommand } from '@aws-sdk/client-firehose'
import { CreateRoleCommand } from '@aws-sdk/client-iam'
import { CreateBucketCommand, GetObjectCommand, ListObjectsV2Command } from '@aws-sdk/client-s3'
import { eventually, type TestLake } from './lake.ts'

export const BUCKET = 'how.raw'
export const STREAM = 'egd-how'
const TRUST = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { Service: 'firehose.amazonaws.com' }, Action: 'sts:AssumeRole' }],
})

export async function makeStream(
  lake: TestLake,
  hints: { SizeInMBs: number; IntervalInSeconds: number },
): Promise<void> {
  await lake.s3.send(new CreateBucketCommand({ Bucket: BUCKET }))
  const { Role } = await lake.iam.send(new CreateRoleCommand({ RoleName: 'how', AssumeRolePolicyDocument: TRUST }))
  await lake.firehose.send(
    new CreateDeliveryStreamCommand({
      DeliveryStreamName: STREAM,
      ExtendedS3DestinationConfiguration: {
        RoleARN: Role?.Arn,
        BucketARN: `arn:aws:s3:::${BUCKET}`,
        Prefix: 'events/landing-date=!{timestamp:yyyy}-!{timestamp:MM}-!{timestamp:dd}/',
        ErrorOutputPrefix: 'error',
        BufferingHints: hints,
        CompressionFormat: 'GZIP',
      },
    }),
  )
  await eventually('the stream is ACTIVE', async () => {
    const { DeliveryStreamDescription } = await lake.firehose.send(
      new DescribeDeliveryStreamCommand({ DeliveryStreamName: STREAM }),
    )
    return DeliveryStreamDescription?.DeliveryStreamStatus === 'ACTIVE' ? true : undefined
  })
}

/** Every record in the lake, one line each, over all objects. */
export async function deliveredLines(lake: TestLake): Promise<string[]> {
  const lines: string[] = []
  let token: string | undefined
  do {
    const page = await lake.s3.send(
      new ListObjectsV2Command({ Bucket: BUCKET, Prefix: 'events/', ContinuationToken: token }),
    )
    for (const { Key } of page.Contents ?? []) {
      const { Body } = await lake.s3.send(new GetObjectCommand({ Bucket: BUCKET, Key }))
      const bytes = (await Body?.transformToByteArray()) ?? new Uint8Array()
      lines.push(...gunzipSync(bytes).toString().split('\n').filter(Boolean))
    }
    token = page.NextContinuationToken
  } while (token !== undefined)
  return lines
}
