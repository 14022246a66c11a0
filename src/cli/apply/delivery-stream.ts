import { setTimeout as sleep } from 'node:timers/promises'
import { Refusal } from '../../platform/refusal.ts'
import type { LakeFile } from '../lake-file.ts'
import { type Step, unlessMissing } from './step.ts'

const ACTIVE_WITHIN_MS = 120_000

export function deliveryStreamStep(stream: LakeFile['deliveryStreams'][number], accountId: string): Step {
  return {
    what: `delivery stream ${stream.name}`,
    details: `Direct PUT → s3://${stream.bucket}/${stream.prefix ?? ''}, ${stream.bufferMiB} MiB or ${stream.bufferSeconds} s, ${stream.compression}`,
    async run(clients) {
      const firehose = await clients.firehose()
      const sdk = await import('@aws-sdk/client-firehose')
      const DeliveryStreamName = stream.name
      const destination = {
        RoleARN: `arn:aws:iam::${accountId}:role/${stream.role}`,
        BucketARN: `arn:aws:s3:::${stream.bucket}`,
        BufferingHints: { SizeInMBs: stream.bufferMiB, IntervalInSeconds: stream.bufferSeconds },
        CompressionFormat: stream.compression,
        ...(stream.prefix !== undefined && { Prefix: stream.prefix }),
        ...(stream.errorPrefix !== undefined && { ErrorOutputPrefix: stream.errorPrefix }),
      }
      const describe = () => firehose.send(new sdk.DescribeDeliveryStreamCommand({ DeliveryStreamName }))
      const found = await unlessMissing(describe(), 'ResourceNotFoundException')
      if (found === undefined) {
        await firehose.send(
          new sdk.CreateDeliveryStreamCommand({
            DeliveryStreamName,
            DeliveryStreamType: 'DirectPut',
            ExtendedS3DestinationConfiguration: destination,
          }),
        )
        await untilActive(stream.name, async () => (await describe()).DeliveryStreamDescription?.DeliveryStreamStatus)
        return 'created'
      }
      const description = found.DeliveryStreamDescription
      const current = description?.Destinations?.[0]
      const { RoleARN, BucketARN, BufferingHints, CompressionFormat, Prefix, ErrorOutputPrefix } =
        current?.ExtendedS3DestinationDescription ?? {}
      const asFound = {
        RoleARN,
        BucketARN,
        BufferingHints,
        CompressionFormat,
        ...(Prefix && { Prefix }),
        ...(ErrorOutputPrefix && { ErrorOutputPrefix }),
      }
      if (sameSettings(asFound, destination)) return 'unchanged'
      await firehose.send(
        new sdk.UpdateDestinationCommand({
          DeliveryStreamName,
          CurrentDeliveryStreamVersionId: description?.VersionId,
          DestinationId: current?.DestinationId,
          ExtendedS3DestinationUpdate: destination,
        }),
      )
      return 'updated'
    },
  }
}

async function untilActive(name: string, status: () => Promise<string | undefined>): Promise<void> {
  const startedAt = performance.now()
  while (performance.now() - startedAt < ACTIVE_WITHIN_MS) {
    const now = await status()
    if (now === 'ACTIVE') return
    if (now === 'CREATING_FAILED') throw new Refusal('applyFailed', `Delivery stream ${name} could not be created.`)
    await sleep(100)
  }
  throw new Refusal('applyFailed', `Delivery stream ${name} is not ACTIVE after ${ACTIVE_WITHIN_MS / 1000} s.`)
}

function sameSettings(left: object, right: object): boolean {
  const sorted = (value: unknown): unknown =>
    typeof value === 'object' && value !== null
      ? Object.fromEntries(
          Object.entries(value)
            .sort(([a], [b]) => (a < b ? -1 : 1))
            .map(([key, inner]) => [key, sorted(inner)]),
        )
      : value
  return JSON.stringify(sorted(left)) === JSON.stringify(sorted(right))
}
