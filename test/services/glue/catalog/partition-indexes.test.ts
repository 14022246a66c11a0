import { expect, test } from 'vitest'
import { EVENTS, GlueWorld, glueWithEvents } from './glue-world.ts'

const index = (IndexName: string, ...Keys: string[]) => ({ IndexName, Keys })
const make = (glue: GlueWorld, made: object) => glue.call('CreatePartitionIndex', { ...EVENTS, PartitionIndex: made })
const refused = (glue: GlueWorld, made: object) =>
  glue.errorOf('CreatePartitionIndex', { ...EVENTS, PartitionIndex: made })

test('an index is read back with the types of its keys, and is in force at once', async () => {
  const glue = await glueWithEvents()
  await make(glue, index('by-day', 'Day', 'year'))
  expect(await glue.call('GetPartitionIndexes', EVENTS)).toEqual({
    PartitionIndexDescriptorList: [
      {
        IndexName: 'by-day',
        Keys: [
          { Name: 'day', Type: 'string' },
          { Name: 'year', Type: 'string' },
        ],
        IndexStatus: 'ACTIVE',
      },
    ],
  })
  await glue.call('DeletePartitionIndex', { ...EVENTS, IndexName: 'by-day' })
  expect(await glue.call('GetPartitionIndexes', EVENTS)).toEqual({ PartitionIndexDescriptorList: [] })
})

test('a table is made with its indexes, or not at all', async () => {
  const glue = new GlueWorld()
  await glue.call('CreateDatabase', { DatabaseInput: { Name: 'lake' } })
  const TableInput = { Name: 'events', PartitionKeys: [{ Name: 'day', Type: 'date' }] }
  const create = (...PartitionIndexes: object[]) => ({ DatabaseName: 'lake', TableInput, PartitionIndexes })
  expect(await glue.errorOf('CreateTable', create(index('a', 'day'), index('b', 'no')))).toBe(
    'InvalidInputException: IndexKeys not a part of PartitionColumns. Verify the indexKeys : [no]',
  )
  expect(await glue.errorOf('GetTable', { DatabaseName: 'lake', Name: 'events' })).toMatch(/^EntityNotFound/)
  await glue.call('CreateTable', create(index('a', 'day')))
  const { PartitionIndexDescriptorList } = await glue.call('GetPartitionIndexes', EVENTS)
  expect(PartitionIndexDescriptorList).toMatchObject([{ IndexName: 'a', Keys: [{ Name: 'day', Type: 'date' }] }])
})

test('what is wrong with an index is said in AWS’s words', async () => {
  const glue = await glueWithEvents()
  await make(glue, index('one', 'day'))
  expect(await refused(glue, index('two', 'id'))).toBe(
    'InvalidInputException: IndexKeys not a part of PartitionColumns. Verify the indexKeys : [id]',
  )
  expect(await refused(glue, index('one', 'year'))).toBe(
    'AlreadyExistsException: Partition Index one already exists with the same name.',
  )
  expect(await refused(glue, index('two', 'day'))).toBe(
    'AlreadyExistsException: Partition Index one already exists with the same keys.',
  )
  await make(glue, index('two', 'year'))
  await make(glue, index('three', 'day', 'year'))
  expect(await refused(glue, index('four', 'year', 'day'))).toBe(
    'ResourceNumberLimitExceededException: Partition index limit exceeded. Maximum: 3',
  )
  expect(await glue.errorOf('DeletePartitionIndex', { ...EVENTS, IndexName: 'four' })).toBe(
    'EntityNotFoundException: Index with the given indexName : four does not exist',
  )
})

test('a table keeps the keys that its indexes have', async () => {
  const glue = await glueWithEvents()
  await make(glue, index('by-day', 'day'))
  const update = (...names: string[]) => ({
    DatabaseName: 'lake',
    TableInput: { Name: 'events', PartitionKeys: names.map((Name) => ({ Name, Type: 'string' })) },
  })
  expect(await glue.errorOf('UpdateTable', update('day', 'year'))).toBe(
    'InvalidInputException: Partition key day is used by partition index by-day: it must stay.',
  )
  expect(await glue.errorOf('UpdateTable', update('month', 'DAY'))).toBe('answered {}')
})

test('pages of a filter go the way of the index that suits it, and end when that index is gone', async () => {
  const glue = await glueWithEvents()
  const PartitionInputList = ['2024', '2025', '2026'].flatMap((year) =>
    ['01', '02', '03'].map((day) => ({ Values: [year, day] })),
  )
  await glue.call('BatchCreatePartition', { ...EVENTS, PartitionInputList })
  await make(glue, index('by-day', 'day'))
  const page = (NextToken?: string) =>
    glue.call('GetPartitions', { ...EVENTS, Expression: "day >= '02'", MaxResults: 4, NextToken })
  const first = await page()
  const second = await page(first.NextToken)
  const values = [...first.Partitions, ...second.Partitions].map(({ Values }) => Values.join('/'))
  expect(values).toEqual(['2024/02', '2025/02', '2026/02', '2024/03', '2025/03', '2026/03'])
  expect(second.NextToken).toBeUndefined()
  await glue.call('DeletePartitionIndex', { ...EVENTS, IndexName: 'by-day' })
  const again = { ...EVENTS, Expression: "day >= '02'", NextToken: first.NextToken }
  expect(await glue.errorOf('GetPartitions', again)).toBe('InvalidInputException: The continuation token is not valid.')
})
