/** What the console says and decides without a browser: schedules in words, figures, charts, places of errors, differences. */
import type { Table } from '@aws-sdk/client-glue'
import { describe, expect, test } from 'vitest'
import { crumbsOf } from '../../console/src/app/breadcrumbs.ts'
import { cronWords } from '../../console/src/components/cron.ts'
import { agoText, bytesText, durationText, median } from '../../console/src/components/figures.ts'
import type { ResultColumn } from '../../console/src/drivers/result-column.ts'
import { problemOf } from '../../console/src/routes/athena/editor/problem.ts'
import { suitableChart } from '../../console/src/routes/athena/results/chart-default.ts'
import { type Row, sortedRows } from '../../console/src/routes/athena/results/rows.ts'
import { differences } from '../../console/src/routes/glue/tables/version-differences.ts'

test.each([
  ['cron(15 12 * * ? *)', 'At 12:15 every day (UTC)'],
  ['cron(0 3 ? * MON-FRI *)', 'At 03:00 from Monday to Friday (UTC)'],
  ['cron(0 3 ? * MON,THU *)', 'At 03:00 on Monday and Thursday (UTC)'],
  ['cron(0/15 * * * ? *)', 'Every 15 minutes every day (UTC)'],
  ['cron(0 * * * ? *)', 'Every hour every day (UTC)'],
  ['cron(30 0/6 * * ? *)', 'At minute 30 of every 6 hours every day (UTC)'],
  ['cron(0 8 1 * ? *)', 'At 08:00 on day 1 of the month (UTC)'],
  ['cron(0 8 L JAN,JUL ? *)', 'At 08:00 on the last day of the month in January and July (UTC)'],
  ['cron(0 8 ? * 6L *)', 'At 08:00 on the last Friday of the month (UTC)'],
  ['cron(0 8 ? * MON#2 2027)', 'At 08:00 on Monday number 2 of the month of 2027 (UTC)'],
  ['every day', undefined],
  ['cron(0 3 * * ?)', undefined],
])('the schedule %s is said as %s', (expression, words) => {
  expect(cronWords(expression)).toBe(words)
})

describe('figures', () => {
  test.each([
    [0, '0 B'],
    [1023, '1023 B'],
    [177_326, '173.17 KB'],
    [1024 * 1024, '1 MB'],
    [5.5 * 1024 ** 3, '5.50 GB'],
  ])('%d bytes are %s', (bytes, text) => {
    expect(bytesText(bytes)).toBe(text)
  })
  test.each([
    [198, '0.198 sec'],
    [1002, '1 sec'],
    [1230, '1.23 sec'],
    [125_000, '2 min 5 sec'],
    [3_780_000, '1 h 3 min'],
  ])('%d ms take %s', (ms, text) => {
    expect(durationText(ms)).toBe(text)
  })
  test('times are said as people say them', () => {
    const now = Date.UTC(2026, 10, 27)
    const ago = (seconds: number) => agoText(now - seconds * 1000, now)
    expect([2, 30, 600, 7200, 90_000, 900_000].map(ago)).toEqual([
      'just now',
      '30 sec ago',
      '10 min ago',
      '2 h ago',
      'yesterday',
      '10 days ago',
    ])
  })
  test('the median of none is none', () => {
    expect([median([]), median([3, 1, 2]), median([4, 1])]).toEqual([undefined, 2, 2.5])
  })
})

describe('results', () => {
  const column = (name: string, type: string): ResultColumn => ({ name, type })
  const rows = (...cells: (string | null)[][]): Row[] => cells.map((one, index) => ({ number: index + 1, cells: one }))

  test('numbers sort as numbers, text as text, NULLs last either way', () => {
    const columns = [column('n', 'bigint'), column('s', 'varchar')]
    const all = rows(['10', 'b'], ['9', 'a'], [null, null])
    const order = (of: number, isDescending: boolean) =>
      sortedRows(all, { column: of, isDescending }, columns).map(({ number }) => number)
    expect([order(0, false), order(0, true), order(1, false)]).toEqual([
      [2, 1, 3],
      [1, 2, 3],
      [2, 1, 3],
    ])
  })

  test.each([
    ['times with figures are a line', [column('d', 'date'), column('n', 'bigint')], [['2026-01-01', '1']], 'line'],
    [
      'names with figures are bars',
      [column('s', 'varchar'), column('n', 'double'), column('m', 'double')],
      [['a', '1', '2']],
      'bar',
    ],
    [
      'few shares are a pie',
      [column('s', 'varchar'), column('n', 'bigint')],
      [
        ['a', '1'],
        ['b', '2'],
      ],
      'pie',
    ],
    [
      'shares below zero are bars',
      [column('s', 'varchar'), column('n', 'bigint')],
      [
        ['a', '1'],
        ['b', '-2'],
      ],
      'bar',
    ],
    [
      'figures alone are bars over the first of them',
      [column('h', 'integer'), column('n', 'bigint')],
      [['1', '2']],
      'bar',
    ],
    ['text alone is no chart', [column('s', 'varchar')], [['a']], undefined],
  ] as const)('%s', (_, columns, cells, kind) => {
    expect(suitableChart(columns, rows(...cells.map((one) => [...one])))?.kind).toBe(kind)
  })
})

test('an error is where the statement that was run has it, wherever that began', () => {
  const text = 'SELECT 1;\n  SELECT nope FROM t'
  const reason = "COLUMN_NOT_FOUND: line 1:8: Column 'nope' cannot be resolved"
  expect(problemOf(reason, text, text.indexOf('SELECT nope'))).toMatchObject({ line: 2, column: 10 })
  expect(problemOf('line 2:3: x', 'a\nb c', 0)).toMatchObject({ line: 2, column: 3 })
  expect(problemOf('Query cancelled by user', text, 0)).toBeUndefined()
})

test('what changed between two versions of a table is said in words', () => {
  const table = (columns: Record<string, string>, parameters: Record<string, string> = {}): Table => ({
    Name: 't',
    StorageDescriptor: {
      Columns: Object.entries(columns).map(([Name, Type]) => ({ Name, Type })),
      Location: 's3://b/t/',
    },
    Parameters: parameters,
  })
  expect(
    differences(table({ a: 'int', b: 'string' }, { k: '1' }), table({ a: 'bigint', c: 'date' }, { k: '2' })),
  ).toEqual(['column c (date) added', 'column b removed', 'column a: int became bigint', 'property k: 1 became 2'])
})

test.each([
  ['/s3/buckets/how.raw', ['lakelet', 'S3', 'Buckets', 'how.raw']],
  ['/s3/buckets/how.raw/objects/a%2Fb.gz', ['lakelet', 'S3', 'Buckets', 'how.raw', 'a/b.gz']],
  ['/glue/crawlers/create', ['lakelet', 'Glue', 'Crawlers', 'Create']],
  ['/athena/editor', ['lakelet', 'Athena', 'Query editor']],
])('%s is found by %j', (path, crumbs) => {
  expect(crumbsOf(path).map(({ text }) => text)).toEqual(crumbs)
})
