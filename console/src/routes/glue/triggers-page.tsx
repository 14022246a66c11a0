/** The list of triggers: what starts what, and when. */
import type { Trigger } from '@aws-sdk/client-glue'
import Button from '@cloudscape-design/components/button'
import SpaceBetween from '@cloudscape-design/components/space-between'
import StatusIndicator, { type StatusIndicatorProps } from '@cloudscape-design/components/status-indicator'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { cronWords } from '../../components/cron.ts'
import { EmptyState } from '../../components/empty-state.tsx'
import { useNotices } from '../../components/notifications.tsx'
import { useTitle } from '../../components/page.tsx'
import { ResourceTable } from '../../components/resource-table.tsx'
import { startTrigger, stopTrigger, triggers } from '../../drivers/glue.ts'

const STATES: Readonly<Record<string, StatusIndicatorProps.Type>> = {
  ACTIVATED: 'success',
  CREATED: 'info',
  DEACTIVATED: 'stopped',
  DELETING: 'pending',
}

export function TriggersPage() {
  useTitle('Triggers')
  const list = useQuery({ queryKey: ['triggers'], queryFn: triggers, refetchInterval: 10_000 })
  const notices = useNotices()
  const [selected, setSelected] = useState<readonly Trigger[]>([])
  const chosen = list.data?.find(({ Name }) => Name === selected[0]?.Name)
  const act = async (work: (name: string) => Promise<void>, what: string) => {
    try {
      await work(chosen?.Name ?? '')
      notices.success(`Trigger ${chosen?.Name} is ${what}.`)
      await list.refetch()
    } catch (failure) {
      notices.failure(`Trigger ${chosen?.Name} is not ${what}`, failure)
    }
  }
  return (
    <ResourceTable
      variant="full-page"
      title="Triggers"
      noun="trigger"
      items={list.data}
      error={list.error}
      keyOf={({ Name = '' }) => Name}
      selection="single"
      selected={selected}
      onSelect={setSelected}
      columns={[
        { id: 'name', header: 'Name', cell: ({ Name }) => Name, value: ({ Name }) => Name },
        { id: 'type', header: 'Type', cell: ({ Type }) => Type, value: ({ Type }) => Type },
        {
          id: 'state',
          header: 'Status',
          cell: ({ State = '' }) => (
            <StatusIndicator type={STATES[State] ?? 'pending'}>{State.toLowerCase()}</StatusIndicator>
          ),
          value: ({ State }) => State,
        },
        { id: 'when', header: 'When', cell: whenText, value: whenText, width: 320 },
        { id: 'actions', header: 'Starts', cell: actionsText, value: actionsText, width: 240 },
        {
          id: 'workflow',
          header: 'Workflow',
          cell: ({ WorkflowName }) => WorkflowName ?? '–',
          value: ({ WorkflowName }) => WorkflowName,
        },
      ]}
      empty={
        <EmptyState title="No triggers">
          A trigger starts crawlers and jobs by a schedule, on demand, or when others have ended. Make them by `aws glue
          create-trigger`.
        </EmptyState>
      }
      actions={
        <SpaceBetween direction="horizontal" size="xs">
          <Button iconName="refresh" ariaLabel="Refresh" onClick={() => void list.refetch()} />
          <Button disabled={chosen === undefined} onClick={() => void act(stopTrigger, 'stopped')}>
            Stop
          </Button>
          <Button variant="primary" disabled={chosen === undefined} onClick={() => void act(startTrigger, 'started')}>
            Start
          </Button>
        </SpaceBetween>
      }
    />
  )
}

function whenText({ Type, Schedule, Predicate }: Trigger): string {
  if (Type === 'SCHEDULED') return cronWords(Schedule ?? '') ?? Schedule ?? '–'
  if (Type !== 'CONDITIONAL') return 'On demand'
  const conditions = (Predicate?.Conditions ?? []).map(
    ({ JobName, CrawlerName, State, CrawlState }) =>
      `${JobName ?? CrawlerName} ${(State ?? CrawlState ?? '').toLowerCase()}`,
  )
  return conditions.join(Predicate?.Logical === 'ANY' ? ' or ' : ' and ')
}

function actionsText({ Actions = [] }: Trigger): string {
  return Actions.map(({ JobName, CrawlerName }) => JobName ?? CrawlerName).join(', ') || '–'
}
