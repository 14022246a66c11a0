/** What streams need of a lake, the streams, and their producers. */
import {
  CreateDeliveryStreamCommand,
  DescribeDeliveryStreamCommand,
  PutRecordBatchCommand,
  UpdateDestinationCommand,
} from '@aws-sdk/client-firehose'
import { CreateDatabaseCommand, CreateTableCommand } from '@aws-sdk/client-glue'
import { CreateRoleCommand } from '@aws-sdk/client-iam'
import { CreateBucketCommand, PutBucketVersioningCommand } from '@aws-sdk/client-s3'
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts'
import type { Random } from '../../../src/platform/random.ts'
import { eventually, type TestLake } from '../../support/lake.ts'
import type { Book } from './book.ts'
import { BUCKET, COLUMNS, type CrashStream, DATABASE, type Place, TABLE } from './streams.ts'

const TRUST = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { Service: 'firehose.amazonaws.com' }, Action: 'sts:AssumeRole' }],
})
const RECORDS_AT_ONCE = 40
const PAUSE_MS = 10

export async function setUp(lake: TestLake): Promise<Place> {
  await lake.s3.send(new CreateBucketCommand({ Bucket: BUCKET }))
  const VersioningConfiguration = { Status: 'Enabled' } as const
  await lake.s3.send(new PutBucketVersioningCommand({ Bucket: BUCKET, VersioningConfiguration }))
  await lake.glue.send(new CreateDatabaseCommand({ DatabaseInput: { Name: DATABASE } }))
  const StorageDescriptor = { Columns: COLUMNS, Location: `s3://${BUCKET}/converted/data/` }
  await lake.glue.send(
    new CreateTableCommand({ DatabaseName: DATABASE, TableInput: { Name: TABLE, StorageDescriptor } }),
  )
  const { Account: accountId = '' } = await lake.sts.send(new GetCallerIdentityCommand({}))
  const { Role } = await lake.iam.send(new CreateRoleCommand({ RoleName: 'crash', AssumeRolePolicyDocument: TRUST }))
  return { roleArn: Role?.Arn ?? '', accountId }
}

/** Makes the stream and waits until it is ACTIVE. The refusal's text where this lake does not offer it. */
export async function create(lake: TestLake, stream: CrashStream, place: Place): Promise<string | undefined> {
  const { name } = stream
  try {
    await lake.firehose.send(
      new CreateDeliveryStreamCommand({
        DeliveryStreamName: name,
        ExtendedS3DestinationConfiguration: {
          RoleARN: place.roleArn,
          BucketARN: `arn:aws:s3:::${BUCKET}`,
          Prefix: `${name}/data/`,
          ErrorOutputPrefix: `${name}/failed/!{firehose:error-output-type}/`,
          ...stream.destination(place),
        },
      }),
    )
  } catch (error) {
    const { message } = error as Error
    if (message.includes('is not offered')) return message
    throw error
  }
  await eventually(`${name} is ACTIVE`, async () => {
    const { DeliveryStreamDescription } = await lake.firehose.send(
      new DescribeDeliveryStreamCommand({ DeliveryStreamName: name }),
    )
    return DeliveryStreamDescription?.DeliveryStreamStatus === 'ACTIVE' ? true : undefined
  })
  return undefined
}

export interface Production {
  readonly stream: CrashStream
  readonly book: Book
  readonly producer: number
  readonly random: Random
}

/** Puts records until the lake is gone. Those of the last call may or may not be in. */
export async function produce(lake: TestLake, { stream, book, producer, random }: Production): Promise<void> {
  while (lake.isUp()) {
    const { first, count } = book.offer(producer, 1 + Math.floor(random.unit() * RECORDS_AT_ONCE))
    const Records = Array.from({ length: count }, (_, index) => ({ Data: Buffer.from(stream.record(first + index)) }))
    try {
      const { RequestResponses = [] } = await lake.firehose.send(
        new PutRecordBatchCommand({ DeliveryStreamName: stream.name, Records }),
      )
      for (const [index, { RecordId }] of RequestResponses.entries())
        if (RecordId !== undefined) book.acknowledge(first + index)
    } catch (error) {
      // A call that the kill cut off promised nothing; any other must succeed.
      if (lake.isUp()) throw error
    }
    await new Promise((resolve) => setTimeout(resolve, random.unit() * PAUSE_MS))
  }
}

/** Another interval for a stream whose records are on their way; the kill may come first. */
export async function changeInterval(lake: TestLake, name: string, IntervalInSeconds: number): Promise<void> {
  try {
    const { DeliveryStreamDescription } = await lake.firehose.send(
      new DescribeDeliveryStreamCommand({ DeliveryStreamName: name }),
    )
    await lake.firehose.send(
      new UpdateDestinationCommand({
        DeliveryStreamName: name,
        CurrentDeliveryStreamVersionId: DeliveryStreamDescription?.VersionId,
        DestinationId: DeliveryStreamDescription?.Destinations?.[0]?.DestinationId,
        ExtendedS3DestinationUpdate: { BufferingHints: { SizeInMBs: 1, IntervalInSeconds } },
      }),
    )
  } catch (error) {
    if (lake.isUp()) throw error
  }
}
