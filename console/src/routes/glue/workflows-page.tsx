/** Workflows with their runs. */
import type { Workflow } from '@aws-sdk/client-glue'
import Button from '@cloudscape-design/components/button'
import Container from '@cloudscape-design/components/container'
import Header from '@cloudscape-design/components/header'
import SpaceBetween from '@cloudscape-design/components/space-between'
import StatusIndicator from '@cloudscape-design/components/status-indicator'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { EmptyState } from '../../components/empty-state.tsx'
import { durationText, timeText } from '../../components/figures.ts'
import { useNotices } from '../../components/notifications.tsx'
import { useTitle } from '../../components/page.tsx'
import { ResourceTable } from '../../components/resource-table.tsx'
import { startWorkflow, workflowRuns, workflows } from '../../drivers/glue.ts'
import { RunState } from './crawlers/crawler-text.tsx'
import { WorkflowGraph } from './workflow-graph.tsx'

export function WorkflowsPage() {
  useTitle('Workflows')
  const list = useQuery({ queryKey: ['workflows'], queryFn: workflows, refetchInterval: 10_000 })
  const notices = useNotices()
  const [selected, setSelected] = useState<readonly Workflow[]>([])
  const chosen = list.data?.find(({ Name }) => Name === selected[0]?.Name) ?? list.data?.[0]
  const name = chosen?.Name
  const runs = useQuery({
    queryKey: ['workflow-runs', name],
    queryFn: () => workflowRuns(name ?? ''),
    enabled: name !== undefined,
    refetchInterval: ({ state }) => (state.data?.some(({ Status }) => Status === 'RUNNING') ? 1_000 : 10_000),
  })
  const start = async () => {
    try {
      await startWorkflow(name ?? '')
      notices.success(`Workflow ${name} is now running.`)
      await runs.refetch()
    } catch (failure) {
      notices.failure(`Workflow ${name} was not started`, failure)
    }
  }
  return (
    <SpaceBetween size="l">
      <ResourceTable
        variant="full-page"
        title="Workflows"
        noun="workflow"
        items={list.data}
        error={list.error}
        keyOf={({ Name = '' }) => Name}
        selection="single"
        selected={chosen === undefined ? [] : [chosen]}
        onSelect={setSelected}
        columns={[
          { id: 'name', header: 'Name', cell: ({ Name }) => Name, value: ({ Name }) => Name },
          {
            id: 'description',
            header: 'Description',
            cell: ({ Description }) => Description ?? '–',
            value: ({ Description }) => Description,
          },
          {
            id: 'parts',
            header: 'Made of',
            cell: ({ Graph }) =>
              (Graph?.Nodes ?? [])
                .filter(({ Type }) => Type !== 'TRIGGER')
                .map(({ Name }) => Name)
                .join(', ') || '–',
            width: 320,
          },
          {
            id: 'last',
            header: 'Last run',
            cell: ({ LastRun }) => (LastRun === undefined ? '–' : <RunState state={LastRun.Status} />),
          },
          {
            id: 'changed',
            header: 'Last changed',
            cell: ({ LastModifiedOn }) => timeText(LastModifiedOn),
            value: ({ LastModifiedOn }) => LastModifiedOn?.getTime(),
            width: 225,
          },
        ]}
        empty={
          <EmptyState title="No workflows">
            A workflow ties triggers, crawlers and jobs together. The example nightly-refine makes one.
          </EmptyState>
        }
        actions={
          <SpaceBetween direction="horizontal" size="xs">
            <Button iconName="refresh" ariaLabel="Refresh" onClick={() => void list.refetch()} />
            <Button variant="primary" disabled={name === undefined} onClick={() => void start()}>
              Run workflow
            </Button>
          </SpaceBetween>
        }
      />
      {chosen !== undefined && (
        <Container header={<Header variant="h2">What starts what</Header>}>
          <WorkflowGraph of={chosen} />
        </Container>
      )}
      {name !== undefined && (
        <ResourceTable
          title={`Runs of ${name}`}
          noun="run"
          items={runs.data}
          error={runs.error}
          keyOf={({ WorkflowRunId = '' }) => WorkflowRunId}
          isSearched={false}
          sortedBy="started"
          isDescending={true}
          empty={<EmptyState title="It has never run" />}
          columns={[
            {
              id: 'started',
              header: 'Started',
              cell: ({ StartedOn }) => timeText(StartedOn),
              value: ({ StartedOn }) => StartedOn?.getTime(),
              width: 225,
            },
            {
              id: 'state',
              header: 'Status',
              cell: ({ Status }) => <RunState state={Status} />,
              value: ({ Status }) => Status,
            },
            {
              id: 'took',
              header: 'Took',
              cell: ({ StartedOn, CompletedOn }) =>
                durationText(StartedOn && CompletedOn && CompletedOn.getTime() - StartedOn.getTime()),
            },
            {
              id: 'actions',
              header: 'Actions',
              cell: ({ Statistics: counts }) => (
                <SpaceBetween direction="horizontal" size="s">
                  <StatusIndicator type="success">{counts?.SucceededActions ?? 0}</StatusIndicator>
                  <StatusIndicator type="error">{counts?.FailedActions ?? 0}</StatusIndicator>
                  <StatusIndicator type="in-progress">{counts?.RunningActions ?? 0}</StatusIndicator>
                </SpaceBetween>
              ),
            },
          ]}
        />
      )}
    </SpaceBetween>
  )
}
