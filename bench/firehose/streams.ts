/** Delivery streams for benchmarks: what they need, how they are made, and what has come of their records. */
import { call, json, type PreparedRequest, prepare, type Target } from '../support/load.ts'
import { simulatedRecords } from '../support/records.ts'

export const BUCKET = 'bench-lake'
export const RECORDS_PER_BATCH = 500

const TRUST =
  '{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"Service":"firehose.amazonaws.com"},"Action":"sts:AssumeRole"}}'
const FORM = { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' }

/** The refusal's text where the server does not offer such a stream. `destination`: beside role and bucket. */
export async function createStream(
  target: Target,
  name: string,
  destination: object = { CompressionFormat: 'GZIP' },
  bucket = BUCKET,
): Promise<string | undefined> {
  const put = { method: 'PUT', path: `/${BUCKET}`, headers: {}, body: Buffer.alloc(0) }
  await call(target, await prepare(target, 's3', put)).catch(ignoreExisting)
  const RoleARN = await role(target)
  const BufferingHints = { SizeInMBs: 64, IntervalInSeconds: 60 }
  const made = json(target, 'firehose', 'Firehose_20150804.CreateDeliveryStream', {
    DeliveryStreamName: name,
    DeliveryStreamType: 'DirectPut',
    ExtendedS3DestinationConfiguration: {
      RoleARN,
      BucketARN: `arn:aws:s3:::${bucket}`,
      BufferingHints,
      ...destination,
    },
  })
  try {
    await call(target, await made)
  } catch (error) {
    const { message } = error as Error
    if (message.includes('is not offered')) return message
    throw error
  }
  await isActive(target, name)
  return undefined
}

async function isActive(target: Target, name: string): Promise<void> {
  for (;;) {
    const asked = json(target, 'firehose', 'Firehose_20150804.DescribeDeliveryStream', { DeliveryStreamName: name })
    if ((await call(target, await asked)).includes('"ACTIVE"')) return
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

async function role(target: Target): Promise<string> {
  const form = async (service: string, text: string) =>
    call(target, await prepare(target, service, { method: 'POST', path: '/', headers: FORM, body: Buffer.from(text) }))
  const create = `Action=CreateRole&Version=2010-05-08&RoleName=bench&AssumeRolePolicyDocument=${encodeURIComponent(TRUST)}`
  await form('iam', create).catch(ignoreExisting)
  const identity = await form('sts', 'Action=GetCallerIdentity&Version=2011-06-15')
  return `arn:aws:iam::${/<Account>(\d+)</.exec(identity.toString())?.[1]}:role/bench`
}

/** Bucket and role are made once for several streams. */
function ignoreExisting(error: unknown): void {
  if (!/AlreadyExists|AlreadyOwnedByYou/.test(String(error))) throw error
}

export function batchRequests(target: Target, name: string): Promise<PreparedRequest[]> {
  const records = simulatedRecords(RECORDS_PER_BATCH * 8)
  return Promise.all(
    Array.from({ length: 8 }, (_, index) =>
      json(target, 'firehose', 'Firehose_20150804.PutRecordBatch', {
        DeliveryStreamName: name,
        Records: records
          .slice(index * RECORDS_PER_BATCH, (index + 1) * RECORDS_PER_BATCH)
          .map((record) => ({ Data: record.toString('base64') })),
      }),
    ),
  )
}

export function singleRequests(target: Target, name: string): Promise<PreparedRequest[]> {
  return Promise.all(
    simulatedRecords(64).map((record) =>
      json(target, 'firehose', 'Firehose_20150804.PutRecord', {
        DeliveryStreamName: name,
        Record: { Data: record.toString('base64') },
      }),
    ),
  )
}

export interface StreamFigures {
  readonly name: string
  readonly deliveredBytes: number
  readonly bufferedBytes: number
}

/** Of a lake. */
export async function figuresOf(target: Target, name: string): Promise<StreamFigures> {
  const asked = { method: 'GET', path: '/_lakelet/streams', headers: {}, body: Buffer.alloc(0) }
  const answer = await call(target, await prepare(target, 'lakelet', asked))
  const { streams } = JSON.parse(answer.toString()) as { streams: StreamFigures[] }
  const found = streams.find((figures) => figures.name === name)
  if (found === undefined) throw new Error(`There is no stream ${name}.`)
  return found
}
