/** How a statement goes: its state, time in queue, run time, data scanned; or why it failed. */
import type { QueryExecution } from '@aws-sdk/client-athena'
import Alert from '@cloudscape-design/components/alert'
import { ErrorAlert } from '../../../components/errors.tsx'
import { bytesText, durationText } from '../../../components/figures.ts'

interface StatusBarProps {
  readonly of: QueryExecution | undefined
  readonly isStarting: boolean
  readonly error: unknown
}

export function StatusBar({ of, isStarting, error }: StatusBarProps) {
  if (error !== null && error !== undefined)
    return <ErrorAlert error={error} title="The query could not be looked at" />
  if (of === undefined) return isStarting ? <Alert type="info">Starting</Alert> : null
  const { Status, Statistics } = of
  const figures = [
    `Time in queue: ${durationText(Statistics?.QueryQueueTimeInMillis ?? 0)}`,
    `Run time: ${durationText(Statistics?.TotalExecutionTimeInMillis ?? 0)}`,
    `Data scanned: ${bytesText(Statistics?.DataScannedInBytes ?? 0)}`,
  ].join(' · ')
  switch (Status?.State) {
    case 'SUCCEEDED':
      return (
        <Alert type="success" header="Completed">
          {figures}
          {Statistics?.ResultReuseInformation?.ReusedPreviousResult === true && ' · An earlier result was used again'}
        </Alert>
      )
    case 'FAILED':
      return (
        <Alert type="error" header="Failed">
          <div className="reason">{Status.StateChangeReason}</div>
          {figures}
        </Alert>
      )
    case 'CANCELLED':
      return (
        <Alert type="warning" header="Cancelled">
          <div className="reason">{Status.StateChangeReason}</div>
          {figures}
        </Alert>
      )
    default:
      return (
        <Alert type="info" header={Status?.State === 'QUEUED' ? 'In queue' : 'Running'}>
          {figures}
        </Alert>
      )
  }
}
