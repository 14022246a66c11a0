import { expect, test } from 'vitest'
import { isRefusal } from '../../../../src/platform/refusal.ts'
import type { CrawlerContext } from '../../../../src/services/glue/crawlers/crawler-context.ts'
import { crawlerOperations } from '../../../../src/services/glue/crawlers/crawler-operations.ts'
import { toGlueError } from '../../../../src/services/glue/errors.ts'
import { WireError } from '../../../../src/services/operation.ts'
import type {
  CreateClassifierRequest,
  GlueOperations,
  UpdateClassifierRequest,
} from '../../../../src/wire/model/glue.ts'
import { rootCaller } from '../../../support/callers.ts'
import { FakeClock } from '../../../support/fake-clock.ts'
import { MemoryCrawlerStore } from '../../../support/memory-crawler-store.ts'

type Name = 'CreateClassifier' | 'GetClassifier' | 'GetClassifiers' | 'UpdateClassifier' | 'DeleteClassifier'

function glue() {
  const clock = new FakeClock()
  const context = { crawlerStore: new MemoryCrawlerStore(clock), clock } as unknown as CrawlerContext
  const call = async <Operation extends Name>(
    name: Operation,
    input: GlueOperations[Operation]['input'],
  ): Promise<GlueOperations[Operation]['output']> => {
    try {
      return await crawlerOperations[name](input as never, context, rootCaller())
    } catch (error) {
      throw isRefusal(error) ? (toGlueError(error) ?? error) : error
    }
  }
  return { call, clock }
}

async function errorOf(work: Promise<unknown>): Promise<string> {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  return error instanceof WireError ? `${error.code}: ${error.message}` : `no wire error: ${String(error)}`
}

const grok = { Name: 'a', Classification: 'app', GrokPattern: '%{WORD:word} %{NUMBER:count:int}' }
const csv = { Name: 'a', Delimiter: '|', QuoteSymbol: '"' }

test.each<[string, CreateClassifierRequest, object]>([
  ['Grok', { GrokClassifier: grok }, { GrokClassifier: grok }],
  [
    'Grok with patterns of its own',
    { GrokClassifier: { ...grok, GrokPattern: '%{MINE:x}', CustomPatterns: 'MINE [a-z]+' } },
    { GrokClassifier: { ...grok, GrokPattern: '%{MINE:x}', CustomPatterns: 'MINE [a-z]+' } },
  ],
  [
    'XML',
    { XMLClassifier: { Name: 'a', Classification: 'orders', RowTag: 'order' } },
    { XMLClassifier: { Name: 'a', Classification: 'orders', RowTag: 'order' } },
  ],
  [
    'JSON',
    { JsonClassifier: { Name: 'a', JsonPath: '$.records[*]' } },
    { JsonClassifier: { Name: 'a', JsonPath: '$.records[*]' } },
  ],
  [
    'CSV, with defaults',
    { CsvClassifier: csv },
    {
      CsvClassifier: {
        ...csv,
        ContainsHeader: 'UNKNOWN',
        DisableValueTrimming: false,
        AllowSingleColumn: false,
        CustomDatatypeConfigured: false,
        Serde: 'OpenCSVSerDe',
      },
    },
  ],
  [
    'CSV, with everything',
    {
      CsvClassifier: {
        ...csv,
        ContainsHeader: 'PRESENT',
        Header: ['x', 'y'],
        DisableValueTrimming: true,
        AllowSingleColumn: true,
        CustomDatatypeConfigured: true,
        CustomDatatypes: ['INT', 'STRING'],
        Serde: 'LazySimpleSerDe',
      },
    },
    {
      CsvClassifier: {
        ...csv,
        ContainsHeader: 'PRESENT',
        Header: ['x', 'y'],
        DisableValueTrimming: true,
        AllowSingleColumn: true,
        CustomDatatypeConfigured: true,
        CustomDatatypes: ['INT', 'STRING'],
        Serde: 'LazySimpleSerDe',
      },
    },
  ],
])('%s comes back as it was made', async (_name, input, expected) => {
  const { call, clock } = glue()
  expect(await call('CreateClassifier', input)).toEqual({})
  const { Classifier } = await call('GetClassifier', { Name: 'a' })
  const [[kind, members]] = Object.entries(expected) as [[string, object]]
  const now = new Date(clock.nowMs())
  expect(Classifier).toEqual({ [kind]: { ...members, CreationTime: now, LastUpdated: now, Version: 1 } })
})

test.each<[string, CreateClassifierRequest, RegExp]>([
  ['none', {}, /Exactly one of .* must be given, not 0/],
  [
    'two kinds',
    { GrokClassifier: grok, JsonClassifier: { Name: 'b', JsonPath: '$' } },
    /Exactly one of .* must be given, not 2/,
  ],
  ['a pattern nobody knows', { GrokClassifier: { ...grok, GrokPattern: '%{NOPE:x}' } }, /NOPE/],
  ['a path that is none', { JsonClassifier: { Name: 'a', JsonPath: 'records' } }, /./],
  ['XML without a row tag', { XMLClassifier: { Name: 'a', Classification: 'x' } }, /row tag/],
  ['a quote that separates', { CsvClassifier: { ...csv, QuoteSymbol: '|' } }, /quote symbol/],
  [
    'a datatype nobody knows',
    { CsvClassifier: { ...csv, CustomDatatypeConfigured: true, CustomDatatypes: ['NOPE'] } },
    /NOPE/,
  ],
  [
    'datatypes that would not count',
    { CsvClassifier: { ...csv, CustomDatatypeConfigured: false, CustomDatatypes: ['INT'] } },
    /CustomDatatypeConfigured must be true/,
  ],
  ['datatypes that are missing', { CsvClassifier: { ...csv, CustomDatatypeConfigured: true } }, /CustomDatatypes must/],
])('%s is refused, and nothing is made', async (_name, input, message) => {
  const { call } = glue()
  const error = await errorOf(call('CreateClassifier', input))
  expect(error).toMatch(/^InvalidInputException: /)
  expect(error).toMatch(message)
  expect(await call('GetClassifiers', {})).toEqual({ Classifiers: [] })
})

test.each<[string, CreateClassifierRequest, UpdateClassifierRequest, object]>([
  [
    'Grok',
    { GrokClassifier: { ...grok, CustomPatterns: 'MINE x' } },
    { GrokClassifier: { Name: 'a', GrokPattern: '%{MINE:m}' } },
    { GrokClassifier: { ...grok, GrokPattern: '%{MINE:m}', CustomPatterns: 'MINE x' } },
  ],
  [
    'patterns that are cleared',
    { GrokClassifier: { ...grok, CustomPatterns: 'MINE x' } },
    { GrokClassifier: { Name: 'a', CustomPatterns: '' } },
    { GrokClassifier: grok },
  ],
  [
    'XML',
    { XMLClassifier: { Name: 'a', Classification: 'orders', RowTag: 'order' } },
    { XMLClassifier: { Name: 'a', RowTag: 'item' } },
    { XMLClassifier: { Name: 'a', Classification: 'orders', RowTag: 'item' } },
  ],
  [
    'JSON',
    { JsonClassifier: { Name: 'a', JsonPath: '$.a' } },
    { JsonClassifier: { Name: 'a', JsonPath: '$.b' } },
    { JsonClassifier: { Name: 'a', JsonPath: '$.b' } },
  ],
  [
    'CSV, whose datatypes no longer count',
    {
      CsvClassifier: {
        ...csv,
        Header: ['x'],
        AllowSingleColumn: true,
        CustomDatatypeConfigured: true,
        CustomDatatypes: ['INT'],
      },
    },
    { CsvClassifier: { Name: 'a', ContainsHeader: 'ABSENT', CustomDatatypeConfigured: false } },
    {
      CsvClassifier: {
        ...csv,
        Header: ['x'],
        AllowSingleColumn: true,
        ContainsHeader: 'ABSENT',
        DisableValueTrimming: false,
        CustomDatatypeConfigured: false,
        Serde: 'OpenCSVSerDe',
      },
    },
  ],
])('an update of %s changes what it names', async (_name, made, change, expected) => {
  const { call, clock } = glue()
  await call('CreateClassifier', made)
  const CreationTime = new Date(clock.nowMs())
  clock.jumpTo(clock.nowMs() + 1000)
  expect(await call('UpdateClassifier', change)).toEqual({})
  const { Classifier } = await call('GetClassifier', { Name: 'a' })
  const [[kind, members]] = Object.entries(expected) as [[string, object]]
  const LastUpdated = new Date(clock.nowMs())
  expect(Classifier).toEqual({ [kind]: { ...members, CreationTime, LastUpdated, Version: 2 } })
})

test('a classifier stays of its kind', async () => {
  const { call } = glue()
  await call('CreateClassifier', { JsonClassifier: { Name: 'a', JsonPath: '$.a' } })
  expect(await errorOf(call('UpdateClassifier', { CsvClassifier: csv }))).toMatch(/of another kind/)
})

test('names are taken once, whatever the kind, and are gone when deleted', async () => {
  const { call } = glue()
  await call('CreateClassifier', { JsonClassifier: { Name: 'a', JsonPath: '$.a' } })
  expect(await errorOf(call('CreateClassifier', { CsvClassifier: csv }))).toMatch(/^AlreadyExistsException: /)
  expect(await call('DeleteClassifier', { Name: 'a' })).toEqual({})
  for (const operation of ['GetClassifier', 'DeleteClassifier'] as const)
    expect(await errorOf(call(operation, { Name: 'a' }))).toBe(
      'EntityNotFoundException: Classifier with name a does not exist',
    )
  expect(await errorOf(call('UpdateClassifier', { CsvClassifier: csv }))).toMatch(/^EntityNotFoundException: /)
})

test('classifiers are listed by pages', async () => {
  const { call } = glue()
  for (const Name of ['c', 'a', 'b']) await call('CreateClassifier', { JsonClassifier: { Name, JsonPath: '$.a' } })
  const first = await call('GetClassifiers', { MaxResults: 2 })
  const second = await call('GetClassifiers', { NextToken: first.NextToken })
  expect([first, second].map((page) => page.Classifiers?.map((one) => one.JsonClassifier?.Name))).toEqual([
    ['a', 'b'],
    ['c'],
  ])
  expect(second.NextToken).toBeUndefined()
})
