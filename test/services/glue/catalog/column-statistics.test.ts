import { describe, expect, test } from 'vitest'
import { EVENTS, glueWithEvents } from './glue-world.ts'

const PARTITION = { ...EVENTS, PartitionValues: ['2026', '01'] }

const long = (ColumnName: string, MaximumValue = 10) => ({
  ColumnName,
  ColumnType: 'bigint',
  AnalyzedTime: 1_780_000_000,
  StatisticsData: {
    Type: 'LONG',
    LongColumnStatisticsData: { MinimumValue: 1, MaximumValue, NumberOfNulls: 0, NumberOfDistinctValues: 7 },
  },
})

const KINDS = {
  BOOLEAN: ['BooleanColumnStatisticsData', { NumberOfTrues: 3, NumberOfFalses: 4, NumberOfNulls: 1 }],
  DATE: [
    'DateColumnStatisticsData',
    { MinimumValue: 1_700_000_000, MaximumValue: 1_780_000_000, NumberOfNulls: 0, NumberOfDistinctValues: 2 },
  ],
  DECIMAL: [
    'DecimalColumnStatisticsData',
    {
      MinimumValue: { UnscaledValue: 'AQI=', Scale: 2 },
      MaximumValue: { UnscaledValue: '/w==', Scale: 0 },
      NumberOfNulls: 0,
      NumberOfDistinctValues: 2,
    },
  ],
  DOUBLE: [
    'DoubleColumnStatisticsData',
    { MinimumValue: -0.5, MaximumValue: 1e300, NumberOfNulls: 0, NumberOfDistinctValues: 2 },
  ],
  LONG: ['LongColumnStatisticsData', { NumberOfNulls: 0, NumberOfDistinctValues: 2 }],
  STRING: [
    'StringColumnStatisticsData',
    { MaximumLength: 10, AverageLength: 3.5, NumberOfNulls: 0, NumberOfDistinctValues: 2 },
  ],
  BINARY: ['BinaryColumnStatisticsData', { MaximumLength: 10, AverageLength: 3.5, NumberOfNulls: 0 }],
} as const

test.each(Object.entries(KINDS))('statistics of type %s come back as they were given', async (Type, [member, data]) => {
  const glue = await glueWithEvents()
  const given = { ...long('Id'), StatisticsData: { Type, [member]: data } }
  const put = await glue.call('UpdateColumnStatisticsForTable', { ...EVENTS, ColumnStatisticsList: [given] })
  expect(put).toEqual({ Errors: [] })
  expect(await glue.call('GetColumnStatisticsForTable', { ...EVENTS, ColumnNames: ['id'] })).toEqual({
    ColumnStatisticsList: [given],
    Errors: [],
  })
})

test('a column without statistics, and one that the table has not, are told of beside the others', async () => {
  const glue = await glueWithEvents()
  const wrong = { ...long('year'), StatisticsData: { Type: 'STRING' } }
  const ColumnStatisticsList = [long('nope'), wrong, long('ID')]
  const { Errors } = await glue.call('UpdateColumnStatisticsForTable', { ...EVENTS, ColumnStatisticsList })
  expect(Errors.map((error: { Error: object }) => error.Error)).toEqual([
    { ErrorCode: 'EntityNotFoundException', ErrorMessage: 'Column nope not found.' },
    { ErrorCode: 'InvalidInputException', ErrorMessage: 'Statistics of type STRING need the data of that type.' },
  ])
  const read = await glue.call('GetColumnStatisticsForTable', { ...EVENTS, ColumnNames: ['Id', 'year'] })
  expect(read.ColumnStatisticsList.map((one: { ColumnName: string }) => one.ColumnName)).toEqual(['Id'])
  expect(read.Errors).toEqual([
    {
      ColumnName: 'year',
      Error: { ErrorCode: 'EntityNotFoundException', ErrorMessage: 'Statistics do not exist for this column' },
    },
  ])
})

test('statistics are replaced, and deleting them answers the same when there are none', async () => {
  const glue = await glueWithEvents()
  const put = (max: number) =>
    glue.call('UpdateColumnStatisticsForTable', { ...EVENTS, ColumnStatisticsList: [long('id', max)] })
  await put(10)
  await put(20)
  const read = () => glue.call('GetColumnStatisticsForTable', { ...EVENTS, ColumnNames: ['id'] })
  expect((await read()).ColumnStatisticsList[0].StatisticsData.LongColumnStatisticsData.MaximumValue).toBe(20)
  for (let time = 0; time < 2; time++)
    expect(await glue.call('DeleteColumnStatisticsForTable', { ...EVENTS, ColumnName: 'ID' })).toEqual({})
  expect((await read()).ColumnStatisticsList).toEqual([])
})

describe('of a partition', () => {
  async function withStatistics() {
    const glue = await glueWithEvents()
    await glue.call('CreatePartition', { ...EVENTS, PartitionInput: { Values: ['2026', '01'] } })
    await glue.call('UpdateColumnStatisticsForPartition', { ...PARTITION, ColumnStatisticsList: [long('id')] })
    const read = async (PartitionValues = ['2026', '01']) => {
      const input = { ...EVENTS, PartitionValues, ColumnNames: ['id'] }
      return (await glue.call('GetColumnStatisticsForPartition', input)).ColumnStatisticsList.length
    }
    return { glue, read }
  }

  test('they are apart from the table’s, and can be deleted', async () => {
    const { glue, read } = await withStatistics()
    const ofTable = await glue.call('GetColumnStatisticsForTable', { ...EVENTS, ColumnNames: ['id'] })
    expect([await read(), ofTable.ColumnStatisticsList.length]).toEqual([1, 0])
    await glue.call('DeleteColumnStatisticsForPartition', { ...PARTITION, ColumnName: 'id' })
    expect(await read()).toBe(0)
  })

  test('they go with it when it is renamed, and away with it when it is deleted', async () => {
    const { glue, read } = await withStatistics()
    const PartitionInput = { Values: ['2026', '02'] }
    await glue.call('UpdatePartition', { ...EVENTS, PartitionValueList: ['2026', '01'], PartitionInput })
    expect(await read(['2026', '02'])).toBe(1)
    await glue.call('DeletePartition', { ...EVENTS, PartitionValues: ['2026', '02'] })
    await glue.call('CreatePartition', { ...EVENTS, PartitionInput })
    expect(await read(['2026', '02'])).toBe(0)
  })

  test('a partition that is not there is refused', async () => {
    const { glue } = await withStatistics()
    const missing = { ...EVENTS, PartitionValues: ['1999', '01'], ColumnNames: ['id'] }
    expect(await glue.errorOf('GetColumnStatisticsForPartition', missing)).toBe(
      'EntityNotFoundException: Partition [1999, 01] not found',
    )
  })
})

test.each([
  ['UpdateColumnStatisticsForTable', { ColumnStatisticsList: Array.from({ length: 26 }, () => long('id')) }, 25],
  ['GetColumnStatisticsForTable', { ColumnNames: Array.from({ length: 101 }, () => 'id') }, 100],
])('%s takes so many columns and no more', async (operation, members, max) => {
  const glue = await glueWithEvents()
  expect(await glue.errorOf(operation, { ...EVENTS, ...members })).toMatch(
    `Member must have length less than or equal to ${max}`,
  )
})
