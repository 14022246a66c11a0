import { setImmediate as nextTurn } from 'node:timers/promises'
import { byPeriod, statisticOf } from '../../telemetry/statistics.ts'
import type { GetMetricDataInput, MetricDataQuery, MetricDataResult, MetricStat } from '../../wire/model/cloudwatch.ts'
import type { CloudWatchContext, CloudWatchOperation } from './context.ts'
import { invalidToken, notOffered, validation } from './errors.ts'
import { type Expression, evaluate, parseExpression, queriesOf, type Values } from './expression.ts'
import { isPeriod, roundedStart, toDimensions, toStatistic } from './shapes.ts'

const QUERIES_MAX = 500
const DATAPOINTS_MAX = 100_800

/** A whole answer is worked out for every page: what has come in between moves its end, as it does on AWS. */
export const getMetricData: CloudWatchOperation<'GetMetricData'> = async (input, context) => {
  const queries = checked(input, context)
  const results: MetricDataResult[] = []
  const known = new Map<string, Values>()
  for (const query of inOrderOfNeed(queries)) {
    known.set(query.id, valuesOf(query, input, known, context))
    // Five hundred queries of two weeks take a while, in which others are served.
    await nextTurn()
  }
  for (const { id, label, isReturned } of queries) {
    if (isReturned) results.push(resultOf(id, label, known.get(id) ?? new Map(), input))
  }
  return pageOf(results, input)
}

interface Query {
  readonly id: string
  /** As the answer names it in messages. */
  readonly path: string
  readonly label: string
  readonly isReturned: boolean
  readonly source: MetricStat | Expression
}

function checked({ MetricDataQueries, StartTime, EndTime }: GetMetricDataInput, context: CloudWatchContext): Query[] {
  if (EndTime <= StartTime) throw validation('The parameter EndTime must be greater than StartTime')
  if (MetricDataQueries.length > QUERIES_MAX) {
    throw validation(`The collection MetricDataQueries must not have a size greater than ${QUERIES_MAX}.`)
  }
  const queries = MetricDataQueries.map((query, index) => queryOf(query, index, context))
  const ids = new Set(queries.map(({ id }) => id))
  if (ids.size < queries.length) throw validation('The values for parameter id in MetricDataQueries are not unique.')
  for (const { path, source } of queries) {
    const unknown = 'kind' in source ? queriesOf(source).find((id) => !ids.has(id)) : undefined
    if (unknown !== undefined) throw validation(`Error in ${path}.Expression: Unknown id '${unknown}'`)
  }
  return queries
}

function queryOf(query: MetricDataQuery, index: number, { accountId }: CloudWatchContext): Query {
  const { Id, MetricStat, Expression, Label, ReturnData = true, AccountId = accountId } = query
  const path = `MetricDataQueries.member.${index + 1}`
  if (!/^[a-z][a-zA-Z0-9_]*$/.test(Id)) {
    throw validation(
      `The value ${Id} for parameter ${path}.Id is not matching the expected pattern ^[a-z][a-zA-Z0-9_]*$.`,
    )
  }
  if (AccountId !== accountId) throw notOffered(`${path}.AccountId of another account`)
  if (Label?.includes('${') === true) throw notOffered(`A dynamic label (${path}.Label)`)
  if ((MetricStat === undefined) === (Expression === undefined)) {
    throw validation(
      `The parameters ${path}.Expression and ${path}.MetricStat are mutually exclusive: give one of them.`,
    )
  }
  const named = { id: Id, path, isReturned: ReturnData }
  if (MetricStat === undefined) return { ...named, label: Label ?? Id, source: parseExpression(Expression ?? '') }
  requireStat(MetricStat, path)
  return { ...named, label: Label ?? MetricStat.Metric.MetricName ?? Id, source: MetricStat }
}

function requireStat({ Metric, Period, Stat }: MetricStat, path: string): void {
  if (Metric.Namespace === undefined || Metric.MetricName === undefined) {
    throw validation(`The parameter ${path}.MetricStat.Metric must have a Namespace and a MetricName.`)
  }
  if (!isPeriod(Period)) {
    throw validation(
      `The value ${Period} for parameter ${path}.MetricStat.Period is not valid. Valid values are 1, 5, 10, 20, 30, or any multiple of 60.`,
    )
  }
  if (toStatistic(Stat) === undefined) {
    // As seen in public issues.
    throw validation(`The value ${Stat} for parameter ${path}.MetricStat.Stat is not a valid statistic.`)
  }
}

/** Metrics first, then each expression behind those that it needs. */
function inOrderOfNeed(queries: readonly Query[]): Query[] {
  const ordered = queries.filter(({ source }) => !('kind' in source))
  const done = new Set(ordered.map(({ id }) => id))
  let waiting = queries.filter(({ id }) => !done.has(id))
  while (waiting.length > 0) {
    const ready = waiting.filter(({ source }) => queriesOf(source as Expression).every((id) => done.has(id)))
    if (ready.length === 0) throw validation(`Error in ${waiting[0]?.path}.Expression: it needs itself.`)
    for (const query of ready) done.add(query.id)
    ordered.push(...ready)
    waiting = waiting.filter(({ id }) => !done.has(id))
  }
  return ordered
}

function valuesOf(
  { source, path }: Query,
  { StartTime, EndTime }: GetMetricDataInput,
  known: ReadonlyMap<string, Values>,
  { metrics }: CloudWatchContext,
): Values {
  if ('kind' in source) {
    const found = evaluate(source, (id) => known.get(id) ?? new Map())
    if (typeof found === 'number') throw validation(`Error in ${path}.Expression: it must not be a constant.`)
    return found
  }
  const { Metric, Period, Stat, Unit } = source
  const metric = {
    namespace: Metric.Namespace ?? '',
    name: Metric.MetricName ?? '',
    dimensions: toDimensions(Metric.Dimensions),
  }
  const statistic = toStatistic(Stat) ?? 'Average'
  const fromMs = roundedStart(StartTime)
  const withSpread = typeof statistic === 'object'
  const points = metrics
    .unitsOf(metric, Unit)
    .flatMap((series) => metrics.points(series, fromMs, EndTime.getTime(), { withSpread }))
  const values = byPeriod(points, fromMs, Period * 1000).map(
    ({ atMs, summary }) => [atMs, statisticOf(summary, statistic)] as const,
  )
  return new Map(values.filter((entry): entry is readonly [number, number] => entry[1] !== undefined))
}

function resultOf(Id: string, Label: string, values: Values, { ScanBy }: GetMetricDataInput): MetricDataResult {
  const isAscending = ScanBy === 'TimestampAscending'
  const entries = [...values].sort(([a], [b]) => (isAscending ? a - b : b - a))
  return {
    Id,
    Label,
    Timestamps: entries.map(([atMs]) => new Date(atMs)),
    Values: entries.map(([, value]) => value),
    StatusCode: 'Complete',
  }
}

/** Datapoints are counted through all results; a token is how many were given. */
function pageOf(results: readonly MetricDataResult[], { NextToken, MaxDatapoints }: GetMetricDataInput) {
  const begin = NextToken === undefined ? 0 : offsetOf(NextToken)
  const end = begin + Math.min(MaxDatapoints ?? DATAPOINTS_MAX, DATAPOINTS_MAX)
  let at = 0
  const page = results.map((result): MetricDataResult => {
    const { Timestamps = [], Values = [] } = result
    const [from, to] = [Math.max(0, begin - at), Math.max(0, end - at)]
    at += Values.length
    return {
      ...result,
      Timestamps: Timestamps.slice(from, to),
      Values: Values.slice(from, to),
      StatusCode: at > end ? 'PartialData' : 'Complete',
    }
  })
  return {
    MetricDataResults: page,
    Messages: [],
    ...(at > end && { NextToken: Buffer.from(`datapoints:${end}`).toString('base64url') }),
  }
}

function offsetOf(token: string): number {
  const digits = /^datapoints:(\d{1,12})$/.exec(Buffer.from(token, 'base64url').toString())?.[1]
  if (digits === undefined) throw invalidToken()
  return Number(digits)
}
