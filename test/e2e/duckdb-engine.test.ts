/** The engine with its real processes: what a query may touch, how it is stopped, what a crash costs. */
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openDuckDbEngine } from '../../src/engine/duckdb/engine.ts'
import { EngineProcess } from '../../src/engine/duckdb/pool.ts'
import type { Engine, EngineAnswer, ScanFile, ScanSource } from '../../src/engine/engine.ts'
import { systemClock } from '../../src/platform/clock.ts'
import { silentLog } from '../../src/platform/log.ts'
import { analyse } from '../../src/sql/analyser/index.ts'
import type { AnalysisContext } from '../../src/sql/analysis-context.ts'
import { parseQuery } from '../../src/sql/parser/index.ts'
import type { Relation, TypedQuery } from '../../src/sql/typed-tree.ts'
import { bigint, varchar } from '../../src/sql/types.ts'

let directory: string
let engine: Engine
let runs = 0

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'lakelet-engine-'))
  engine = openDuckDbEngine({ stagingDirectory: join(directory, 'staging'), clock: systemClock, log: silentLog })
})
afterAll(async () => {
  await engine.close()
  rmSync(directory, { recursive: true, force: true })
})

const columns = [
  { name: 'id', type: bigint },
  { name: 'name', type: varchar },
]

const world: AnalysisContext = {
  catalog: 'awsdatacatalog',
  schema: 'd',
  hasSchema: () => true,
  findTable: (database, name) => ({
    database,
    name,
    columns: columns.map((column) => ({ ...column, isPartition: false })),
  }),
  parameters: [],
}

function source(files: readonly { name: string; content: string | Uint8Array }[]): ScanSource {
  return {
    format: {
      kind: 'json',
      serde: 'openx',
      ignoreMalformed: false,
      caseInsensitive: true,
      dotsInKeys: false,
      mapping: {},
      timestampFormats: [],
    },
    dataColumns: columns,
    partitionColumns: [],
    partitions: [],
    files: files.map(({ name, content }): ScanFile => {
      const path = join(directory, name)
      writeFileSync(path, content)
      const sizeBytes = Buffer.byteLength(content)
      return {
        path,
        location: `s3://lake/${name}`,
        sizeBytes,
        modifiedAtMs: 0,
        versionKey: `${name} ${runs}`,
        partition: -1,
      }
    }),
  }
}

function scanIds(query: TypedQuery): number[] {
  const found: number[] = []
  JSON.stringify(query.relation, (_key, value: unknown) => {
    const node = value as Relation | undefined
    if (typeof node === 'object' && node !== null && node.kind === 'Scan') found.push(node.scanId)
    return typeof value === 'bigint' ? Number(value) : value
  })
  return found
}

async function run(
  sql: string,
  table?: ScanSource,
  signal = new AbortController().signal,
): Promise<EngineAnswer & { csv: string }> {
  const id = `run-${++runs}`
  const query = analyse(parseQuery(sql), world)
  const csvPath = join(directory, `${id}.csv`)
  const sources = new Map(table === undefined ? [] : scanIds(query).map((scanId) => [scanId, table]))
  const session = { nowMs: 0, user: 'test', catalog: 'awsdatacatalog', schema: 'd' }
  const answer = await engine.execute({ id, query, sources, session, csvPath }, signal)
  return { ...answer, csv: readFileSync(csvPath, 'utf8') }
}

test('an answer is CSV with a header, every value quoted, NULL bare', async () => {
  const { csv, rowCount } = await run(
    `SELECT * FROM (VALUES (1, 'x"y'), (2, NULL), (3, '')) AS t(a, "b""c") ORDER BY 1`,
  )
  expect(rowCount).toBe(3)
  expect(csv).toBe('"a","b""c"\n"1","x""y"\n"2",\n"3",""\n')
})

test('no rows give the header alone; a lone NULL is an empty line', async () => {
  expect((await run('SELECT 1 AS a WHERE false')).csv).toBe('"a"\n')
  expect((await run('SELECT CAST(NULL AS integer) AS a')).csv).toBe('"a"\n\n')
})

test('the order of ORDER BY is kept over many rows', async () => {
  const { csv, rowCount } = await run(
    'SELECT (a * 1000 + b) * 3 % 100003 AS v FROM UNNEST(sequence(0, 99)) AS s(a), UNNEST(sequence(1, 1000)) AS t(b) ORDER BY v DESC',
  )
  const values = csv
    .trimEnd()
    .split('\n')
    .slice(1)
    .map((line) => Number(line.slice(1, -1)))
  expect(rowCount).toBe(100_000)
  expect(values).toEqual([...values].sort((left, right) => right - left))
})

test('a table is read, and the answer says how many bytes of the lake that took', async () => {
  const content = gzipSync('{"id":1,"Name":"x"}\n{"id":2}\n')
  const { csv, bytesScanned } = await run(
    'SELECT id, name FROM t ORDER BY id',
    source([{ name: 'a.json.gz', content }]),
  )
  expect(csv).toBe('"id","name"\n"1","x"\n"2",\n')
  expect(bytesScanned).toBe(content.byteLength)
})

test('a self join counts the bytes of both sides', async () => {
  const content = '{"id":1}\n'
  const table = source([{ name: 'b.json', content }])
  const { bytesScanned } = await run('SELECT a.id FROM t a JOIN t b ON a.id = b.id', table)
  expect(bytesScanned).toBe(2 * content.length)
})

test('a corrupt object fails its query alone and leaves nothing behind', async () => {
  const bad = source([{ name: 'bad.json.gz', content: gzipSync('{"id":1}\n'.repeat(100)).subarray(0, 30) }])
  await expect(run('SELECT count(*) FROM t', bad)).rejects.toMatchObject({
    code: 'HIVE_CURSOR_ERROR',
    message: expect.stringContaining('s3://lake/bad.json.gz'),
  })
  expect((await run('SELECT 1 AS a')).csv).toBe('"a"\n"1"\n')
})

test.each([
  ['Avro', 'formats/avro/files/types-snappy.avro', 'avro', '4'],
  ['bzip2', 'formats/compression/files/lines.bz2', 'json', '2500'],
  ['LZ4', 'formats/compression/files/lines.lz4', 'json', '2500'],
])('a file of %s is read, its own size counts, and no copy stays', async (_what, name, kind, count) => {
  const content = readFileSync(join(import.meta.dirname, '..', name))
  const table = source([{ name: name.split('/').at(-1) ?? '', content }])
  const converted: ScanSource = kind === 'avro' ? { ...table, format: { kind } } : table
  const { csv, bytesScanned } = await run('SELECT count(id) FROM t', converted)
  expect(csv).toBe(`"_col0"\n"${count}"\n`)
  expect(bytesScanned).toBe(content.byteLength)
  expect(execFileSync('find', [join(directory, 'staging'), '-name', '*.plain'], { encoding: 'utf8' })).toBe('')
  const cut = source([{ name: `cut-${table.files[0]?.path.split('/').at(-1)}`, content: content.subarray(0, -40) }])
  await expect(run('SELECT count(id) FROM t', { ...converted, files: cut.files })).rejects.toMatchObject({
    code: 'HIVE_CURSOR_ERROR',
    message: expect.stringContaining('s3://lake/cut-'),
  })
})

test('an aborted query ends within a second with the reason given', async () => {
  const stop = new AbortController()
  const reason = new Error('enough')
  const slow = run(
    'SELECT count(*) FROM UNNEST(sequence(1, 9000)) a(x) CROSS JOIN UNNEST(sequence(1, 9000)) b(y) CROSS JOIN UNNEST(sequence(1, 5000)) c(z) WHERE (x * y + z) % 7 = 3',
    undefined,
    stop.signal,
  )
  const timer = setTimeout(() => stop.abort(reason), 500)
  await expect(slow).rejects.toBe(reason)
  clearTimeout(timer)
  expect((await run('SELECT 2 AS a')).csv).toBe('"a"\n"2"\n')
})

test('a killed process fails its query with a clear reason, and the next query has a new one', async () => {
  const slow = run(
    'SELECT count(*) FROM UNNEST(sequence(1, 9000)) a(x) CROSS JOIN UNNEST(sequence(1, 9000)) b(y) CROSS JOIN UNNEST(sequence(1, 5000)) c(z) WHERE (x * y + z) % 7 = 3',
  )
  const failed = expect(slow).rejects.toMatchObject({
    code: 'GENERIC_INTERNAL_ERROR',
    message: expect.stringContaining('ended unexpectedly'),
  })
  setTimeout(() => {
    for (const pid of busiestChildren()) process.kill(pid, 'SIGKILL')
  }, 1_000)
  await failed
  expect((await run('SELECT 3 AS a')).csv).toBe('"a"\n"3"\n')
})

function busiestChildren(): number[] {
  const lines = execFileSync('ps', ['-o', 'pid=,ppid=,args=', '-e'], { encoding: 'utf8' }).trim().split('\n')
  return lines.flatMap((line) => {
    const [pid, parent, ...rest] = line.trim().split(/\s+/)
    return Number(parent) === process.pid && rest.join(' ').includes('duckdb/child') ? [Number(pid)] : []
  })
}

test('inside the sandbox only the named files can be read and only the own folder written', async () => {
  const own = join(directory, 'own')
  mkdirSync(own)
  const allowed = join(directory, 'allowed.csv')
  const secret = join(directory, 'secret.csv')
  writeFileSync(allowed, 'a\n1\n')
  writeFileSync(secret, 'a\n2\n')
  const process = new EngineProcess(
    { threads: 1, memoryLimitBytes: 256 * 1024 * 1024, writableDirectory: own },
    () => undefined,
  )
  await process.ask({ kind: 'open', paths: [allowed] })
  const rows = (sql: string) => process.ask({ kind: 'rows', sql })
  expect((await rows(`SELECT * FROM read_csv('${allowed}')`)).rows).toEqual([['1']])
  const forbidden = [
    `SELECT * FROM read_csv('${secret}')`,
    `SELECT * FROM read_text('/etc/passwd')`,
    `SELECT * FROM read_text('${own}/../secret.csv')`,
    `SELECT * FROM glob('/*')`,
    `COPY (SELECT 1) TO '${join(directory, 'out.csv')}'`,
    `COPY (SELECT 1) TO '${allowed}.new'`,
    `ATTACH '${join(directory, 'x.db')}'`,
    'INSTALL httpfs',
    'LOAD httpfs',
    'SET enable_external_access = true',
    `SET memory_limit = '100GB'`,
    'RESET lock_configuration',
  ]
  for (const sql of forbidden) await expect(rows(sql), sql).rejects.toThrow()
  expect(existsSync(join(directory, 'out.csv'))).toBe(false)
  await process.end()
})
