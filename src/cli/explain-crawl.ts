/** What a run of a crawler did and why: its history from Glue, its sentences from CloudWatch Logs. */
import type { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs'
import type { CrawlerHistory, GlueClient } from '@aws-sdk/client-glue'
import { Refusal } from '../platform/refusal.ts'
import { unlessMissing } from './apply/step.ts'

/** Lines are written a moment after what they tell of. */
const SLACK_MS = 60_000

export interface CrawlExplanation {
  readonly crawler: string
  readonly run: string
  readonly state: string
  readonly startedAt: string
  /** Absent while it runs. */
  readonly seconds?: number
  readonly errorMessage?: string
  readonly changes: { readonly [what: string]: { readonly [how: string]: number } }
  readonly lines: readonly ExplanationLine[]
}

export interface ExplanationLine {
  readonly at: string
  /** BENCHMARK: the steps that every run has. */
  readonly level: string
  readonly message: string
}

/** `runId` absent: the newest. Refuses 'crawlNotFound' when there is no such run. */
export async function explainCrawl(
  clients: { readonly glue: GlueClient; readonly logs: CloudWatchLogsClient },
  crawler: string,
  runId: string | undefined,
): Promise<CrawlExplanation> {
  const run = await runOf(clients.glue, crawler, runId)
  const { CrawlId = '', State = 'UNKNOWN', StartTime, EndTime, Summary, ErrorMessage } = run
  return {
    crawler,
    run: CrawlId,
    state: State,
    startedAt: StartTime?.toISOString() ?? '',
    ...(StartTime && EndTime && { seconds: (EndTime.getTime() - StartTime.getTime()) / 1000 }),
    ...(ErrorMessage !== undefined && { errorMessage: ErrorMessage }),
    changes: JSON.parse(Summary ?? '{}'),
    lines: await linesOf(clients.logs, run),
  }
}

async function runOf(glue: GlueClient, crawler: string, runId: string | undefined): Promise<CrawlerHistory> {
  const sdk = await import('@aws-sdk/client-glue')
  const { Crawls = [] } = await glue.send(
    new sdk.ListCrawlsCommand({
      CrawlerName: crawler,
      MaxResults: 1,
      ...(runId !== undefined && {
        Filters: [{ FieldName: 'CRAWL_ID' as const, FilterOperator: 'EQ' as const, FieldValue: runId }],
      }),
    }),
  )
  const [run] = Crawls
  if (run !== undefined) return run
  throw new Refusal(
    'crawlNotFound',
    runId === undefined
      ? `Crawler ${crawler} has not run yet: lakelet crawl ${crawler} runs it.`
      : `Crawler ${crawler} has no run ${runId}; its history is kept of a year.`,
  )
}

async function linesOf(logs: CloudWatchLogsClient, run: CrawlerHistory): Promise<ExplanationLine[]> {
  const sdk = await import('@aws-sdk/client-cloudwatch-logs')
  const { LogGroup = '', LogStream = '', MessagePrefix = '', StartTime, EndTime } = run
  const lines: ExplanationLine[] = []
  let token: string | undefined
  do {
    const page = await unlessMissing(
      logs.send(
        new sdk.FilterLogEventsCommand({
          logGroupName: LogGroup,
          logStreamNames: [LogStream],
          filterPattern: `"${MessagePrefix}"`,
          ...(StartTime && { startTime: StartTime.getTime() }),
          ...(EndTime && { endTime: EndTime.getTime() + SLACK_MS }),
          ...(token !== undefined && { nextToken: token }),
        }),
      ),
      'ResourceNotFoundException',
    )
    for (const { timestamp = 0, message = '' } of page?.events ?? []) {
      const line = parseLine(message, MessagePrefix)
      if (line !== undefined) lines.push({ at: new Date(timestamp).toISOString(), ...line })
    }
    token = page?.nextToken
  } while (token !== undefined)
  return lines
}

/** `[<run id>] INFO  : text`; undefined when another run says it. */
export function parseLine(message: string, runId: string): Omit<ExplanationLine, 'at'> | undefined {
  const [, id, level, text] = /^\[([^\]]*)\] ([A-Z]+) *: (.*)$/s.exec(message) ?? []
  return id === runId && level !== undefined && text !== undefined ? { level, message: text } : undefined
}
