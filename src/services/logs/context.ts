/** What the operations of CloudWatch Logs work with. */
import type { Clock } from '../../platform/clock.ts'
import type { LogStore } from '../../telemetry/log-store.ts'
import type { LogsOperations } from '../../wire/model/logs.ts'
import type { Operation } from '../operation.ts'

export interface LogsContext {
  readonly logs: LogStore
  readonly clock: Clock
  readonly region: string
  /** Twelve digits. */
  readonly accountId: string
}

export type LogsOperation<Name extends keyof LogsOperations> = Operation<
  LogsOperations[Name]['input'],
  LogsOperations[Name]['output'],
  LogsContext
>
