import type { CrawlRun } from '../../../catalog/crawler-types.ts'
import type { CrawlsFilter, ListCrawlsRequest, ListCrawlsResponse } from '../../../wire/model/glue.ts'
import { invalidInput } from '../errors.ts'
import { decodeToken, encodeToken } from '../page.ts'
import type { CrawlerOperation } from './crawler-context.ts'
import { crawlerNamed } from './crawler-named.ts'
import { fromRun } from './crawler-shape.ts'

const CRAWLS_PER_PAGE = 20

/** Newest first, the running one included. A token names the last run given. */
export const listCrawls: CrawlerOperation<ListCrawlsRequest, ListCrawlsResponse> = async (
  { CrawlerName, MaxResults = CRAWLS_PER_PAGE, Filters = [], NextToken },
  { crawlerStore },
) => {
  const { currentRun } = await crawlerNamed(crawlerStore, CrawlerName)
  const runs = await crawlerStore.runs(CrawlerName)
  const matches = Filters.map(toPredicate)
  const all = [...(currentRun ? [currentRun] : []), ...runs].filter((run) => matches.every((match) => match(run)))
  const start = NextToken ? indexBehind(all, decodeToken(NextToken)[0]) : 0
  const page = all.slice(start, start + MaxResults)
  const last = page.at(-1)
  return {
    Crawls: page.map((run) => fromRun(CrawlerName, run)),
    ...(last !== undefined && start + page.length < all.length && { NextToken: encodeToken([last.id]) }),
  }
}

function indexBehind(runs: readonly CrawlRun[], runId: string | undefined): number {
  const index = runs.findIndex((run) => run.id === runId)
  if (index === -1) throw invalidInput('The continuation token is not valid.')
  return index + 1
}

type Predicate = (run: CrawlRun) => boolean

const COMPARISONS = {
  GT: (a: number, b: number) => a > b,
  GE: (a: number, b: number) => a >= b,
  LT: (a: number, b: number) => a < b,
  LE: (a: number, b: number) => a <= b,
  EQ: (a: number, b: number) => a === b,
  NE: (a: number, b: number) => a !== b,
} as const

/** Times are given in milliseconds since the epoch. */
function toPredicate({ FieldName, FilterOperator, FieldValue }: CrawlsFilter): Predicate {
  if (FieldName === undefined || FilterOperator === undefined || FieldValue === undefined)
    throw invalidInput(
      `Invalid Filter Provided: FieldName: ${FieldName ?? 'null'}, FilterOperator: ${FilterOperator ?? 'null'}, FieldValue: ${FieldValue ?? 'null'}`,
    )
  switch (FieldName) {
    case 'CRAWL_ID':
    case 'STATE': {
      if (FilterOperator !== 'EQ' && FilterOperator !== 'NE')
        throw invalidInput(`Only EQ or NE operator is allowed for field : ${FieldName}`)
      const isWanted = FilterOperator === 'EQ'
      return (run) => ((FieldName === 'STATE' ? fromRun('', run).State : run.id) === FieldValue) === isWanted
    }
    case 'START_TIME':
    case 'END_TIME': {
      const wanted = Number(FieldValue)
      if (!Number.isFinite(wanted))
        throw invalidInput(`${FieldName} must be a number of milliseconds: '${FieldValue}'.`)
      const compare = COMPARISONS[FilterOperator]
      return ({ startedAtMs, endedAtMs }) => {
        const value = FieldName === 'START_TIME' ? startedAtMs : endedAtMs
        return value !== undefined && compare(value, wanted)
      }
    }
    case 'DPU_HOUR':
      throw invalidInput('A filter on DPU_HOUR is not offered by lakelet: crawls here use no DPUs.')
  }
}
