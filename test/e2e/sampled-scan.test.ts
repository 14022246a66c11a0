/** Queries over gzip JSON that is first known by a sample: whatever stands behind the sample, the answer is the exact one. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openDuckDbEngine } from '../../src/engine/duckdb/engine.ts'
import type { Engine, ScanSource } from '../../src/engine/engine.ts'
import { systemClock } from '../../src/platform/clock.ts'
import { silentLog } from '../../src/platform/log.ts'
import { scansOf } from '../../src/query/scans.ts'
import { analyse } from '../../src/sql/analyser/index.ts'
import { parseHiveType } from '../../src/sql/hive-type.ts'
import { parseQuery } from '../../src/sql/parser/index.ts'

/** More than the sample holds. */
const MANY = 5_000
const REGULAR = Array.from({ length: MANY }, (_, n) => `{"Id":${n},"name":"n${n}","s":{"a":${n}}}\n`).join('')

let directory: string
let engine: Engine
let runs = 0
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'lakelet-sampled-'))
  engine = openDuckDbEngine({
    stagingDirectory: join(directory, 'staging'),
    clock: systemClock,
    log: silentLog,
    plainCopies: { directory: join(directory, 'plain'), bytesMax: 2_000_000 },
  })
})
afterAll(async () => {
  await engine.close()
  expect(existsSync(join(directory, 'plain'))).toBe(false)
  rmSync(directory, { recursive: true, force: true })
})

const columns = ['id bigint', 'name string', 's struct<a:int>'].map((text) => {
  const [name = '', type = ''] = text.split(' ')
  return { name, type: parseHiveType(type) }
})

interface Options {
  readonly ignoreMalformed?: boolean
  /** Equal keys are one object. */
  readonly versionKey?: string
}

async function answer(sql: string, content: Uint8Array, options: Options = {}): Promise<string[]> {
  const id = `run-${++runs}`
  const path = join(directory, `${id}.json.gz`)
  writeFileSync(path, content)
  const versionKey = options.versionKey ?? id
  const location = 's3://lake/t/a.json.gz'
  const file = { path, location, sizeBytes: content.byteLength, modifiedAtMs: 0, versionKey, partition: -1 }
  const table: ScanSource = {
    format: {
      kind: 'json',
      serde: 'openx',
      ignoreMalformed: options.ignoreMalformed ?? false,
      caseInsensitive: true,
      dotsInKeys: false,
      mapping: {},
      timestampFormats: [],
    },
    dataColumns: columns,
    partitionColumns: [],
    partitions: [],
    files: [file],
  }
  const query = analyse(parseQuery(sql), {
    catalog: 'awsdatacatalog',
    schema: 'd',
    hasSchema: () => true,
    findTable: (database, name) => ({
      database,
      name,
      columns: columns.map((column) => ({ ...column, isPartition: false })),
    }),
    parameters: [],
  })
  const sources = new Map(scansOf(query.relation).map((scan) => [scan.scanId, table]))
  const session = { nowMs: 0, user: 'test', catalog: 'awsdatacatalog', schema: 'd' }
  const csvPath = join(directory, `${id}.csv`)
  await engine.execute({ id, query, sources, session, csvPath }, new AbortController().signal)
  return readFileSync(csvPath, 'utf8').trimEnd().split('\n').slice(1)
}

const COUNT = 'SELECT count(*), count(id), sum(id), count(name) FROM t'
const SUM = (MANY * (MANY - 1)) / 2

test.each<[string, string, string, Options?]>([
  ['nothing unusual', '', `"${MANY}","${MANY}","${SUM}","${MANY}"`],
  ['a key in another case', '{"ID":7,"name":"x"}\n', `"${MANY + 1}","${MANY + 1}","${SUM + 7}","${MANY + 1}"`],
  ['a missing key', '{"Id":7}\n', `"${MANY + 1}","${MANY + 1}","${SUM + 7}","${MANY}"`],
  ['a null', '{"Id":null,"name":"x"}\n', `"${MANY + 1}","${MANY}","${SUM}","${MANY + 1}"`],
  ['two records on a line', '{"Id":7,"name":"x"}{"Id":8}\n', `"${MANY + 1}","${MANY + 1}","${SUM + 7}","${MANY + 1}"`],
  ['a blank line', '\n', `"${MANY + 1}","${MANY}","${SUM}","${MANY}"`],
  ['a line of words', 'nonsense\n', `"${MANY + 1}","${MANY}","${SUM}","${MANY}"`],
  ['lenient writing', "{Id:7,'name'='x'}\n", `"${MANY + 1}","${MANY + 1}","${SUM + 7}","${MANY + 1}"`],
  [
    'a malformed line that is ignored',
    '{"Id":7,"name":}\n',
    `"${MANY + 1}","${MANY}","${SUM}","${MANY}"`,
    { ignoreMalformed: true },
  ],
])('behind the sample: %s', async (_what, line, expected, options) => {
  expect(await answer(COUNT, gzipSync(REGULAR + line), options)).toEqual([expected])
  expect(await answer('SELECT count(*) FROM t', gzipSync(REGULAR + line), options)).toEqual([
    expected.split(',')[0] as string,
  ])
})

test.each([
  ['a malformed line', '{"Id":7,"name":}\n', /^Row is not a valid JSON Object/],
  ['a key twice', '{"Id":7,"Id":8,"name":"x"}\n', /Duplicate key "id"/i],
])('behind the sample %s refuses the query', async (_what, line, message) => {
  await expect(answer(COUNT, gzipSync(REGULAR + line))).rejects.toMatchObject({
    code: 'HIVE_CURSOR_ERROR',
    message: expect.stringMatching(message),
  })
})

test('a key inside a struct is found in any case behind the sample', async () => {
  const line = '{"Id":1,"name":"x","s":{"A":1}}\n'
  expect(await answer('SELECT count(s.a) FROM t', gzipSync(REGULAR + line))).toEqual([`"${MANY + 1}"`])
})

test('a record unlike the sample is not hidden by TRY', async () => {
  expect(await answer('SELECT count(TRY(id + 1)) FROM t', gzipSync(`${REGULAR}{"ID":7}\n`))).toEqual([`"${MANY + 1}"`])
})

test('a file cut short between two records refuses the query', async () => {
  const whole = gzipSync(REGULAR)
  for (const bytes of [whole.byteLength - 4, whole.byteLength - 8, 3_000])
    await expect(answer('SELECT count(*) FROM t', whole.subarray(0, bytes))).rejects.toMatchObject({
      code: 'HIVE_CURSOR_ERROR',
      message: expect.stringContaining('s3://lake/t/a.json.gz'),
    })
})

test('the second query over an object uses its plain copy', async () => {
  const content = gzipSync(REGULAR)
  await answer(COUNT, content, { versionKey: 'same' })
  const copies = readdirSync(join(directory, 'plain')).sort()
  expect(await answer(COUNT, content, { versionKey: 'same' })).toEqual([`"${MANY}","${MANY}","${SUM}","${MANY}"`])
  expect(readdirSync(join(directory, 'plain')).sort()).toEqual(copies)
})

test('a file too large to be unpacked into the room there is is read as it is', async () => {
  const content = gzipSync(REGULAR.repeat(12))
  expect(await answer('SELECT count(*) FROM t', content)).toEqual([`"${MANY * 12}"`])
})
