/** What must hold of any lake, whatever lies in it: tried on lakes made at random. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { groupIntoTables, type ProposedTable } from '../../src/crawl/group.ts'
import type { SampledFile, SampledFolder } from '../../src/crawl/sample.ts'
import { bigint, type InferredField, int, string } from '../../src/formats/inferred-type.ts'
import { crawlWorld } from './crawl-world.ts'

const policy = { combineCompatible: false, tableLevel: undefined }
const target = { bucket: 'lake', prefix: '' }

/** Few names, so that folders meet. */
const folderName = fc.constantFrom('a', 'b', 'day=1', 'day=2', 'Day=3', 'k=%41', 'k=A', 'x y', 'é')
const path = fc.array(folderName, { maxLength: 3 }).map((names) => names.map((name) => `${name}/`).join(''))

const KINDS: readonly (readonly InferredField[] | undefined)[] = [
  [field('id', int), field('page', string)],
  [field('id', bigint), field('page', string)],
  [field('id', int), field('page', string), field('at', string)],
  [field('number', int), field('amount', int)],
  undefined,
]
const kind = fc.nat({ max: KINDS.length - 1 })

function field(name: string, type: InferredField['type']): InferredField {
  return { name, type }
}

/** Files by folder: what each holds. */
const lake = fc.dictionary(path, fc.array(kind, { minLength: 1, maxLength: 3 }), { maxKeys: 8 })

function foldersOf(files: Readonly<Record<string, readonly number[]>>): SampledFolder[] {
  return Object.entries(files).map(([folder, kinds]) => ({
    path: folder,
    objectCount: kinds.length,
    bytes: 10 * kinds.length,
    files: kinds.map((which, index) => fileOf(`${folder}f${index}`, which)),
  }))
}

function fileOf(key: string, which: number): SampledFile {
  const columns = KINDS[which]
  if (columns === undefined) return { key, size: 10, reading: { kind: 'unknown', reason: 'it is odd' } }
  const schema = {
    classification: 'json',
    layout: { kind: 'json', paths: columns.map(({ name }) => name) },
    compression: 'none',
    columns,
    records: 1,
    storedBytes: 10,
    notes: [],
  } as const
  return { key, size: 10, reading: { kind: 'schema', schema } }
}

test('the order in which folders are listed does not change the tables', () => {
  fc.assert(
    fc.property(
      lake.chain((files) =>
        fc.tuple(fc.constant(files), fc.shuffledSubarray(Object.keys(files), { minLength: Object.keys(files).length })),
      ),
      ([files, order]) => {
        const folders = foldersOf(files)
        const shuffled = order.flatMap((name) => folders.find((folder) => folder.path === name) ?? [])
        expect(groupIntoTables(target, shuffled, policy)).toEqual(groupIntoTables(target, folders, policy))
      },
    ),
  )
})

test('every readable file lies in exactly one table, or is said to be left out', () => {
  fc.assert(
    fc.property(lake, (files) => {
      const folders = foldersOf(files)
      const { tables, messages } = groupIntoTables(target, folders, policy)
      for (const folder of folders) {
        for (const { key, reading } of folder.files) {
          if (reading.kind === 'unknown') continue
          const isNamed = messages.some((message) => message.startsWith(`s3://lake/${folder.path} was left out`))
          expect(tables.filter((table) => holds(table, folder.path, key)).length).toBe(isNamed ? 0 : 1)
        }
      }
    }),
  )
})

/** A table with partitions holds what they hold; one without all that lies under it. */
function holds(table: ProposedTable, folder: string, key: string): boolean {
  if (table.partitionKeys.length > 0) return table.partitions.some((partition) => partition.path === folder)
  return table.path === key || ((table.path === '' || table.path.endsWith('/')) && key.startsWith(table.path))
}

test('no table has two partitions of the same values, and each has a value for every key', () => {
  fc.assert(
    fc.property(lake, (files) => {
      for (const { partitionKeys, partitions } of groupIntoTables(target, foldersOf(files), policy).tables) {
        expect(new Set(partitionKeys).size).toBe(partitionKeys.length)
        expect(new Set(partitions.map(({ values }) => JSON.stringify(values))).size).toBe(partitions.length)
        expect(partitions.every(({ values }) => values.length === partitionKeys.length)).toBe(true)
      }
    }),
  )
})

const TEXTS = [
  '{"a":1,"b":"x"}\n',
  '{"a":5000000000,"b":"y"}\n',
  '{"p":1,"q":true}\n',
  'x,y\n1,2\n3,4\n',
  'only words\n',
  '',
]
const texts = fc.dictionary(path, fc.array(fc.constantFrom(...TEXTS), { minLength: 1, maxLength: 2 }), { maxKeys: 6 })

test.each(['CRAWL_EVERYTHING', 'CRAWL_NEW_FOLDERS_ONLY'] as const)(
  'with %s crawling again changes nothing',
  async (recrawlBehavior) => {
    await fc.assert(
      fc.asyncProperty(texts, async (files) => {
        const world = await crawlWorld({ recrawlBehavior })
        for (const [folder, bodies] of Object.entries(files))
          for (const [index, body] of bodies.entries()) await world.put(`${folder}f${index}`, body)
        const first = await world.crawled()
        expect(first.run.status).toBe('SUCCEEDED')
        const second = await world.crawled()
        expect(second.tables).toEqual(first.tables)
        expect(second.run).toMatchObject({ tablesCreated: 0, tablesUpdated: 0, tablesDeleted: 0, partitionsCreated: 0 })
      }),
      { numRuns: 60 },
    )
  },
)
