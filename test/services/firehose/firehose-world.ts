/** The Firehose service over a simulated lake, called as the gateway calls it: by operation name, errors translated. */

import { silentLog } from '../../../src/platform/log.ts'
import { isRefusal } from '../../../src/platform/refusal.ts'
import { MetadataDatabase } from '../../../src/platform/sqlite.ts'
import { firehoseService } from '../../../src/services/firehose/index.ts'
import type { Operation, Service } from '../../../src/services/operation.ts'
import { MetricStore } from '../../../src/telemetry/metric-store.ts'
import type { FirehoseOperations } from '../../../src/wire/model/firehose.ts'
import { DeliveryWorld } from '../../simulation/delivery-world.ts'
import { rootCaller } from '../../support/callers.ts'

export const ACCOUNT = '123456789012'
export const ROLE = `arn:aws:iam::${ACCOUNT}:role/firehose`
export const BUCKET = 'arn:aws:s3:::lake'
export const NAME = 'clicks'
export const S3 = { RoleARN: ROLE, BucketARN: BUCKET }

const caller = rootCaller()

export class FirehoseWorld {
  readonly world: DeliveryWorld
  region = 'eu-west-1'
  readonly metrics: MetricStore

  private constructor(world: DeliveryWorld, metrics: MetricStore) {
    this.world = world
    this.metrics = metrics
  }

  static async open(options: Parameters<typeof DeliveryWorld.open>[0] = {}): Promise<FirehoseWorld> {
    const world = await DeliveryWorld.open(options)
    const database = new MetadataDatabase(':memory:')
    return new FirehoseWorld(world, await MetricStore.open({ database, clock: world.clock, log: silentLog }))
  }

  async call<Name extends keyof FirehoseOperations>(
    name: Name,
    input: FirehoseOperations[Name]['input'],
  ): Promise<FirehoseOperations[Name]['output']> {
    const service: Service<never> = firehoseService({
      streams: this.world.streams,
      keys: this.world.customerKeys,
      metrics: this.metrics,
      clock: this.world.clock,
      region: this.region,
      accountId: ACCOUNT,
    }) as Service<never>
    const operation = service.operations[name] as Operation<unknown, FirehoseOperations[Name]['output'], never>
    try {
      return await operation(input, service.context, caller)
    } catch (error) {
      throw (isRefusal(error) && service.toWireError(error)) || error
    }
  }

  /** Makes a stream and waits until it is ACTIVE. */
  async create(
    extended: Partial<FirehoseOperations['CreateDeliveryStream']['input']['ExtendedS3DestinationConfiguration']> = {},
  ) {
    const ExtendedS3DestinationConfiguration = { ...S3, ...extended }
    await this.call('CreateDeliveryStream', { DeliveryStreamName: NAME, ExtendedS3DestinationConfiguration })
    await this.world.clock.advance(1_000)
  }

  async describe() {
    return (await this.call('DescribeDeliveryStream', { DeliveryStreamName: NAME })).DeliveryStreamDescription
  }
}
