/** CloudWatch over a store in memory, called as the gateway calls it: by operation name, errors translated. */
import { isRefusal } from '../../../src/platform/refusal.ts'
import { cloudWatchService } from '../../../src/services/cloudwatch/index.ts'
import type { Operation, Service } from '../../../src/services/operation.ts'
import type { CloudwatchOperations, MetricDatum } from '../../../src/wire/model/cloudwatch.ts'
import { rootCaller } from '../../support/callers.ts'
import { MetricWorld, MINUTE, START_MS } from '../../telemetry/metric-world.ts'

export { HOUR, MINUTE, START_MS } from '../../telemetry/metric-world.ts'

export const ACCOUNT = '123456789012'
export const NAMESPACE = 'My/App'
export const Dimensions = [{ Name: 'Host', Value: 'a' }]
export const metric = { Namespace: NAMESPACE, MetricName: 'Latency', Dimensions }

export class CloudWatchWorld {
  readonly world: MetricWorld

  private constructor(world: MetricWorld) {
    this.world = world
  }

  static async open(): Promise<CloudWatchWorld> {
    return new CloudWatchWorld(await MetricWorld.open())
  }

  async call<Name extends keyof CloudwatchOperations>(
    name: Name,
    input: CloudwatchOperations[Name]['input'],
  ): Promise<CloudwatchOperations[Name]['output']> {
    const { store, clock } = this.world
    const service = cloudWatchService({ metrics: store, clock, accountId: ACCOUNT }) as Service<never>
    const operation = service.operations[name] as Operation<unknown, CloudwatchOperations[Name]['output'], never>
    try {
      return await operation(input, service.context, rootCaller())
    } catch (error) {
      throw (isRefusal(error) && service.toWireError(error)) || error
    }
  }

  put(...data: Partial<MetricDatum>[]) {
    const MetricData = data.map((datum) => ({ MetricName: 'Latency', Dimensions, ...datum }))
    return this.call('PutMetricData', { Namespace: NAMESPACE, MetricData })
  }
}

/** Minutes after the start. */
export const at = (minutes: number) => new Date(START_MS + minutes * MINUTE)
