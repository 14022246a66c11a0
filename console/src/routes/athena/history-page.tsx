/** Recent queries of a workgroup. */
import type { QueryExecution } from '@aws-sdk/client-athena'
import Button from '@cloudscape-design/components/button'
import Select from '@cloudscape-design/components/select'
import SpaceBetween from '@cloudscape-design/components/space-between'
import StatusIndicator, { type StatusIndicatorProps } from '@cloudscape-design/components/status-indicator'
import { useQuery } from '@tanstack/react-query'
import { useSearchParams } from 'react-router'
import { EmptyState } from '../../components/empty-state.tsx'
import { bytesText, durationText, timeText } from '../../components/figures.ts'
import { Link, LinkButton } from '../../components/link.tsx'
import { useTitle } from '../../components/page.tsx'
import { ResourceTable } from '../../components/resource-table.tsx'
import { history, isOver, workgroups } from '../../drivers/athena.ts'

const STATES: Readonly<Record<string, StatusIndicatorProps.Type>> = {
  SUCCEEDED: 'success',
  FAILED: 'error',
  CANCELLED: 'stopped',
  RUNNING: 'in-progress',
  QUEUED: 'pending',
}

const WORDS: Readonly<Record<string, string>> = {
  SUCCEEDED: 'Completed',
  FAILED: 'Failed',
  CANCELLED: 'Cancelled',
  RUNNING: 'Running',
  QUEUED: 'In queue',
}

export function HistoryPage() {
  useTitle('Recent queries')
  const [search, setSearch] = useSearchParams()
  const workgroup = search.get('workgroup') ?? 'primary'
  const groups = useQuery({ queryKey: ['workgroups'], queryFn: workgroups })
  const list = useQuery({
    queryKey: ['history', workgroup],
    queryFn: () => history(workgroup),
    refetchInterval: ({ state }) => (state.data?.some((one) => !isOver(one)) ? 1_000 : 15_000),
  })
  return (
    <ResourceTable
      variant="full-page"
      title="Recent queries"
      noun="query"
      description="The newest 200; Athena keeps them for 45 days."
      items={list.data}
      error={list.error}
      keyOf={({ QueryExecutionId = '' }) => QueryExecutionId}
      sortedBy="time"
      isDescending={true}
      columns={[
        {
          id: 'id',
          header: 'Execution ID',
          cell: ({ QueryExecutionId = '', Query = '' }) => (
            <Link to={`/athena/editor?execution=${QueryExecutionId}&sql=${encodeURIComponent(Query)}`}>
              {QueryExecutionId.slice(0, 8)}
            </Link>
          ),
          value: ({ QueryExecutionId }) => QueryExecutionId,
          width: 140,
        },
        {
          id: 'query',
          header: 'Query',
          cell: ({ Query = '' }) => <code title={Query}>{Query.replace(/\s+/g, ' ').slice(0, 160)}</code>,
          value: ({ Query }) => Query,
          width: 460,
        },
        {
          id: 'time',
          header: 'Start time',
          cell: ({ Status }) => timeText(Status?.SubmissionDateTime),
          value: ({ Status }) => Status?.SubmissionDateTime?.getTime(),
          width: 230,
        },
        {
          id: 'state',
          header: 'Status',
          cell: ({ Status }) => (
            <span title={Status?.StateChangeReason}>
              <StatusIndicator type={STATES[Status?.State ?? ''] ?? 'info'}>
                {WORDS[Status?.State ?? ''] ?? Status?.State}
              </StatusIndicator>
            </span>
          ),
          value: ({ Status }) => Status?.State,
        },
        { id: 'run', header: 'Run time', cell: (one) => durationText(totalMs(one)), value: totalMs },
        {
          id: 'scanned',
          header: 'Data scanned',
          cell: ({ Statistics: of }) => bytesText(of?.DataScannedInBytes),
          value: ({ Statistics: of }) => of?.DataScannedInBytes,
        },
      ]}
      empty={
        <EmptyState title="No queries yet" action={<LinkButton to="/athena/editor">Open the editor</LinkButton>} />
      }
      actions={
        <SpaceBetween direction="horizontal" size="xs">
          <Select
            inlineLabelText="Workgroup"
            selectedOption={{ value: workgroup }}
            options={(groups.data ?? []).map(({ Name = '' }) => ({ value: Name }))}
            onChange={({ detail }) => setSearch({ workgroup: detail.selectedOption.value ?? 'primary' })}
          />
          <Button iconName="refresh" ariaLabel="Refresh" onClick={() => void list.refetch()} />
        </SpaceBetween>
      }
    />
  )
}

function totalMs({ Statistics: of }: QueryExecution): number | undefined {
  return of?.TotalExecutionTimeInMillis
}
