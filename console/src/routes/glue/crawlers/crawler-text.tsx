/** What several pages say of crawlers. */
import type { Crawler } from '@aws-sdk/client-glue'
import StatusIndicator, { type StatusIndicatorProps } from '@cloudscape-design/components/status-indicator'
import { cronWords } from '../../../components/cron.ts'

export function CrawlerState({ of: { State, LastCrawl } }: { readonly of: Crawler }) {
  if (State === 'RUNNING') return <StatusIndicator type="in-progress">Running</StatusIndicator>
  if (State === 'STOPPING') return <StatusIndicator type="pending">Stopping</StatusIndicator>
  return LastCrawl?.Status === 'FAILED' ? (
    <StatusIndicator type="warning">Ready, last run failed</StatusIndicator>
  ) : (
    <StatusIndicator type="success">Ready</StatusIndicator>
  )
}

const RUN_STATES: Readonly<Record<string, StatusIndicatorProps.Type>> = {
  RUNNING: 'in-progress',
  COMPLETED: 'success',
  FAILED: 'error',
  STOPPED: 'stopped',
  STOPPING: 'pending',
}

export function RunState({ state = '' }: { readonly state: string | undefined }) {
  return (
    <StatusIndicator type={RUN_STATES[state] ?? 'info'}>
      {state.charAt(0) + state.slice(1).toLowerCase()}
    </StatusIndicator>
  )
}

/** In words, or as it is. */
export function scheduleText({ Schedule }: Crawler): string {
  const expression = Schedule?.ScheduleExpression
  return expression === undefined ? 'On demand' : (cronWords(expression) ?? expression)
}

export function targetsOf({ Targets }: Crawler): readonly string[] {
  return [
    ...(Targets?.S3Targets ?? []).map(({ Path = '' }) => Path),
    ...(Targets?.CatalogTargets ?? []).flatMap(({ DatabaseName, Tables = [] }) =>
      Tables.map((name) => `${DatabaseName}.${name}`),
    ),
  ]
}

interface Changes {
  readonly ADD?: number
  readonly UPDATE?: number
  readonly DELETE?: number
}

/** `{"TABLE":{"ADD":1},"PARTITION":{"ADD":3}}` of a run. */
export function changesOf(summary: string | undefined): { readonly tables: Changes; readonly partitions: Changes } {
  const parsed = JSON.parse(summary ?? '{}') as Record<string, Changes | string>
  const read = (what: string): Changes => {
    const found = parsed[what]
    return typeof found === 'string' ? (JSON.parse(found) as Changes) : (found ?? {})
  }
  return { tables: read('TABLE'), partitions: read('PARTITION') }
}
