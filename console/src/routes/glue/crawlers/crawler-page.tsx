/** A crawler: what it is for, its runs, and why each run decided as it did. */
import type { Crawler, CrawlerHistory } from '@aws-sdk/client-glue'
import Alert from '@cloudscape-design/components/alert'
import Box from '@cloudscape-design/components/box'
import Button from '@cloudscape-design/components/button'
import Container from '@cloudscape-design/components/container'
import FormField from '@cloudscape-design/components/form-field'
import Header from '@cloudscape-design/components/header'
import Input from '@cloudscape-design/components/input'
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs'
import Modal from '@cloudscape-design/components/modal'
import SpaceBetween from '@cloudscape-design/components/space-between'
import Spinner from '@cloudscape-design/components/spinner'
import StatusIndicator, { type StatusIndicatorProps } from '@cloudscape-design/components/status-indicator'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useParams } from 'react-router'
import { cronWords } from '../../../components/cron.ts'
import { EmptyState } from '../../../components/empty-state.tsx'
import { ErrorAlert } from '../../../components/errors.tsx'
import { durationText, timeText } from '../../../components/figures.ts'
import { Link, part } from '../../../components/link.tsx'
import { useNotices } from '../../../components/notifications.tsx'
import { Page } from '../../../components/page.tsx'
import { ResourceTable } from '../../../components/resource-table.tsx'
import { useWork } from '../../../components/use-work.ts'
import { crawler, crawls, startCrawler, stopCrawler, updateCrawler } from '../../../drivers/glue.ts'
import { logLines } from '../../../drivers/logs.ts'
import { CrawlerState, changesOf, RunState, scheduleText, targetsOf } from './crawler-text.tsx'

const GROUP = '/aws-glue/crawlers'

export function CrawlerPage() {
  const { crawler: name = '' } = useParams()
  const queries = useQueryClient()
  const notices = useNotices()
  const [chosen, setChosen] = useState<readonly CrawlerHistory[]>([])
  const [isScheduling, setScheduling] = useState(false)
  const found = useQuery({
    queryKey: ['crawler', name],
    queryFn: () => crawler(name),
    refetchInterval: ({ state }) => (state.data?.State === 'READY' ? 10_000 : 1_000),
  })
  const state = found.data?.State
  const runs = useQuery({
    queryKey: ['crawls', name, state],
    queryFn: () => crawls(name),
    refetchInterval: state === 'READY' ? false : 1_000,
    placeholderData: (before) => before,
  })
  const run = runs.data?.find(({ CrawlId }) => CrawlId === chosen[0]?.CrawlId) ?? runs.data?.[0]
  const act = async (work: () => Promise<void>, failed: string) => {
    try {
      await work()
      await queries.invalidateQueries({ queryKey: ['crawler', name] })
    } catch (failure) {
      notices.failure(failed, failure)
    }
  }
  return (
    <Page
      title={name}
      description="Crawler"
      actions={
        <SpaceBetween direction="horizontal" size="xs">
          <Button onClick={() => setScheduling(true)} disabled={found.data === undefined}>
            Schedule
          </Button>
          <Button
            disabled={state !== 'RUNNING'}
            onClick={() => void act(() => stopCrawler(name), 'The crawler was not stopped')}
          >
            Stop
          </Button>
          <Button
            variant="primary"
            disabled={state !== 'READY'}
            loading={state === 'RUNNING'}
            onClick={() =>
              void act(async () => {
                await startCrawler(name)
                setChosen([])
                notices.success(`Crawler ${name} is now running.`)
              }, 'The crawler was not started')
            }
          >
            Run crawler
          </Button>
        </SpaceBetween>
      }
    >
      <ErrorAlert error={found.error} title="The crawler could not be read" onRetry={() => void found.refetch()} />
      {found.data === undefined && found.error === null && <Spinner size="large" />}
      {found.data !== undefined && <Overview of={found.data} />}
      <ResourceTable
        title="Runs"
        noun="run"
        items={runs.data}
        error={runs.error}
        keyOf={({ CrawlId = '' }) => CrawlId}
        isSearched={false}
        pageSize={8}
        selection="single"
        selected={run === undefined ? [] : [run]}
        onSelect={setChosen}
        sortedBy="started"
        isDescending={true}
        empty={<EmptyState title="It has never run">Run it to fill the catalog.</EmptyState>}
        columns={[
          {
            id: 'started',
            header: 'Started',
            cell: ({ StartTime }) => timeText(StartTime),
            value: ({ StartTime }) => StartTime?.getTime(),
            width: 240,
          },
          {
            id: 'state',
            header: 'Status',
            cell: ({ State }) => <RunState state={State} />,
            value: ({ State }) => State,
          },
          { id: 'took', header: 'Took', cell: (one) => durationText(tookMs(one)), value: tookMs },
          { id: 'tables', header: 'Tables', cell: ({ Summary }) => changeText(changesOf(Summary).tables) },
          { id: 'partitions', header: 'Partitions', cell: ({ Summary }) => changeText(changesOf(Summary).partitions) },
        ]}
      />
      {run !== undefined && <Explanation of={run} isRunning={run.State === 'RUNNING'} />}
      {isScheduling && found.data !== undefined && (
        <ScheduleDialog
          of={found.data}
          onDone={() => {
            setScheduling(false)
            void found.refetch()
          }}
        />
      )}
    </Page>
  )
}

function tookMs({ StartTime, EndTime }: CrawlerHistory): number | undefined {
  return StartTime && EndTime && EndTime.getTime() - StartTime.getTime()
}

function changeText({ ADD = 0, UPDATE = 0, DELETE = 0 }: ReturnType<typeof changesOf>['tables']): string {
  const parts = [ADD > 0 && `${ADD} added`, UPDATE > 0 && `${UPDATE} updated`, DELETE > 0 && `${DELETE} deleted`]
  return parts.filter((text) => text !== false).join(', ') || 'no change'
}

function Overview({ of }: { readonly of: Crawler }) {
  return (
    <Container header={<Header variant="h2">Overview</Header>}>
      <KeyValuePairs
        columns={3}
        items={[
          { label: 'Status', value: <CrawlerState of={of} /> },
          { label: 'Schedule', value: scheduleText(of) },
          {
            label: 'Database',
            value:
              of.DatabaseName === undefined ? (
                '–'
              ) : (
                <Link to={`/glue/databases/${part(of.DatabaseName)}`}>{of.DatabaseName}</Link>
              ),
          },
          {
            label: 'Data sources',
            value: targetsOf(of).map((target) => {
              const [, bucket, prefix = ''] =
                /^s3:\/\/([^/]+)\/?(.*)$/.exec(target.startsWith('s3://') ? target : `s3://${target}`) ?? []
              const folder = prefix === '' || prefix.endsWith('/') ? prefix : `${prefix}/`
              return (
                <div key={target}>
                  {bucket === undefined ? (
                    target
                  ) : (
                    <Link to={`/s3/buckets/${part(bucket)}?prefix=${part(folder)}`}>{target}</Link>
                  )}
                </div>
              )
            }),
          },
          { label: 'IAM role', value: of.Role ?? '–' },
          { label: 'Made', value: timeText(of.CreationTime) },
        ]}
      />
    </Container>
  )
}

const LEVELS: Readonly<Record<string, StatusIndicatorProps.Type>> = {
  ERROR: 'error',
  WARN: 'warning',
  BENCHMARK: 'success',
  INFO: 'info',
}

/** `[<run>] LEVEL : text` */
function parsed(message: string): { readonly level: string; readonly text: string } {
  const [, level = 'INFO', text = message] = /^\[[^\]]*\]\s*(\w+)\s*:\s*([\s\S]*)$/.exec(message) ?? []
  return { level, text }
}

function Explanation({ of, isRunning }: { readonly of: CrawlerHistory; readonly isRunning: boolean }) {
  const { LogGroup = GROUP, LogStream = '', CrawlId = '', MessagePrefix = CrawlId } = of
  const lines = useQuery({
    queryKey: ['crawl-log', LogStream, CrawlId, isRunning],
    queryFn: async () => (await logLines(LogGroup, LogStream)).filter(({ message }) => message.includes(MessagePrefix)),
    refetchInterval: isRunning ? 1_000 : false,
    placeholderData: (before) => before,
  })
  return (
    <Container
      header={
        <Header
          variant="h2"
          description={`Run ${CrawlId}, in its own words: which files it looked into and why they became which table`}
        >
          Explanation
        </Header>
      }
    >
      <SpaceBetween size="s">
        {of.ErrorMessage !== undefined && (
          <Alert type="error" header="The run failed">
            {of.ErrorMessage}
          </Alert>
        )}
        <ErrorAlert error={lines.error} title="The log could not be read" />
        {lines.data?.length === 0 && <Box color="text-body-secondary">Nothing was written down.</Box>}
        <ol className="explanation" aria-label="What the run did">
          {(lines.data ?? []).map(({ atMs, message }, index) => {
            const { level, text } = parsed(message)
            return (
              // biome-ignore lint/suspicious/noArrayIndexKey: lines of a log only grow at their end
              <li key={index}>
                <time className="explanation-time">{new Date(atMs).toISOString().slice(11, 23)}</time>
                <StatusIndicator
                  type={LEVELS[level] ?? 'info'}
                  iconAriaLabel={level}
                  wrapText={true}
                  {...(level === 'INFO' && { colorOverride: 'grey' as const })}
                >
                  {text}
                </StatusIndicator>
              </li>
            )
          })}
        </ol>
      </SpaceBetween>
    </Container>
  )
}

function ScheduleDialog({ of, onDone }: { readonly of: Crawler; readonly onDone: () => void }) {
  const [expression, setExpression] = useState(of.Schedule?.ScheduleExpression ?? '')
  const { isBusy, error, run } = useWork()
  const problem =
    expression !== '' && cronWords(expression) === undefined ? 'cron(minute hour day month weekday year)' : undefined
  const save = async () => {
    if (problem !== undefined) return
    await run(async () => {
      await updateCrawler({ Name: of.Name, Schedule: expression })
      onDone()
    })
  }
  return (
    <Modal
      visible={true}
      header={`Schedule of ${of.Name}`}
      closeAriaLabel="Close"
      onDismiss={onDone}
      footer={
        <Box float="right">
          <SpaceBetween direction="horizontal" size="xs">
            <Button variant="link" onClick={onDone}>
              Cancel
            </Button>
            <Button variant="primary" disabled={problem !== undefined} loading={isBusy} onClick={() => void save()}>
              Save
            </Button>
          </SpaceBetween>
        </Box>
      }
    >
      <SpaceBetween size="m">
        <FormField
          label="Schedule"
          description={expression === '' ? 'Empty: it runs on demand only.' : cronWords(expression)}
          constraintText="For example cron(0 3 * * ? *)"
          errorText={problem}
        >
          <Input value={expression} autoFocus onChange={({ detail }) => setExpression(detail.value)} />
        </FormField>
        <ErrorAlert error={error} title="The schedule was not changed" />
      </SpaceBetween>
    </Modal>
  )
}
