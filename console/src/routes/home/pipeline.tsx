/** The drawing: six stages in a row, a card for each thing, an arrow to the next stage that moves while data does. */
import StatusIndicator from '@cloudscape-design/components/status-indicator'
import type { ReactNode } from 'react'
import { agoText, bytesText, countText, durationText, numberText } from '../../components/figures.ts'
import { Link, part } from '../../components/link.tsx'
import type { Lake } from './use-lake.ts'

const CARDS_MAX = 4

interface PipelineProps {
  readonly lake: Lake
  /** Addresses of the things that somebody should look at. */
  readonly troubled: ReadonlySet<string>
}

export function Pipeline({ lake, troubled }: PipelineProps) {
  const { streams, crawlers, tables, queries, lastObjects, buckets } = lake
  const rate = streams.reduce((sum, one) => sum + (one.rate ?? 0), 0)
  const taken = streams.reduce((sum, { figures }) => sum + (figures?.acceptedRecords ?? 0), 0)
  const waiting = streams.reduce((sum, { figures }) => sum + (figures?.bufferedRecords ?? 0), 0)
  const targets = [...new Set(streams.map(({ bucket }) => bucket))].filter((name) => buckets.includes(name))
  const shownBuckets = [...targets, ...buckets.filter((name) => !targets.includes(name))]
  const isCrawling = crawlers.some(({ State }) => State !== 'READY')
  const running = queries.filter(({ Status }) => Status?.State === 'RUNNING' || Status?.State === 'QUEUED')
  const [last] = queries
  return (
    <div className="pipeline-place">
      <div className="pipeline">
        <Stage title="Producers" isMoving={rate > 0}>
          <Card title={<span>Any AWS client</span>}>
            <Figure value={`${numberText(Math.round(rate))}/s`} label="records taken" />
            <Note>{numberText(taken)} since the lake was started</Note>
          </Card>
        </Stage>
        <Stage
          title="Streams"
          isMoving={waiting > 0}
          empty={<Link to="/firehose/streams/create">Create delivery stream</Link>}
        >
          {streams.slice(0, CARDS_MAX).map(({ name, figures, rate: own }) => (
            <Card
              key={name}
              title={<Link to={`/firehose/streams/${part(name)}`}>{name}</Link>}
              isTroubled={troubled.has(`/firehose/streams/${part(name)}`)}
            >
              <Figure
                value={bytesText(figures?.bufferedBytes ?? 0)}
                label={`waiting, ${countText(figures?.bufferedRecords ?? 0, 'record')}`}
              />
              <Note>
                {figures?.oldestAgeMs === undefined
                  ? 'All is delivered'
                  : `Oldest waits ${durationText(Math.round(figures.oldestAgeMs / 1000) * 1000)}`}
                {own !== undefined && own > 0 && `, ${numberText(Math.round(own))}/s`}
              </Note>
            </Card>
          ))}
          <More count={streams.length} to="/firehose/streams" />
        </Stage>
        <Stage title="Buckets" isMoving={false} empty={<Link to="/s3/create">Create bucket</Link>}>
          {shownBuckets.slice(0, CARDS_MAX).map((name) => (
            <Card key={name} title={<Link to={`/s3/buckets/${part(name)}`}>{name}</Link>}>
              <Note>{bucketText(lastObjects[name], targets.includes(name))}</Note>
            </Card>
          ))}
          <More count={shownBuckets.length} to="/s3/buckets" />
        </Stage>
        <Stage title="Crawlers" isMoving={isCrawling} empty={<Link to="/glue/crawlers/create">Add crawler</Link>}>
          {crawlers.slice(0, CARDS_MAX).map(({ Name = '', State, LastCrawl }) => (
            <Card key={Name} title={<Link to={`/glue/crawlers/${part(Name)}`}>{Name}</Link>}>
              {State === 'RUNNING' ? (
                <StatusIndicator type="in-progress">Running</StatusIndicator>
              ) : LastCrawl?.Status === 'FAILED' ? (
                <StatusIndicator type="error">Failed</StatusIndicator>
              ) : (
                <StatusIndicator type="success">Ready</StatusIndicator>
              )}
              <Note>{LastCrawl === undefined ? 'Has never run' : `Last run ${agoText(LastCrawl.StartTime)}`}</Note>
            </Card>
          ))}
          <More count={crawlers.length} to="/glue/crawlers" />
        </Stage>
        <Stage
          title="Tables"
          isMoving={running.length > 0}
          empty={<span className="pipeline-note">Run a crawler</span>}
        >
          {tables
            .slice(0, CARDS_MAX)
            .map(({ DatabaseName = '', Name = '', Parameters, PartitionKeys = [], TableType }) => (
              <Card
                key={`${DatabaseName}.${Name}`}
                title={<Link to={`/glue/databases/${part(DatabaseName)}/${part(Name)}`}>{Name}</Link>}
              >
                {Parameters?.['recordCount'] !== undefined && (
                  <Figure value={numberText(Number(Parameters['recordCount']))} label="rows, as last crawled" />
                )}
                <Note>
                  {TableType === 'VIRTUAL_VIEW'
                    ? 'View'
                    : PartitionKeys.length > 0
                      ? `Partitioned by ${PartitionKeys.map((key) => key.Name).join(', ')}`
                      : DatabaseName}
                </Note>
              </Card>
            ))}
          <More count={tables.length} to="/glue/tables" />
        </Stage>
        <Stage title="Queries" isMoving={false} isLast={true}>
          <Card title={<Link to="/athena/editor">Query editor</Link>}>
            <Figure value={numberText(running.length)} label="running" />
            <Note>
              {last === undefined
                ? 'None yet'
                : `Last ${agoText(last.Status?.SubmissionDateTime)}, ${(last.Status?.State ?? '').toLowerCase()}`}
            </Note>
            <Link to="/athena/history">Recent queries</Link>
          </Card>
        </Stage>
      </div>
    </div>
  )
}

function bucketText(last: Lake['lastObjects'][string] | undefined, isTarget: boolean): string {
  if (last === undefined) return isTarget ? 'A stream writes here' : 'No stream writes here'
  return last === 'none' ? 'Nothing delivered yet' : `Last object ${agoText(last.at)}`
}

interface StageProps {
  readonly title: string
  readonly isMoving: boolean
  readonly isLast?: boolean
  readonly empty?: ReactNode
  readonly children: ReactNode
}

function Stage({ title, isMoving, isLast = false, empty, children }: StageProps) {
  const cards = [children].flat(2).filter((child) => child !== false && child != null)
  return (
    <section className="pipeline-stage" aria-label={title}>
      <h3 className="pipeline-title">
        {title}
        {!isLast && (
          <span className={isMoving ? 'pipeline-arrow pipeline-moving' : 'pipeline-arrow'} aria-hidden="true">
            <svg viewBox="0 0 48 12" focusable="false" aria-hidden="true">
              <path d="M0 6h44" />
              <path d="M39 1l6 5-6 5" />
            </svg>
          </span>
        )}
      </h3>
      <div className="pipeline-cards">
        {children}
        {cards.length <= 1 && empty !== undefined && !hasCard(children) && (
          <div className="pipeline-card pipeline-empty">{empty}</div>
        )}
      </div>
    </section>
  )
}

function hasCard(children: ReactNode): boolean {
  return [children]
    .flat(2)
    .some((child) => typeof child === 'object' && child !== null && 'type' in child && child.type === Card)
}

interface CardProps {
  readonly title: ReactNode
  readonly isTroubled?: boolean
  readonly children: ReactNode
}

function Card({ title, isTroubled = false, children }: CardProps) {
  return (
    <div className={isTroubled ? 'pipeline-card pipeline-troubled' : 'pipeline-card'}>
      <div className="pipeline-name">{title}</div>
      {isTroubled && <StatusIndicator type="warning">See above</StatusIndicator>}
      {children}
    </div>
  )
}

function Figure({ value, label }: { readonly value: string; readonly label: string }) {
  return (
    <div>
      <span className="pipeline-figure">{value}</span> <span className="pipeline-note">{label}</span>
    </div>
  )
}

function Note({ children }: { readonly children: ReactNode }) {
  return <div className="pipeline-note">{children}</div>
}

function More({ count, to }: { readonly count: number; readonly to: string }) {
  return count > CARDS_MAX ? <Link to={to}>{`${count - CARDS_MAX} more`}</Link> : null
}
