import { readdirSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { EngineFailure } from '../../../src/engine/engine.ts'
import { Refusal } from '../../../src/platform/refusal.ts'
import { settle } from '../../support/fake-clock.ts'
import { QueryWorld } from '../query-world.ts'

let world: QueryWorld
beforeEach(async () => {
  world = await QueryWorld.open()
  await world.catalog.createDatabase({ name: 'd', parameters: {} })
  await world.objects.createBucket('ddl')
  await ddl(
    "CREATE EXTERNAL TABLE d.t (id bigint, name varchar(3)) PARTITIONED BY (day string) STORED AS PARQUET LOCATION 's3://lake/t/'",
  )
})
afterEach(() => world.close())

/** Whose results are not those that the tests look at. */
const ddl = (sql: string) => world.run(sql, { outputLocation: 's3://ddl/' })
const keysIn = async (bucket: string, prefix = '') =>
  (await world.objects.list(bucket, { prefix, limit: 1_000 })).objects.map(({ key }) => key)
const partitions = async (table = 't') => {
  const found: (readonly string[])[] = []
  for await (const { values } of world.catalog.partitions('d', table)) found.push(values)
  return found
}

describe('INSERT INTO', () => {
  test('files go into the folders of their partitions, and new partitions into the catalog', async () => {
    world.engine.files = [
      { text: 'a', partition: ['2026-01-01'] },
      { text: 'b', partition: ['a/b=c'] },
      { text: 'c', partition: [null] },
    ]
    const { id, result, statistics, outputLocation } = await world.run("INSERT INTO d.t VALUES (1, 'x', 'y')")
    const stamp = `20260115_120000`
    expect(await keysIn('lake')).toEqual([
      `t/day=2026-01-01/${stamp}_00000_${id}`,
      `t/day=__HIVE_DEFAULT_PARTITION__/${stamp}_00002_${id}`,
      `t/day=a%2Fb%3Dc/${stamp}_00001_${id}`,
    ])
    expect(await partitions()).toEqual([['2026-01-01'], ['__HIVE_DEFAULT_PARTITION__'], ['a/b=c']])
    const made = await world.catalog.findPartition('d', 't', ['a/b=c'])
    expect(made?.storage).toMatchObject({
      location: 's3://lake/t/day=a%2Fb%3Dc',
      columns: [{ name: 'id' }, { name: 'name' }],
    })
    expect(result).toMatchObject({ updateCount: 3, rowCount: 0, columns: [{ name: 'rows', type: 'bigint' }] })
    expect(statistics).toMatchObject({ manifestLocation: `s3://results/out/${id}-manifest.csv` })
    expect(outputLocation).toBe(`s3://results/out/${id}`)
    expect(await keysIn('results')).toEqual([`out/${id}-manifest.csv`, `out/${id}.metadata`])
    expect(await world.queries.results({ id })).toMatchObject({ rows: [], nextToken: undefined })
    expect(readdirSync(world.queries.stagingDirectory)).toEqual([])
  })

  test('a partition that has a place of its own keeps it', async () => {
    await ddl("ALTER TABLE d.t ADD PARTITION (day = 'x') LOCATION 's3://lake/elsewhere/'")
    world.engine.files = [{ text: 'a', partition: ['x'] }]
    const { id } = await world.run("INSERT INTO d.t VALUES (1, 'x', 'x')")
    expect(await keysIn('lake')).toEqual([`elsewhere/20260115_120000_00000_${id}`])
    expect(await partitions()).toEqual([['x']])
  })

  test('values become the types of the columns; columns that are not named are NULL', async () => {
    await world.run("INSERT INTO d.t (name, id) SELECT 'abc', 1")
    const { query, partitionColumns, format } = world.engine.writes[0] ?? {}
    expect(query?.output.map(({ name, type }) => [name, type.kind])).toEqual([
      ['id', 'bigint'],
      ['name', 'varchar'],
      ['day', 'varchar'],
    ])
    expect([partitionColumns, format]).toEqual([1, { kind: 'parquet', compression: 'gzip' }])
    const { relation } = query ?? {}
    expect(relation?.kind === 'Project' && relation.items.map(({ expression }) => expression)).toMatchObject([
      { kind: 'Cast', type: { kind: 'bigint' }, mustFit: true },
      { kind: 'Column' },
      { kind: 'Constant', value: null },
    ])
  })

  test('without rows there are no files and no list of them', async () => {
    const { id, result, statistics } = await world.run("INSERT INTO d.t SELECT 1, 'x', 'y' WHERE false")
    expect(result?.updateCount).toBe(0)
    expect(statistics.manifestLocation).toBeUndefined()
    expect([await keysIn('lake'), await keysIn('results')]).toEqual([[], [`out/${id}.metadata`]])
  })

  test.each([
    ['INSERT INTO nope.t VALUES (1)', "SCHEMA_NOT_FOUND: line 1:1: Schema 'nope' does not exist"],
    ['INSERT INTO d.nope VALUES (1)', "TABLE_NOT_FOUND: line 1:1: Table 'awsdatacatalog.d.nope' does not exist"],
    ['INSERT INTO other.d.t VALUES (1)', "CATALOG_NOT_FOUND: line 1:13: Catalog 'other' does not exist"],
    [
      'INSERT INTO d.t VALUES (1)',
      'TYPE_MISMATCH: line 1:1: Insert query has mismatched column types: Table: [bigint, varchar(3), varchar], Query: [integer]',
    ],
    [
      "INSERT INTO d.t VALUES (true, 'x', 'y')",
      'TYPE_MISMATCH: line 1:1: Insert query has mismatched column types: Table: [bigint, varchar(3), varchar], Query: [boolean, varchar(1), varchar(1)]',
    ],
    [
      'INSERT INTO d.t (nope) VALUES (1)',
      'COLUMN_NOT_FOUND: line 1:1: Insert column name does not exist in target table: nope',
    ],
    [
      'INSERT INTO d.t (id, id) VALUES (1, 2)',
      'DUPLICATE_COLUMN_NAME: line 1:1: Insert column name is specified more than once: id',
    ],
    ['INSERT INTO d.v SELECT 1', 'NOT_SUPPORTED: line 1:1: Inserting into views is not supported'],
    ['INSERT INTO d.b VALUES (1)', 'NOT_SUPPORTED: line 1:1: INSERT INTO a bucketed table is not supported'],
    ['INSERT INTO d.o VALUES (1)', 'NOT_SUPPORTED: line 1:1: ORC tables cannot be queried by this lake'],
    [
      'INSERT INTO d.c VALUES (1)',
      'NOT_SUPPORTED: line 1:1: Hive CSV storage format only supports VARCHAR (unbounded). Unsupported columns: a integer',
    ],
    [
      'INSERT INTO d.x VALUES (1)',
      'HIVE_UNSUPPORTED_FORMAT: Output format org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat with SerDe org.openx.data.jsonserde.JsonSerDe is not supported.',
    ],
    [
      'INSERT INTO d.r VALUES (1)',
      'HIVE_UNSUPPORTED_FORMAT: Output format org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat with SerDe org.apache.hadoop.hive.serde2.RegexSerDe is not supported.',
    ],
  ])('%s fails and writes nothing', async (sql, reason) => {
    await ddl('CREATE VIEW d.v AS SELECT 1 AS a')
    await ddl("CREATE EXTERNAL TABLE d.b (a int) CLUSTERED BY (a) INTO 2 BUCKETS LOCATION 's3://lake/b/'")
    await ddl("CREATE EXTERNAL TABLE d.o (a int) STORED AS ORC LOCATION 's3://lake/o/'")
    for (const [name, serde] of [
      ['c', 'org.apache.hadoop.hive.serde2.OpenCSVSerde'],
      ['x', 'org.openx.data.jsonserde.JsonSerDe'],
      ['r', "org.apache.hadoop.hive.serde2.RegexSerDe' WITH SERDEPROPERTIES ('input.regex' = '(.*)"],
    ])
      await ddl(
        `CREATE EXTERNAL TABLE d.${name} (a int) ROW FORMAT SERDE '${serde}'${name === 'r' ? ')' : ''} STORED AS INPUTFORMAT 'org.apache.hadoop.mapred.TextInputFormat' OUTPUTFORMAT 'org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat' LOCATION 's3://lake/${name}/'`,
      )
    const execution = await world.run(sql)
    expect(execution).toMatchObject({ state: 'FAILED', substatementType: 'INSERT' })
    expect(execution.reason?.startsWith(reason) || execution.reason).toBe(true)
    expect(world.engine.writes).toEqual([])
    expect(await keysIn('lake')).toEqual([])
  })
})

describe('CREATE TABLE AS', () => {
  test('makes the entry that the files need, in the folder of the execution', async () => {
    world.engine.files = [{ text: 'a', partition: ['x'] }]
    const sql = `CREATE TABLE d.made WITH (partitioned_by = ARRAY['Day'], write_compression = 'snappy') AS
      SELECT BIGINT '1' AS Id, 'x' AS name, cast(ROW(1) AS row(a integer)) AS r, 'd' AS day`
    const { id, outputLocation, result } = await world.run(sql)
    expect(outputLocation).toBe(`s3://results/out/tables/${id}`)
    expect(result?.updateCount).toBe(1)
    expect(await world.catalog.findTable('d', 'made')).toMatchObject({
      tableType: 'EXTERNAL_TABLE',
      createdBy: 'arn:aws:iam::000000000000:root',
      parameters: { EXTERNAL: 'TRUE', 'parquet.compression': 'SNAPPY' },
      partitionKeys: [{ name: 'day', type: 'varchar(1)' }],
      storage: {
        location: `s3://results/out/tables/${id}`,
        columns: [
          { name: 'id', type: 'bigint' },
          { name: 'name', type: 'varchar(1)' },
          { name: 'r', type: 'struct<a:int>' },
        ],
        serde: { library: 'org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe' },
      },
    })
    expect(await partitions('made')).toEqual([['x']])
    expect(await keysIn('results')).toEqual([
      `out/tables/${id}-manifest.csv`,
      `out/tables/${id}.metadata`,
      `out/tables/${id}/day=x/20260115_120000_00000_${id}`,
    ])
  })

  test.each([
    ['JSON', 'org.apache.hive.hcatalog.data.JsonSerDe', '.gz', { kind: 'json', compression: 'gzip' }],
    [
      'TEXTFILE',
      'org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe',
      '.gz',
      { kind: 'text', compression: 'gzip', fieldDelimiter: '\u0001' },
    ],
    ['PARQUET', 'org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe', '', { kind: 'parquet' }],
  ])('%s files can be read back by the table', async (name, library, suffix, format) => {
    world.engine.files = [{ text: 'a', partition: [] }]
    const sql = `CREATE TABLE d.made WITH (is_external = true, format = '${name}', external_location = 's3://lake/made') AS SELECT 1 AS a`
    const { id } = await world.run(sql)
    expect(world.engine.writes[0]?.format).toMatchObject(format)
    expect((await world.catalog.findTable('d', 'made'))?.storage).toMatchObject({
      location: 's3://lake/made',
      serde: { library },
    })
    expect(await keysIn('lake')).toEqual([`made/20260115_120000_00000_${id}${suffix}`])
  })

  test.each([1, 22])('level %i of ZSTD reaches the engine', async (level) => {
    await world.run(`CREATE TABLE d.x WITH (write_compression = 'ZSTD', compression_level = ${level}) AS SELECT 1 AS a`)
    expect(world.engine.writes.map(({ format }) => format)).toEqual([
      { kind: 'parquet', compression: 'zstd', compressionLevel: level },
    ])
  })

  test('WITH NO DATA makes the table alone', async () => {
    const { result } = await world.run('CREATE TABLE d.made AS SELECT 1 AS a WITH NO DATA')
    expect(result?.updateCount).toBe(0)
    expect(world.engine.writes).toEqual([])
    expect((await world.catalog.findTable('d', 'made'))?.storage?.columns).toEqual([{ name: 'a', type: 'int' }])
  })

  test('names may be listed, and IF NOT EXISTS leaves what is there', async () => {
    await world.run('CREATE TABLE d.made (x, y) AS SELECT 1, 2')
    expect((await world.catalog.findTable('d', 'made'))?.storage?.columns.map(({ name }) => name)).toEqual(['x', 'y'])
    const again = await world.run('CREATE TABLE IF NOT EXISTS d.made AS SELECT 1 AS a')
    expect(again).toMatchObject({ state: 'SUCCEEDED', result: { updateCount: 0 } })
    expect(world.engine.writes).toHaveLength(1)
  })

  test.each([
    [
      'CREATE TABLE d.t AS SELECT 1 AS a',
      "TABLE_ALREADY_EXISTS: line 1:1: Destination table 'awsdatacatalog.d.t' already exists. You may need",
    ],
    ['CREATE TABLE nope.t AS SELECT 1 AS a', 'SCHEMA_NOT_FOUND: line 1:1: Schema nope not found'],
    ['CREATE TABLE d.x AS SELECT 1', 'MISSING_COLUMN_NAME: line 1:1: Column name not specified at position 1'],
    [
      'CREATE TABLE d.x AS SELECT 1 a, 2 a',
      "DUPLICATE_COLUMN_NAME: line 1:1: Column name 'a' specified more than once",
    ],
    [
      'CREATE TABLE d.x (a) AS SELECT 1, 2',
      'MISMATCHED_COLUMN_ALIASES: line 1:1: Column alias list has 1 entries but relation has 2 columns',
    ],
    ['CREATE TABLE d.x AS SELECT NULL a', 'COLUMN_TYPE_UNKNOWN: line 1:1: Column type is unknown at position 1'],
    [
      "CREATE TABLE d.x AS SELECT TIMESTAMP '2020-01-01 00:00:00.123456' a",
      'NOT_SUPPORTED: line 1:1: Incorrect timestamp precision for timestamp(6)',
    ],
    ["CREATE TABLE d.x AS SELECT TIME '01:00' a", 'NOT_SUPPORTED: line 1:1: Unsupported Hive type: time(0)'],
    [
      "CREATE TABLE d.x WITH (format = 'ORC') AS SELECT 1 a",
      'NOT_SUPPORTED: line 1:1: Format ORC is not written by this lake',
    ],
    ["CREATE TABLE d.x WITH (format = 'X') AS SELECT 1 a", 'NOT_SUPPORTED: line 1:1: Format X is not a format'],
    [
      "CREATE TABLE d.x WITH (write_compression = 'BZIP2') AS SELECT 1 a",
      'NOT_SUPPORTED: line 1:1: Compression BZIP2 of PARQUET is not written',
    ],
    [
      "CREATE TABLE d.x WITH (format = 'PARQUET', orc_compression = 'SNAPPY') AS SELECT 1 a",
      'INVALID_TABLE_PROPERTY: line 1:1: orc_compression is for ORC, not for PARQUET',
    ],
    [
      "CREATE TABLE d.x WITH (format = 'JSON', parquet_compression = 'GZIP') AS SELECT 1 a",
      'INVALID_TABLE_PROPERTY: line 1:1: parquet_compression is for PARQUET, not for JSON',
    ],
    [
      "CREATE TABLE d.x WITH (parquet_compression = 'GZIP', write_compression = 'ZSTD') AS SELECT 1 a",
      'INVALID_TABLE_PROPERTY: line 1:1: parquet_compression and write_compression are two names',
    ],
    [
      'CREATE TABLE d.x WITH (compression_level = 3) AS SELECT 1 a',
      'INVALID_TABLE_PROPERTY: line 1:1: compression_level is for ZSTD compression only',
    ],
    ...[0, 23].map((level) => [
      `CREATE TABLE d.x WITH (write_compression = 'ZSTD', compression_level = ${level}) AS SELECT 1 a`,
      'INVALID_TABLE_PROPERTY: line 1:1: compression_level must be between 1 and 22',
    ]),
    [
      "CREATE TABLE d.x WITH (write_compression = 'ZSTD', compression_level = '3') AS SELECT 1 a",
      "INVALID_TABLE_PROPERTY: line 1:52: Table property 'compression_level' must be an integer",
    ],
    [
      "CREATE TABLE d.x WITH (format = 'JSON', write_compression = 'ZSTD', compression_level = 3) AS SELECT 1 a",
      'NOT_SUPPORTED: line 1:1: compression_level of JSON is not supported',
    ],
    [
      "CREATE TABLE d.x WITH (nope = 'x') AS SELECT 1 a",
      "INVALID_TABLE_PROPERTY: line 1:24: Table property 'nope' does not exist",
    ],
    [
      'CREATE TABLE d.x WITH (format = 1) AS SELECT 1 a',
      "INVALID_TABLE_PROPERTY: line 1:24: Table property 'format' must be a text",
    ],
    [
      "CREATE TABLE d.x WITH (is_external = 'true') AS SELECT 1 a",
      "INVALID_TABLE_PROPERTY: line 1:24: Table property 'is_external' must be true or false",
    ],
    [
      'CREATE TABLE d.x WITH (is_external = false) AS SELECT 1 a',
      'NOT_SUPPORTED: line 1:1: Managed Hive tables are not supported',
    ],
    [
      "CREATE TABLE d.x WITH (bucketed_by = ARRAY['a']) AS SELECT 1 a",
      'INVALID_TABLE_PROPERTY: line 1:1: bucketed_by and bucket_count must be specified together',
    ],
    [
      'CREATE TABLE d.x WITH (bucket_count = 2) AS SELECT 1 a',
      'INVALID_TABLE_PROPERTY: line 1:1: bucketed_by and bucket_count must be specified together',
    ],
    [
      "CREATE TABLE d.x WITH (bucketed_by = ARRAY['a'], bucket_count = 1000001) AS SELECT 1 a",
      'INVALID_TABLE_PROPERTY: line 1:1: bucket_count should be no more than 1000000',
    ],
    [
      "CREATE TABLE d.x WITH (bucketed_by = ARRAY['A', 'c', 'd'], bucket_count = 2) AS SELECT 1 a",
      'INVALID_TABLE_PROPERTY: line 1:1: Bucketing columns [c, d] not present in schema',
    ],
    [
      "CREATE TABLE d.x WITH (bucketed_by = ARRAY['b'], partitioned_by = ARRAY['b'], bucket_count = 2) AS SELECT 1 a, 2 b",
      'INVALID_TABLE_PROPERTY: line 1:1: Bucketing columns [b] are also used as partitioning columns',
    ],
    [
      "CREATE TABLE d.x WITH (bucketed_by = ARRAY['a'], bucket_count = 2) AS SELECT decimal '1.0' a",
      'NOT_SUPPORTED: line 1:1: Cannot create a table bucketed on an unsupported type',
    ],
    [
      "CREATE TABLE d.x WITH (table_type = 'ICEBERG') AS SELECT 1 a",
      'NOT_SUPPORTED: line 1:1: Tables of type ICEBERG are not supported',
    ],
    [
      "CREATE TABLE d.x WITH (partitioned_by = ARRAY['a']) AS SELECT 1 a, 2 b",
      'HIVE_COLUMN_ORDER_MISMATCH: line 1:1: Partition keys must be the last columns',
    ],
    [
      "CREATE TABLE d.x WITH (partitioned_by = ARRAY['a']) AS SELECT 1 a",
      'INVALID_TABLE_PROPERTY: line 1:1: Table contains only partition columns',
    ],
    [
      "CREATE TABLE d.x WITH (external_location = 's3://lake/full/') AS SELECT 1 a",
      "HIVE_PATH_ALREADY_EXISTS: line 1:1: Target directory for table 'd.x' already exists: s3://lake/full/",
    ],
    [
      "CREATE TABLE d.x WITH (external_location = '/tmp/x') AS SELECT 1 a",
      'INVALID_TABLE_PROPERTY: line 1:1: /tmp/x is not a location in S3',
    ],
  ])('%s fails and makes nothing', async (sql, reason) => {
    await world.objects.put({ bucket: 'lake', key: 'full/a' }, Buffer.from('x'))
    const execution = await world.run(sql)
    expect(execution).toMatchObject({ state: 'FAILED', substatementType: 'CREATE_TABLE_AS_SELECT' })
    expect(execution.reason?.startsWith(reason) || execution.reason).toBe(true)
    expect((await world.catalog.tables('d')).map(({ name }) => name)).toEqual(['t'])
    expect([await keysIn('lake'), await keysIn('results')]).toEqual([['full/a'], []])
  })

  test('an enforcing workgroup says where files go: a location of the statement is refused', async () => {
    await world.queries.workgroups.update('primary', (workgroup) => ({
      ...workgroup,
      settings: { ...workgroup.settings, isEnforced: true, outputLocation: 's3://results/ours/' },
    }))
    const refused = await world.run("CREATE TABLE d.x WITH (external_location = 's3://lake/x/') AS SELECT 1 a")
    expect(refused.reason).toMatch(
      /^The Create Table As Select query failed because it was submitted with an 'external_location'/,
    )
    const { id } = await world.run('CREATE TABLE d.x AS SELECT 1 a')
    expect((await world.catalog.findTable('d', 'x'))?.storage?.location).toBe(`s3://results/ours/tables/${id}`)
  })
})

describe('UNLOAD', () => {
  test('without rows there are no files, and a list that says so', async () => {
    const { id, statistics } = await world.run(
      "UNLOAD (SELECT 1 AS a WHERE false) TO 's3://lake/un' WITH (format = 'PARQUET')",
    )
    expect(statistics.manifestLocation).toBe(`s3://results/out/${id}-manifest.csv`)
    expect([await keysIn('lake'), await keysIn('results')]).toEqual([
      [],
      [`out/${id}-manifest.csv`, `out/${id}.metadata`],
    ])
  })

  test('writes into an empty folder and leaves the catalog alone', async () => {
    world.engine.files = [{ text: 'a', partition: ['x'] }]
    const { id, result } = await world.run(
      "UNLOAD (SELECT 1 AS a, 'x' AS b) TO 's3://lake/un' WITH (format = 'JSON', compression = 'NONE', partitioned_by = ARRAY['b'])",
    )
    expect(result?.updateCount).toBe(1)
    expect(await keysIn('lake')).toEqual([`un/b=x/20260115_120000_00000_${id}`])
    expect(await keysIn('results')).toEqual([`out/${id}-manifest.csv`, `out/${id}.metadata`])
    const again = await world.run("UNLOAD (SELECT 1 AS a) TO 's3://lake/un/' WITH (format = 'JSON')")
    expect(again.reason).toMatch(
      /^HIVE_PATH_ALREADY_EXISTS: line 1:1: Target directory already exists: s3:\/\/lake\/un\//,
    )
  })

  test.each([
    ["UNLOAD (SELECT 1 AS a) TO 's3://lake/u/'", "INVALID_TABLE_PROPERTY: line 1:1: UNLOAD needs WITH (format = '…')"],
    [
      "UNLOAD (SELECT 1 AS a) TO 's3://lake/u/' WITH (format = 'ION')",
      'NOT_SUPPORTED: line 1:1: Format ION is not written',
    ],
    [
      "UNLOAD (SELECT 1 AS a, 2 AS b) TO 's3://lake/u/' WITH (format = 'JSON', partitioned_by = ARRAY['a'])",
      'HIVE_COLUMN_ORDER_MISMATCH',
    ],
  ])('%s fails', async (sql, reason) => {
    const execution = await world.run(sql)
    expect(execution.reason?.startsWith(reason) || execution.reason).toBe(true)
  })
})

describe('all or nothing', () => {
  const CTAS = "CREATE TABLE d.made WITH (partitioned_by = ARRAY['b']) AS SELECT 1 AS a, 'x' AS b"
  beforeEach(() => {
    world.engine.files = [
      { text: 'a', partition: ['x'] },
      { text: 'b', partition: ['y'] },
    ]
  })
  const nothingIsThere = async () => {
    expect(await world.catalog.findTable('d', 'made')).toBeUndefined()
    expect(await keysIn('results')).toEqual([])
    expect(readdirSync(world.queries.stagingDirectory)).toEqual([])
  }

  test('a query that fails writes nothing', async () => {
    world.engine.failure = new EngineFailure('DIVISION_BY_ZERO', 'Division by zero')
    expect((await world.run(CTAS)).reason).toBe('DIVISION_BY_ZERO: Division by zero')
    await nothingIsThere()
  })

  test('one that is cancelled writes nothing', async () => {
    world.engine.held = new Promise(() => undefined)
    const id = await world.start(CTAS)
    await settle()
    await world.queries.executions.stop(id)
    expect((await world.ended(id)).state).toBe('CANCELLED')
    await nothingIsThere()
  })

  test('one that reads more than its workgroup allows writes nothing', async () => {
    await world.queries.workgroups.update('primary', (workgroup) => ({
      ...workgroup,
      settings: { ...workgroup.settings, bytesScannedCutoff: 10_000_000 },
    }))
    world.engine.bytesScanned = 10_000_001
    expect((await world.run(CTAS)).state).toBe('CANCELLED')
    expect(await keysIn('results')).toEqual([])
  })

  test('an object that cannot be put leaves none', async () => {
    world.objects.beforeEach = async (operation, key) => {
      if (operation === 'put' && key.includes('b=y')) throw new Refusal('diskFull', 'The disk is full.')
    }
    expect((await world.run(CTAS)).state).toBe('FAILED')
    await nothingIsThere()
  })

  test('objects go again when the catalog refuses', async () => {
    const { createPartitions } = world.catalog
    world.catalog.createPartitions = async () => [
      { values: ['x'], code: 'partitionValuesMismatch', message: 'The number of values is wrong.' },
    ]
    expect((await world.run(CTAS)).reason).toContain('The number of values is wrong.')
    await nothingIsThere()
    world.catalog.createPartitions = createPartitions
    expect((await world.run(CTAS)).state).toBe('SUCCEEDED')
  })

  test('a table that came to be meanwhile is not overwritten', async () => {
    world.objects.beforeEach = async (operation) => {
      if (operation !== 'put') return
      world.objects.beforeEach = async () => undefined
      await world.catalog.createTable('d', { name: 'made', retention: 0, partitionKeys: [], parameters: {} }, 'x')
    }
    expect((await world.run(CTAS)).reason).toMatch(/^TABLE_ALREADY_EXISTS: /)
    expect(await keysIn('results')).toEqual([])
    expect((await world.catalog.findTable('d', 'made'))?.storage).toBeUndefined()
  })

  test('a crash before the objects are there fails the query', async () => {
    world.objects.beforeEach = () => new Promise(() => undefined)
    const id = await world.start(CTAS)
    await settle()
    world.objects.beforeEach = async () => undefined
    await world.reopen()
    expect(await world.ended(id)).toMatchObject({
      state: 'FAILED',
      reason: expect.stringContaining('The lake stopped'),
    })
    expect(await keysIn('results')).toEqual([])
  })

  test.each(['the table', 'its partitions'])(
    'a crash after that, before %s, is finished at the next start',
    async (what) => {
      const { createTable, createPartitions } = world.catalog
      let hasCrashed = false
      const crash = () => {
        hasCrashed = true
        return new Promise<never>(() => undefined)
      }
      if (what === 'the table') world.catalog.createTable = crash
      world.catalog.createPartitions = crash
      const id = await world.start(CTAS)
      while (!hasCrashed) await settle()
      expect(world.queries.executions.withId(id).state).toBe('RUNNING')
      Object.assign(world.catalog, { createTable, createPartitions })
      await world.reopen()
      expect(await world.ended(id)).toMatchObject({ state: 'SUCCEEDED', result: { updateCount: 2 } })
      expect(await partitions('made')).toEqual([['x'], ['y']])
      expect(await keysIn('results')).toHaveLength(4)
      // And only once.
      await ddl('DROP TABLE d.made')
      await world.reopen()
      expect(await world.catalog.findTable('d', 'made')).toBeUndefined()
    },
  )
})
