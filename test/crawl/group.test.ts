import { expect, test } from 'vitest'
import { groupIntoTables, type ProposedTable } from '../../src/crawl/group.ts'
import type { SampledFile, SampledFolder } from '../../src/crawl/sample.ts'
import { type InferredField, string } from '../../src/formats/inferred-type.ts'

const plain = { combineCompatible: false, tableLevel: undefined }
const schemas: Readonly<Record<string, readonly InferredField[]>> = {
  clicks: ['id', 'page', 'at'].map((name) => ({ name, type: string })),
  orders: ['number', 'amount'].map((name) => ({ name, type: string })),
}

/** `a/b/file` with what it holds; '?' is a file that nothing can read. */
function folders(files: Readonly<Record<string, string>>): SampledFolder[] {
  const found = new Map<string, SampledFile[]>()
  for (const [key, holds] of Object.entries(files)) {
    const path = key.slice(0, key.lastIndexOf('/') + 1)
    found.set(path, [...(found.get(path) ?? []), file(key, holds)])
  }
  return [...found].map(([path, inFolder]) => ({ path, objectCount: inFolder.length, bytes: 10, files: inFolder }))
}

function file(key: string, holds: string): SampledFile {
  const columns = schemas[holds]
  if (columns === undefined) return { key, size: 10, reading: { kind: 'unknown', reason: 'it is odd' } }
  const schema = {
    classification: 'json',
    layout: { kind: 'json', paths: [] },
    compression: 'none',
    columns,
    records: 1,
    storedBytes: 10,
    notes: [],
  } as const
  return { key, size: 10, reading: { kind: 'schema', schema } }
}

function tables(
  files: Readonly<Record<string, string>>,
  options: { prefix?: string; tableLevel?: number } = {},
): string[] {
  const target = { bucket: 'lake', prefix: options.prefix ?? '' }
  return groupIntoTables(target, folders(files), { ...plain, tableLevel: options.tableLevel }).tables.map(described)
}

function described({ path, partitionKeys, partitions }: ProposedTable): string {
  const values = partitions.map((partition) => partition.values.join('/'))
  return partitionKeys.length === 0 ? path : `${path} by ${partitionKeys.join(', ')}: ${values.join(' ')}`
}

test.each<[string, Readonly<Record<string, string>>, string[]]>([
  ['a folder of alike files', { 'a/1': 'clicks', 'a/2': 'clicks' }, ['a/']],
  ['named partitions', { 'a/day=1/f': 'clicks', 'a/day=2/f': 'clicks' }, ['a/ by day: 1 2']],
  ['named partitions with a capital', { 'a/Day=1/f': 'clicks', 'a/Day=2/f': 'clicks' }, ['a/ by day: 1 2']],
  [
    'partitions without names',
    { 'a/x/p/f': 'clicks', 'a/y/q/f': 'clicks' },
    ['a/ by partition_0, partition_1: x/p y/q'],
  ],
  [
    'a named level under one without',
    { 'a/x/day=1/f': 'clicks', 'a/y/day=1/f': 'clicks' },
    ['a/ by partition_0, day: x/1 y/1'],
  ],
  [
    'levels that do not agree on a name',
    { 'a/day=1/f': 'clicks', 'a/month=2/f': 'clicks' },
    ['a/ by partition_0: day=1 month=2'],
  ],
  ['the same name on two levels', { 'a/k=1/k=2/f': 'clicks' }, ['a/ by k, partition_1: 1/2']],
  ['different folders', { 'a/x/f': 'clicks', 'a/y/f': 'orders' }, ['a/x/', 'a/y/']],
  ['tables at different depths', { 'a/x/day=1/f': 'clicks', 'a/y/f': 'orders' }, ['a/x/ by day: 1', 'a/y/']],
  ['alike folders of different depth', { 'a/x/f': 'clicks', 'a/y/z/f': 'clicks' }, ['a/x/', 'a/y/ by partition_0: z']],
  ['unlike files', { 'a/1': 'clicks', 'a/2': 'orders' }, ['a/1', 'a/2']],
  ['alike files beside and in folders', { 'a/f': 'clicks', 'a/x/f': 'clicks' }, ['a/']],
  ['unlike files beside folders', { 'a/f': 'orders', 'a/x/f': 'clicks' }, ['a/f', 'a/x/']],
  ['unreadable files among others', { 'a/1': 'clicks', 'a/2': '?' }, ['a/']],
  ['nothing but unreadable files', { 'a/1': '?', 'b/2': '?' }, []],
  ['an unreadable folder beside a good one', { 'a/x/1': '?', 'a/y/2': 'clicks' }, ['a/ by partition_0: y']],
  ['values in URL encoding', { 'a/k=S%C3%A3o%20P/f': 'clicks', 'a/k=100%/f': 'clicks' }, ['a/ by k: 100% São P']],
  ['an empty value', { 'a/k=/f': 'clicks', 'a/k=x=y/f': 'clicks' }, ['a/ by k:  x=y']],
])('%s', (_name, files, expected) => {
  expect(tables(files, { prefix: 'a/' })).toEqual(expected.map((table) => table))
})

test('include paths at the data, at its parent and at the bucket', () => {
  const files = { 'web/clicks/day=1/f': 'clicks', 'web/orders/day=1/f': 'orders' }
  expect(tables({ 'web/clicks/day=1/f': 'clicks' }, { prefix: 'web/clicks/' })).toEqual(['web/clicks/ by day: 1'])
  expect(tables(files, { prefix: 'web/' })).toEqual(['web/clicks/ by day: 1', 'web/orders/ by day: 1'])
  expect(tables(files)).toEqual(['web/clicks/ by day: 1', 'web/orders/ by day: 1'])
})

test('a table level makes tables at that depth, the bucket being 1', () => {
  const files = { 'a/x/day=1/f': 'clicks', 'a/y/day=1/f': 'orders', 'b/z/day=1/f': 'clicks' }
  expect(tables(files, { tableLevel: 3 })).toEqual(['a/x/ by day: 1', 'a/y/ by day: 1', 'b/z/ by day: 1'])
  expect(() => tables(files, { prefix: 'a/x/', tableLevel: 2 })).toThrow(/lies above the include path/)
  expect(() => tables(files, { tableLevel: 5 })).toThrow(/holds data above the table level 5/)
})

test('below a table level all that has one format is put together', () => {
  const files = { 'a/x/f': 'clicks', 'a/y/f': 'orders' }
  expect(tables(files, { tableLevel: 2 })).toEqual(['a/ by partition_0: x y'])
})

test('unlike files too many to look into make no tables, and that is said', () => {
  const [folder] = folders({ 'a/1': 'clicks', 'a/2': 'orders' })
  if (folder === undefined) throw new Error('no folder')
  const grouping = groupIntoTables({ bucket: 'lake', prefix: 'a/' }, [{ ...folder, objectCount: 1000 }], plain)
  expect(grouping.tables).toEqual([])
  expect(grouping.messages).toEqual([
    'The files in s3://lake/a/ are not alike (s3://lake/a/2 has 0 % of its columns in common with s3://lake/a/1, not more than 70 %) and 1000 are too many to be a table each, so none was made of them.',
  ])
})

test('two folders that decode to the same partition: the first counts, the second is named', () => {
  const { tables, messages } = groupIntoTables(
    { bucket: 'lake', prefix: 'a/' },
    folders({ 'a/k=%41/f': 'clicks', 'a/k=A/f': 'clicks' }),
    plain,
  )
  expect(tables.map(described)).toEqual(['a/ by k: A'])
  expect(messages).toContain('s3://lake/a/k=A/ was left out: another folder is the partition A already.')
})
