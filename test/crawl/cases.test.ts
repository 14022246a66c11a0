/**
 * Every folder of `cases` is a lake before and after a crawl.
 *
 *   objects/…     the bucket `lake`; `x.gz.plain` is put as `x.gz`, as gzip (stored, so that every zlib gives the same size)
 *   before.json   see `Before`
 *   after.json    { run, messages, tables: { <name>: table and partitions } }; write it with UPDATE_CASES=1, then read it
 */
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import type { CrawlerInput } from '../../src/catalog/crawler-types.ts'
import type { PartitionInput, TableInput } from '../../src/catalog/types.ts'
import type { CustomClassifier } from '../../src/formats/classifier.ts'
import { type CrawlWorld, crawlWorld } from './crawl-world.ts'

interface Before {
  /** Where the behaviour comes from: a line of the behaviour sheet (`C5: …`) or AWS's documentation (`AWS: page`). */
  readonly traces: string
  readonly crawler: Omit<Partial<CrawlerInput>, 'configuration'> & { readonly configuration?: object | string }
  readonly classifiers?: readonly CustomClassifier[]
  /** What the catalog has already. */
  readonly tables?: readonly (TableInput & { readonly partitions?: readonly PartitionInput[] })[]
  /** Objects whose keys no folder of files can have, with their text. */
  readonly put?: Readonly<Record<string, string>>
  readonly storageClasses?: Readonly<Record<string, string>>
  /** With one of these the case is a second crawl: after a first one these keys come, or go. */
  readonly later?: readonly string[]
  readonly removed?: readonly string[]
}

const root = join(import.meta.dirname, 'cases')

for (const name of readdirSync(root)) {
  test(`${name}: the catalog after the crawl is the recorded one, and crawling again changes nothing`, async () => {
    const folder = join(root, name)
    const before = JSON.parse(readFileSync(join(folder, 'before.json'), 'utf8')) as Before
    expect(before.traces).toMatch(/^(C[5-8]|AWS): ./)
    const world = await worldBefore(before, join(folder, 'objects'))
    const after = await world.crawled()
    if (process.env['UPDATE_CASES']) writeFileSync(join(folder, 'after.json'), `${JSON.stringify(after, null, 1)}\n`)
    expect(after).toEqual(JSON.parse(readFileSync(join(folder, 'after.json'), 'utf8')))

    const again = await world.crawled()
    expect(again.tables).toEqual(after.tables)
    expect(again.run).toEqual({ ...after.run, ...NOTHING })
  })
}

const NOTHING = {
  tablesCreated: 0,
  tablesUpdated: 0,
  tablesDeleted: 0,
  partitionsCreated: 0,
  partitionsUpdated: 0,
  partitionsDeleted: 0,
}

async function worldBefore(before: Before, folder: string): Promise<CrawlWorld> {
  const { configuration, ...crawler } = before.crawler
  const text =
    configuration === undefined || typeof configuration === 'string' ? configuration : JSON.stringify(configuration)
  const world = await crawlWorld({ ...crawler, ...(text !== undefined && { configuration: text }) }, before.classifiers)
  const objects = [
    ...objectsIn(folder),
    ...Object.entries(before.put ?? {}).map(([key, text]) => ({ key, bytes: Buffer.from(text) })),
  ]
  const put = async ({ key, bytes }: { key: string; bytes: Uint8Array }) => {
    const storageClass = before.storageClasses?.[key]
    await world.objects.put(
      { bucket: 'lake', key },
      bytes,
      storageClass === undefined ? {} : { metadata: { storageClass } },
    )
  }
  const later = new Set(before.later)
  for (const object of objects) if (!later.has(object.key)) await put(object)
  await putTables(world, before.tables ?? [])
  if (before.later === undefined && before.removed === undefined) return world
  await world.crawled()
  for (const object of objects) if (later.has(object.key)) await put(object)
  for (const key of before.removed ?? []) await world.objects.delete({ bucket: 'lake', key })
  return world
}

function objectsIn(folder: string): { key: string; bytes: Uint8Array }[] {
  if (!existsSync(folder)) return []
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) =>
    statSync(join(folder, file)).isFile(),
  )
  return files.sort().map((file) => {
    const bytes = readFileSync(join(folder, file))
    const plain = file.endsWith('.gz.plain')
    return { key: plain ? file.slice(0, -'.plain'.length) : file, bytes: plain ? gzipSync(bytes, { level: 0 }) : bytes }
  })
}

async function putTables({ catalog }: CrawlWorld, tables: NonNullable<Before['tables']>): Promise<void> {
  for (const { partitions = [], ...table } of tables) {
    await catalog.createTable('db', table, 'arn:aws:iam::000000000000:root')
    await catalog.createPartitions('db', table.name, partitions)
  }
}
