/** The list of crawlers: what each does now, how long it takes, what it found last. */
import type { Crawler, CrawlerMetrics } from '@aws-sdk/client-glue'
import Button from '@cloudscape-design/components/button'
import ButtonDropdown from '@cloudscape-design/components/button-dropdown'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { ConfirmDelete } from '../../../components/confirm-delete.tsx'
import { EmptyState } from '../../../components/empty-state.tsx'
import { durationText } from '../../../components/figures.ts'
import { Link, LinkButton, part } from '../../../components/link.tsx'
import { useNotices } from '../../../components/notifications.tsx'
import { useTitle } from '../../../components/page.tsx'
import { ResourceTable } from '../../../components/resource-table.tsx'
import { crawlerMetrics, crawlers, deleteCrawler, startCrawler, stopCrawler } from '../../../drivers/glue.ts'
import { CrawlerState, scheduleText } from './crawler-text.tsx'

interface Row extends Crawler {
  readonly metrics: CrawlerMetrics | undefined
}

async function rows(): Promise<readonly Row[]> {
  const [found, metrics] = await Promise.all([crawlers(), crawlerMetrics()])
  return found.map((crawler) => ({
    ...crawler,
    metrics: metrics.find(({ CrawlerName }) => CrawlerName === crawler.Name),
  }))
}

const isBusy = ({ State }: Crawler) => State !== 'READY'

export function CrawlersPage() {
  useTitle('Crawlers')
  const list = useQuery({
    queryKey: ['crawlers'],
    queryFn: rows,
    refetchInterval: ({ state }) => (state.data?.some(isBusy) ? 1_000 : 10_000),
  })
  const queries = useQueryClient()
  const notices = useNotices()
  const [selected, setSelected] = useState<readonly Row[]>([])
  const [isDeleting, setDeleting] = useState(false)
  const chosen = list.data?.find(({ Name }) => Name === selected[0]?.Name)
  const name = chosen?.Name ?? ''
  useEndedNotices(list.data)
  const act = async (work: () => Promise<void>, failed: string, done?: () => void) => {
    try {
      await work()
      done?.()
      await queries.invalidateQueries({ queryKey: ['crawlers'] })
    } catch (failure) {
      notices.failure(failed, failure)
    }
  }
  return (
    <>
      <ResourceTable
        variant="full-page"
        title="Crawlers"
        noun="crawler"
        description="A crawler looks into buckets, finds out what the files hold and keeps the tables of the catalog up to date."
        items={list.data}
        error={list.error}
        keyOf={({ Name = '' }) => Name}
        selection="single"
        selected={selected}
        onSelect={setSelected}
        columns={[
          {
            id: 'name',
            header: 'Name',
            cell: ({ Name = '' }) => <Link to={`/glue/crawlers/${part(Name)}`}>{Name}</Link>,
            value: ({ Name }) => Name,
          },
          { id: 'schedule', header: 'Schedule', cell: scheduleText, value: scheduleText, width: 220 },
          {
            id: 'state',
            header: 'Status',
            width: 130,
            cell: (row) => <CrawlerState of={row} />,
            value: ({ State }) => State,
          },
          {
            id: 'logs',
            header: 'Logs',
            width: 130,
            cell: ({ Name = '', LastCrawl }) =>
              LastCrawl === undefined ? '–' : <Link to={`/glue/crawlers/${part(Name)}`}>Logs</Link>,
          },
          {
            id: 'last',
            header: 'Last runtime',
            width: 130,
            cell: ({ metrics }) => durationText(secondsOf(metrics?.LastRuntimeSeconds)),
            value: ({ metrics }) => metrics?.LastRuntimeSeconds,
          },
          {
            id: 'median',
            header: 'Median runtime',
            width: 130,
            cell: ({ metrics }) => durationText(secondsOf(metrics?.MedianRuntimeSeconds)),
            value: ({ metrics }) => metrics?.MedianRuntimeSeconds,
          },
          {
            id: 'updated',
            header: 'Tables updated',
            width: 130,
            cell: ({ metrics }) => metrics?.TablesUpdated ?? 0,
            value: ({ metrics }) => metrics?.TablesUpdated,
          },
          {
            id: 'added',
            header: 'Tables added',
            width: 130,
            cell: ({ metrics }) => metrics?.TablesCreated ?? 0,
            value: ({ metrics }) => metrics?.TablesCreated,
          },
        ]}
        empty={
          <EmptyState title="No crawlers" action={<LinkButton to="/glue/crawlers/create">Add crawler</LinkButton>}>
            Point one at the folder that a delivery stream writes into, and run it.
          </EmptyState>
        }
        actions={
          <SpaceBetween direction="horizontal" size="xs">
            <Button iconName="refresh" ariaLabel="Refresh" onClick={() => void list.refetch()} />
            <ButtonDropdown
              disabled={chosen === undefined}
              items={[
                { id: 'stop', text: 'Stop crawler', disabled: chosen?.State !== 'RUNNING' },
                { id: 'delete', text: 'Delete crawler' },
              ]}
              onItemClick={({ detail }) => {
                if (detail.id === 'delete') setDeleting(true)
                else void act(() => stopCrawler(name), `Crawler ${name} was not stopped`)
              }}
            >
              Action
            </ButtonDropdown>
            <Button
              disabled={chosen === undefined || isBusy(chosen)}
              onClick={() =>
                void act(
                  () => startCrawler(name),
                  `Crawler ${name} was not started`,
                  () => notices.success(`Crawler ${name} is now running.`),
                )
              }
            >
              Run crawler
            </Button>
            <LinkButton to="/glue/crawlers/create" variant="primary">
              Add crawler
            </LinkButton>
          </SpaceBetween>
        }
      />
      {isDeleting && (
        <ConfirmDelete
          title="Delete crawler"
          name={name}
          onDismiss={() => setDeleting(false)}
          onConfirm={async () => {
            await deleteCrawler(name)
            setDeleting(false)
            setSelected([])
            notices.success(`Crawler ${name} is deleted.`)
            await queries.invalidateQueries({ queryKey: ['crawlers'] })
          }}
        >
          The crawler goes with its history. The tables that it made stay.
        </ConfirmDelete>
      )}
    </>
  )
}

const secondsOf = (seconds: number | undefined) => (seconds === undefined ? undefined : seconds * 1000)

/** Tells how runs ended that were seen while they ran. */
function useEndedNotices(list: readonly Row[] | undefined): void {
  const notices = useNotices()
  const running = useRef(new Set<string>())
  useEffect(() => {
    for (const crawler of list ?? []) {
      const { Name = '', State, LastCrawl, metrics } = crawler
      if (State !== 'READY') running.current.add(Name)
      else if (running.current.delete(Name)) {
        if (LastCrawl?.Status === 'FAILED')
          notices.failure(`Crawler ${Name} failed`, new Error(LastCrawl.ErrorMessage ?? 'Its logs say why.'))
        else
          notices.success(
            `Crawler ${Name} completed: ${metrics?.TablesCreated ?? 0} tables added, ${metrics?.TablesUpdated ?? 0} updated.`,
          )
      }
    }
  }, [list, notices])
}
