/**
 * Every folder of `cases` is a lake before and after a crawl.
 *
 *   objects/…     the bucket `lake`; `x.gz.plain` is put as `x.gz`, as gzip (stored, so that every zlib gives the same size)
 *   before.json   { crawler, tables?: what the catalog has already }
 *   after.json    { run, messages, tables: { <name>: table and partitions } }; write it with UPDATE_CASES=1, then read it
 */
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import type { CrawlerInput } from '../../src/catalog/crawler-types.ts'
import type { PartitionInput, TableInput } from '../../src/catalog/types.ts'
import { type CrawlWorld, crawlWorld } from './crawl-world.ts'

interface Before {
  readonly crawler: Partial<CrawlerInput>
  readonly tables?: readonly (TableInput & { partitions?: readonly PartitionInput[] })[]
}

const root = join(import.meta.dirname, 'cases')

for (const name of readdirSync(root)) {
  test(`${name}: the catalog after the crawl is the recorded one, and crawling again changes nothing`, async () => {
    const folder = join(root, name)
    const before = JSON.parse(readFileSync(join(folder, 'before.json'), 'utf8')) as Before
    const world = await crawlWorld(before.crawler)
    await putObjects(world, join(folder, 'objects'))
    await putTables(world, before.tables ?? [])
    const after = await world.crawled()
    if (process.env['UPDATE_CASES']) writeFileSync(join(folder, 'after.json'), `${JSON.stringify(after, null, 2)}\n`)
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

async function putObjects({ objects }: CrawlWorld, folder: string): Promise<void> {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) =>
    statSync(join(folder, file)).isFile(),
  )
  for (const file of files.sort()) {
    const bytes = readFileSync(join(folder, file))
    const plain = file.endsWith('.gz.plain')
    const key = plain ? file.slice(0, -'.plain'.length) : file
    await objects.put({ bucket: 'lake', key }, plain ? gzipSync(bytes, { level: 0 }) : bytes)
  }
}

async function putTables({ catalog }: CrawlWorld, tables: NonNullable<Before['tables']>): Promise<void> {
  for (const { partitions = [], ...table } of tables) {
    await catalog.createTable('db', table, 'arn:aws:iam::000000000000:root')
    await catalog.createPartitions('db', table.name, partitions)
  }
}
