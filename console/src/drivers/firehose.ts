/** Firehose as the console uses it: delivery streams and their records. */
import {
  CreateDeliveryStreamCommand,
  type CreateDeliveryStreamInput,
  DeleteDeliveryStreamCommand,
  type DeliveryStreamDescription,
  DescribeDeliveryStreamCommand,
  FirehoseClient,
  ListDeliveryStreamsCommand,
  PutRecordBatchCommand,
} from '@aws-sdk/client-firehose'
import { client } from './connection.ts'

const firehose = () => client('firehose', (config) => new FirehoseClient(config))

export async function streamNames(): Promise<readonly string[]> {
  const names: string[] = []
  for (;;) {
    const { DeliveryStreamNames = [], HasMoreDeliveryStreams } = await firehose().send(
      new ListDeliveryStreamsCommand({ Limit: 100, ExclusiveStartDeliveryStreamName: names.at(-1) }),
    )
    names.push(...DeliveryStreamNames)
    if (!HasMoreDeliveryStreams || DeliveryStreamNames.length === 0) return names
  }
}

export async function stream(name: string): Promise<DeliveryStreamDescription> {
  const { DeliveryStreamDescription: found } = await firehose().send(
    new DescribeDeliveryStreamCommand({ DeliveryStreamName: name }),
  )
  if (found === undefined) throw new Error(`There is no delivery stream ${name}.`)
  return found
}

export async function streams(): Promise<readonly DeliveryStreamDescription[]> {
  return Promise.all((await streamNames()).map(stream))
}

export async function createStream(input: CreateDeliveryStreamInput): Promise<void> {
  await firehose().send(new CreateDeliveryStreamCommand(input))
}

export async function deleteStream(name: string): Promise<void> {
  await firehose().send(new DeleteDeliveryStreamCommand({ DeliveryStreamName: name }))
}

/** The lines that the stream has not taken, to be sent again. Throws when it took none. */
export async function putRecords(name: string, lines: readonly string[]): Promise<readonly string[]> {
  const encoder = new TextEncoder()
  const { RequestResponses = [] } = await firehose().send(
    new PutRecordBatchCommand({
      DeliveryStreamName: name,
      Records: lines.map((line) => ({ Data: encoder.encode(line) })),
    }),
  )
  const refused = lines.filter((_, index) => RequestResponses[index]?.ErrorCode !== undefined)
  const why = RequestResponses.find(({ ErrorCode }) => ErrorCode !== undefined)
  if (refused.length === lines.length && why !== undefined)
    throw Object.assign(new Error(why.ErrorMessage), { name: why.ErrorCode })
  return refused
}
