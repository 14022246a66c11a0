/** CloudWatch Logs over a store in memory, called as the gateway calls it: by operation name, errors translated. */
import { isRefusal } from '../../../src/platform/refusal.ts'
import { MetadataDatabase } from '../../../src/platform/sqlite.ts'
import { logsService } from '../../../src/services/logs/index.ts'
import type { Operation, Service } from '../../../src/services/operation.ts'
import { LogStore } from '../../../src/telemetry/log-store.ts'
import type { LogsOperations } from '../../../src/wire/model/logs.ts'
import { rootCaller } from '../../support/callers.ts'
import { FakeClock } from '../../support/fake-clock.ts'
import { RecordingLog } from '../../support/fake-lake.ts'

export const ARN = 'arn:aws:logs:eu-west-1:123456789012:log-group'
export const NOW_MS = Date.UTC(2026, 0, 15, 12)
export const GROUP = { logGroupName: '/lake/g' }
export const STREAM = { ...GROUP, logStreamName: 's' }

export class LogsWorld {
  readonly clock = new FakeClock(NOW_MS)
  readonly database = new MetadataDatabase(':memory:')
  readonly store = LogStore.open({ database: this.database, clock: this.clock, log: new RecordingLog() })

  get service(): Service<never> {
    const { store, clock } = this
    return logsService({ logs: store, clock, region: 'eu-west-1', accountId: '123456789012' }) as Service<never>
  }

  async call<Name extends keyof LogsOperations>(
    name: Name,
    input: LogsOperations[Name]['input'],
  ): Promise<LogsOperations[Name]['output']> {
    const { service } = this
    const operation = service.operations[name] as Operation<unknown, LogsOperations[Name]['output'], never>
    try {
      return await operation(input, service.context, rootCaller())
    } catch (error) {
      throw (isRefusal(error) && service.toWireError(error)) || error
    }
  }

  /** The group and its stream, with an event each millisecond from now on. */
  async fill(...messages: string[]): Promise<void> {
    await this.call('CreateLogGroup', GROUP)
    await this.call('CreateLogStream', STREAM)
    const logEvents = messages.map((message, index) => ({ timestamp: NOW_MS + index, message }))
    if (logEvents.length > 0) await this.call('PutLogEvents', { ...STREAM, logEvents })
  }
}
