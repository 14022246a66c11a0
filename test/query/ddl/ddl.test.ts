/** Statements about the catalog, as a user sends them: what they answer and what they write down. */
import { afterEach, beforeEach, expect, test } from 'vitest'
import { QueryWorld } from '../query-world.ts'

let world: QueryWorld
beforeEach(async () => {
  world = await QueryWorld.open()
  await world.run('CREATE DATABASE d')
})
afterEach(() => world.close())

const EVENTS = `CREATE EXTERNAL TABLE d.events (id bigint COMMENT 'the key', \`Name\` string)
  COMMENT 'clicks' PARTITIONED BY (dt string, hour int)
  ROW FORMAT SERDE 'org.openx.data.jsonserde.JsonSerDe' WITH SERDEPROPERTIES ('ignore.malformed.json'='true')
  LOCATION 's3://lake/events/' TBLPROPERTIES ('classification'='json')`

const reason = async (sql: string, database?: string) =>
  (await world.run(sql, database === undefined ? {} : { database })).reason

test('CREATE EXTERNAL TABLE writes the entry that Athena writes', async () => {
  await world.run(EVENTS)
  expect(await world.catalog.findTable('d', 'events')).toMatchObject({
    name: 'events',
    owner: 'hadoop',
    lastAccessMs: 0,
    retention: 0,
    tableType: 'EXTERNAL_TABLE',
    partitionKeys: [
      { name: 'dt', type: 'string' },
      { name: 'hour', type: 'int' },
    ],
    parameters: {
      EXTERNAL: 'TRUE',
      transient_lastDdlTime: String(Math.floor(world.clock.nowMs() / 1000)),
      comment: 'clicks',
      classification: 'json',
    },
    storage: {
      columns: [
        { name: 'id', type: 'bigint', comment: 'the key' },
        { name: 'name', type: 'string' },
      ],
      location: 's3://lake/events',
      inputFormat: 'org.apache.hadoop.mapred.TextInputFormat',
      outputFormat: 'org.apache.hadoop.hive.ql.io.IgnoreKeyTextOutputFormat',
      compressed: false,
      numberOfBuckets: -1,
      serde: {
        library: 'org.openx.data.jsonserde.JsonSerDe',
        parameters: { 'serialization.format': '1', 'ignore.malformed.json': 'true' },
      },
      bucketColumns: [],
      sortColumns: [],
      storedAsSubDirectories: false,
    },
    createdBy: 'arn:aws:iam::000000000000:root',
  })
})

test('ROW FORMAT DELIMITED keeps its delimiters, STORED AS its formats', async () => {
  await world.run(
    `CREATE EXTERNAL TABLE d.c (a int) ROW FORMAT DELIMITED FIELDS TERMINATED BY ',' ESCAPED BY '\\\\' NULL DEFINED AS 'NA' LOCATION 's3://lake/c'`,
  )
  expect((await world.catalog.findTable('d', 'c'))?.storage?.serde).toEqual({
    library: 'org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe',
    parameters: {
      'field.delim': ',',
      'serialization.format': ',',
      'escape.delim': '\\',
      'serialization.null.format': 'NA',
    },
  })
  await world.run(`CREATE EXTERNAL TABLE d.p (a int) STORED AS PARQUET LOCATION 's3://lake/p/'`)
  expect((await world.catalog.findTable('d', 'p'))?.storage).toMatchObject({
    inputFormat: 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat',
    serde: { library: 'org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe' },
  })
  await world.run(`CREATE EXTERNAL TABLE d.x (a int) STORED AS TEXTFILE LOCATION 's3://lake/x/'`)
  expect((await world.catalog.findTable('d', 'x'))?.storage?.outputFormat).toBe(
    'org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat',
  )
})

test('statements are called as Athena calls them', async () => {
  const kinds = []
  for (const sql of [
    EVENTS,
    'SHOW TABLES IN d',
    'DESCRIBE d.events',
    'MSCK REPAIR TABLE d.events',
    'DROP TABLE d.events',
  ]) {
    const { statementType, substatementType, outputLocation } = await world.run(sql)
    kinds.push([statementType, substatementType, outputLocation.slice(-4)])
  }
  expect(kinds).toEqual([
    ['DDL', 'CREATE_TABLE', '.txt'],
    ['UTILITY', 'SHOW_TABLES', '.txt'],
    ['UTILITY', 'DESCRIBE_TABLE', '.txt'],
    ['DDL', 'MSCK_REPAIR', '.txt'],
    ['DDL', 'DROP_TABLE', '.txt'],
  ])
})

test('databases: existing, missing and filled ones', async () => {
  expect(await reason('CREATE DATABASE d')).toMatch(/Database d already exists$/)
  expect(await reason('CREATE DATABASE IF NOT EXISTS d')).toBeUndefined()
  expect(await reason('DROP DATABASE nope')).toBe(
    'FAILED: SemanticException [Error 10072]: Database does not exist: nope',
  )
  expect(await reason('DROP DATABASE IF EXISTS nope')).toBeUndefined()
  await world.run(EVENTS)
  expect(await reason('DROP DATABASE d')).toMatch(/Database d is not empty\. One or more tables exist\.\)$/)
  expect(await reason('DROP DATABASE d CASCADE')).toBeUndefined()
  expect(await world.rows('SHOW DATABASES')).toEqual([])
})

test('tables: existing, missing, in a missing database', async () => {
  await world.run(EVENTS)
  expect(await world.run(EVENTS)).toMatchObject({
    reason:
      'FAILED: Execution Error, return code 1 from org.apache.hadoop.hive.ql.exec.DDLTask. AlreadyExistsException(message:Table events already exist)',
    failure: { category: 2, type: 1006, message: 'Table events already exists.' },
  })
  expect(await reason(EVENTS.replace('TABLE', 'TABLE IF NOT EXISTS'))).toBeUndefined()
  expect(await reason('DROP TABLE d.nope')).toBe('FAILED: SemanticException [Error 10001]: Table not found nope')
  expect(await reason('DROP TABLE IF EXISTS d.nope')).toBeUndefined()
  expect(await reason('SHOW TABLES IN nope')).toBe(
    'FAILED: SemanticException [Error 10072]: Database does not exist: nope',
  )
})

test('a failed statement of the Hive side leaves its reason as the result, and answers no rows', async () => {
  const execution = await world.run('DROP TABLE d.nope')
  expect(await world.text(execution.outputLocation)).toBe(execution.reason)
  expect((await world.queries.results({ id: execution.id })).rows).toEqual([])
})

test('DESCRIBE and SHOW COLUMNS of a missing table are refused at start', async () => {
  for (const sql of ['DESCRIBE d.nope', 'SHOW COLUMNS IN d.nope']) {
    await expect(world.start(sql)).rejects.toMatchObject({
      code: 'invalidInput',
      message: expect.stringMatching(/^Entity Not Found \(Service: AmazonDataCatalog; Status Code: 400;/),
    })
  }
})

test('CREATE TABLE without EXTERNAL is refused at start', async () => {
  await expect(world.start(`CREATE TABLE d.t (a int) LOCATION 's3://lake/t/'`)).rejects.toThrow(
    'Only external tables can be created',
  )
  await expect(
    world.start(`CREATE TABLE d.t (a int) LOCATION 's3://lake/t/' TBLPROPERTIES ('table_type'='ICEBERG')`),
  ).rejects.toThrow('Iceberg tables are not supported by this lake.')
})

test('CREATE TABLE without location is refused at start', async () => {
  await expect(world.start('CREATE EXTERNAL TABLE d.t (a int)')).rejects.toThrow(
    'No location was specified for table. An S3 location must be specified',
  )
})

test('partitions are added, shown, renamed and dropped', async () => {
  await world.run(EVENTS)
  await world.run(
    `ALTER TABLE d.events ADD PARTITION (dt='2024-01-01', hour=1) PARTITION (hour=2, dt='2024-01-01') LOCATION 's3://lake/other/'`,
  )
  expect(await world.rows('SHOW PARTITIONS d.events')).toEqual(['dt=2024-01-01/hour=1', 'dt=2024-01-01/hour=2'])
  const locations = []
  for await (const partition of world.catalog.partitions('d', 'events')) locations.push(partition.storage?.location)
  expect(locations).toEqual(['s3://lake/events/dt=2024-01-01/hour=1', 's3://lake/other/'])

  const again = `PARTITION (dt='2024-01-01', hour=1)`
  expect(await reason(`ALTER TABLE d.events ADD ${again}`)).toMatch(/Partition already exists\./)
  expect(await reason(`ALTER TABLE d.events ADD IF NOT EXISTS ${again}`)).toBeUndefined()
  expect(await reason(`ALTER TABLE d.events ADD PARTITION (dt='x')`)).toMatch(
    /doesn't contain all \(2\) partition columns/,
  )
  expect(await reason(`ALTER TABLE d.events ADD PARTITION (nope='x', hour=1)`)).toMatch(/non-partition columns/)

  await world.run(
    `ALTER TABLE d.events PARTITION (dt='2024-01-01', hour=2) RENAME TO PARTITION (dt='2024-01-03', hour=9)`,
  )
  await world.run(`ALTER TABLE d.events DROP PARTITION (dt='2024-01-01')`)
  expect(await world.rows('SHOW PARTITIONS d.events')).toEqual(['dt=2024-01-03/hour=9'])
  expect(await reason(`ALTER TABLE d.events DROP PARTITION (dt='nope')`)).toMatch(/Partition not found/)
  expect(await reason(`ALTER TABLE d.events DROP IF EXISTS PARTITION (dt='nope')`)).toBeUndefined()
})

test('MSCK REPAIR TABLE adds the folders it finds, and never removes', async () => {
  await world.run(EVENTS)
  expect(await world.rows('MSCK REPAIR TABLE d.events')).toEqual(['Tables missing on filesystem:\tevents'])
  await world.put('events/dt=2024-01-01/hour=1/a.json', '{}')
  await world.put('events/dt=2024-01-01/hour=2/a.json', '{}')
  await world.put('events/DT=2024-01-01/hour=3/a.json', '{}')
  await world.put('events/loose.json', '{}')
  await world.put('events/dt=a%3Ab/hour=4/a.json', '{}')
  expect(await world.rows('MSCK REPAIR TABLE d.events')).toEqual([
    'Partitions not in metastore:\tevents:dt=2024-01-01/hour=1\tevents:dt=2024-01-01/hour=2\tevents:dt=a%3Ab/hour=4',
    'Repair: Added partition to metastore events:dt=2024-01-01/hour=1',
    'Repair: Added partition to metastore events:dt=2024-01-01/hour=2',
    'Repair: Added partition to metastore events:dt=a%3Ab/hour=4',
  ])
  expect(await world.rows('MSCK REPAIR TABLE d.events')).toEqual([])
})

test('DESCRIBE pads its fields and tells partition columns twice', async () => {
  await world.run(EVENTS)
  const pad = (...fields: string[]) => fields.map((field) => field.padEnd(20)).join('\t')
  expect(await world.rows('DESCRIBE d.events')).toEqual([
    pad('id', 'bigint', 'the key'),
    pad('name', 'string', ''),
    pad('dt', 'string', ''),
    pad('hour', 'int', ''),
    '\t \t ',
    '# Partition Information\t \t ',
    pad('# col_name            ', 'data_type', 'comment'),
    '\t \t ',
    pad('dt', 'string', ''),
    pad('hour', 'int', ''),
  ])
  expect(await world.rows('SHOW COLUMNS IN d.events')).toEqual(['id', 'name', 'dt', 'hour'].map((name) => pad(name)))
})

test('DESCRIBE tells of a column and of what is inside it', async () => {
  await world.run(
    "CREATE EXTERNAL TABLE d.deep (s struct<a:int,b:array<map<string,date>>> COMMENT 'all') LOCATION 's3://lake/x/'",
  )
  const pad = (...fields: string[]) => fields.map((field) => field.padEnd(20)).join('\t')
  const inside = 'from deserializer'
  for (const [path, line] of [
    ['s', pad('s', 'struct<a:int,b:array<map<string,date>>>', 'all')],
    ['s.a', pad('a', 'int', inside)],
    ["s.b.'$elem$'.'$value$'", pad('$value$', 'date', inside)],
  ] as const)
    expect(await world.rows(`DESCRIBE d.deep ${path}`), path).toEqual([line])
  expect((await world.run('DESCRIBE d.deep s.nope')).reason).toMatch('cannot find field nope')
})

test('DESCRIBE FORMATTED and EXTENDED tell all of a table or of a partition', async () => {
  await world.run(EVENTS)
  await world.run("ALTER TABLE d.events ADD PARTITION (dt = '2024-01-01', hour = 1)")
  const pad = (...fields: string[]) => fields.map((field) => field.padEnd(20)).join('\t')
  const seconds = Math.floor(world.clock.nowMs() / 1000)
  const formatted = await world.rows('DESCRIBE FORMATTED d.events')
  expect(formatted.slice(0, 4)).toEqual([
    pad('# col_name            ', 'data_type', 'comment'),
    '\t \t ',
    pad('id', 'bigint', 'the key'),
    pad('name', 'string', ''),
  ])
  expect(formatted.slice(formatted.indexOf('# Detailed Table Information\t \t '))).toEqual([
    '# Detailed Table Information\t \t ',
    `${pad('Database:', 'd')}\t `,
    `${pad('Owner:', 'hadoop')}\t `,
    expect.stringMatching(/^CreateTime: {9}\t\w{3} \w{3} \d\d \d\d:\d\d:\d\d UTC \d{4}\t $/),
    `${pad('LastAccessTime:', 'UNKNOWN')}\t `,
    `${pad('Retention:', '0')}\t `,
    `${pad('Location:', 's3://lake/events')}\t `,
    `${pad('Table Type:', 'EXTERNAL_TABLE')}\t `,
    `${'Table Parameters:'.padEnd(20)}\t \t `,
    `\t${pad('EXTERNAL', 'TRUE')}`,
    `\t${pad('classification', 'json')}`,
    `\t${pad('comment', 'clicks')}`,
    `\t${pad('transient_lastDdlTime', String(seconds))}`,
    '\t \t ',
    '# Storage Information\t \t ',
    `${pad('SerDe Library:', 'org.openx.data.jsonserde.JsonSerDe')}\t `,
    `${pad('InputFormat:', 'org.apache.hadoop.mapred.TextInputFormat')}\t `,
    `${pad('OutputFormat:', 'org.apache.hadoop.hive.ql.io.IgnoreKeyTextOutputFormat')}\t `,
    `${pad('Compressed:', 'No')}\t `,
    `${pad('Num Buckets:', '-1')}\t `,
    `${pad('Bucket Columns:', '[]')}\t `,
    `${pad('Sort Columns:', '[]')}\t `,
    'Storage Desc Params:\t \t ',
    `\t${pad('ignore.malformed.json', 'true')}`,
    `\t${pad('serialization.format', '1')}`,
  ])
  const partition = "PARTITION (dt = '2024-01-01', hour = 1)"
  const ofPartition = await world.rows(`DESCRIBE FORMATTED d.events ${partition}`)
  expect(ofPartition).toContain(`${pad('Partition Value:', '[2024-01-01, 1]')}\t `)
  expect(ofPartition).toContain(`${pad('Location:', 's3://lake/events/dt=2024-01-01/hour=1')}\t `)
  expect((await world.rows('DESCRIBE EXTENDED d.events')).at(-1)).toMatch(
    /^Detailed Table Information\tTable\(tableName:events, dbName:d, owner:hadoop, .*sd:StorageDescriptor\(cols:\[FieldSchema\(name:id, type:bigint, comment:the key\), /,
  )
  expect((await world.rows(`DESCRIBE EXTENDED d.events ${partition}`)).at(-1)).toMatch(
    /^Detailed Partition Information\tPartition\(values:\[2024-01-01, 1\], dbName:d, tableName:events, /,
  )
  expect((await world.run("DESCRIBE d.events PARTITION (dt = 'x', hour = 1)")).reason).toMatch('Partition not found')
})

test('SHOW CREATE TABLE tells of buckets', async () => {
  await world.run(
    "CREATE EXTERNAL TABLE d.b (a int, c string) CLUSTERED BY (a, c) SORTED BY (c DESC) INTO 4 BUCKETS LOCATION 's3://lake/b/'",
  )
  expect((await world.rows('SHOW CREATE TABLE d.b')).slice(3, 9)).toEqual([
    'CLUSTERED BY ( ',
    '  a, ',
    '  c) ',
    'SORTED BY ( ',
    '  c DESC) ',
    'INTO 4 BUCKETS',
  ])
})

test('SHOW TABLES and SHOW DATABASES take patterns', async () => {
  for (const name of ['clicks', 'visits', 'visit_days'])
    await world.run(`CREATE EXTERNAL TABLE d.${name} (a int) LOCATION 's3://lake/x/'`)
  expect(await world.rows('SHOW TABLES', { database: 'd' })).toEqual(['clicks', 'visit_days', 'visits'])
  expect(await world.rows(`SHOW TABLES IN d 'visit*'`)).toEqual(['visit_days', 'visits'])
  expect(await world.rows(`SHOW TABLES IN d 'c.*|visits'`)).toEqual(['clicks', 'visits'])
})

test('SHOW TBLPROPERTIES tells names and values', async () => {
  await world.run(EVENTS)
  const seconds = Math.floor(world.clock.nowMs() / 1000)
  expect(await world.rows('SHOW TBLPROPERTIES d.events')).toEqual([
    'EXTERNAL\tTRUE',
    'classification\tjson',
    'comment\tclicks',
    `transient_lastDdlTime\t${seconds}`,
  ])
})

test('SHOW CREATE TABLE gives a statement that makes the same table', async () => {
  await world.run(EVENTS)
  const lines = await world.rows('SHOW CREATE TABLE d.events')
  expect(lines.slice(0, 9)).toEqual([
    'CREATE EXTERNAL TABLE `events`(',
    "  `id` bigint COMMENT 'the key', ",
    '  `name` string)',
    "COMMENT 'clicks'",
    'PARTITIONED BY ( ',
    '  `dt` string, ',
    '  `hour` int)',
    'ROW FORMAT SERDE ',
    "  'org.openx.data.jsonserde.JsonSerDe' ",
  ])
  const before = await world.catalog.findTable('d', 'events')
  await world.run('DROP TABLE d.events')
  expect((await world.run(lines.join('\n'), { database: 'd' })).reason).toBeUndefined()
  const after = await world.catalog.findTable('d', 'events')
  expect(after?.storage).toEqual(before?.storage)
  expect(after?.partitionKeys).toEqual(before?.partitionKeys)
})

test('columns, properties and location can be changed', async () => {
  await world.run(EVENTS)
  await world.run('ALTER TABLE d.events ADD COLUMNS (extra double)')
  await world.run('ALTER TABLE d.events CHANGE COLUMN name title varchar(10)')
  await world.run(`ALTER TABLE d.events SET TBLPROPERTIES ('k'='v')`)
  await world.run(`ALTER TABLE d.events SET LOCATION 's3://lake/elsewhere/'`)
  const table = await world.catalog.findTable('d', 'events')
  expect(table?.storage?.columns.map((column) => `${column.name} ${column.type}`)).toEqual([
    'id bigint',
    'title varchar(10)',
    'extra double',
  ])
  expect(table?.storage?.location).toBe('s3://lake/elsewhere/')
  expect(table?.parameters).toMatchObject({ k: 'v' })
})

test('a view keeps its text and types, is expanded when read, replaced and dropped', async () => {
  await world.run(EVENTS)
  await world.run('CREATE VIEW d.names AS SELECT id, upper(name) AS loud FROM d.events')
  expect(await world.catalog.findTable('d', 'names')).toMatchObject({
    tableType: 'VIRTUAL_VIEW',
    viewExpandedText: '/* Presto View */',
    parameters: { presto_view: 'true', comment: 'Presto View' },
    storage: {
      columns: [
        { name: 'id', type: 'bigint' },
        { name: 'loud', type: 'string' },
      ],
    },
  })
  expect(await world.rows('SHOW CREATE VIEW d.names')).toEqual([
    'CREATE VIEW d.names AS',
    'SELECT id, upper(name) AS loud FROM d.events',
  ])
  expect(await world.rows('SHOW VIEWS IN d')).toEqual(['names'])
  expect(await reason('CREATE VIEW d.names AS SELECT 1 AS a')).toMatch(/^NOT_SUPPORTED: .*already exists/)
  expect(await reason('CREATE OR REPLACE VIEW d.names AS SELECT 1 AS a')).toBeUndefined()
  const execution = await world.run('SELECT * FROM d.names')
  expect(execution.result?.columns.map((column) => column.name)).toEqual(['a'])
  expect(await reason('DROP VIEW d.names')).toBeUndefined()
  expect(await reason('DROP VIEW d.names')).toMatch(/^TABLE_NOT_FOUND: /)
})

test('prepared statements are made, executed with values and dropped by SQL', async () => {
  await world.run('PREPARE one FROM SELECT ? + ? AS sum')
  expect((await world.run('EXECUTE one USING 1, 2')).state).toBe('SUCCEEDED')
  expect((await world.run('EXECUTE one', { parameters: ['1', '2'] })).state).toBe('SUCCEEDED')
  await expect(world.start('EXECUTE one USING 1')).rejects.toMatchObject({ code: 'invalidParameterUsage' })
  await world.run('DEALLOCATE PREPARE one')
  await expect(world.start('EXECUTE one USING 1, 2')).rejects.toThrow(/PreparedStatement one was not found/)
})

test('ExecutionParameters fill question marks; their number must agree; without any they are ignored', async () => {
  expect((await world.run('SELECT ? AS a', { parameters: ['abc'] })).result?.columns[0]?.type).toBe('varchar')
  expect((await world.run('SELECT ? AS a', { parameters: ["DATE '2024-01-01'"] })).result?.columns[0]?.type).toBe(
    'date',
  )
  expect((await world.run('SELECT 1 AS a', { parameters: ['x'] })).state).toBe('SUCCEEDED')
  await expect(world.start('SELECT ?')).rejects.toMatchObject({ code: 'invalidParameterUsage' })
})
