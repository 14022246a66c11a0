/** The AWS SDK for JavaScript asks a real lake: queries, results, workgroups, saved and prepared statements, metadata. */
import { gzipSync } from 'node:zlib'
import {
  type AthenaServiceException,
  BatchGetNamedQueryCommand,
  BatchGetQueryExecutionCommand,
  CreateDataCatalogCommand,
  CreateNamedQueryCommand,
  CreatePreparedStatementCommand,
  CreateWorkGroupCommand,
  DeleteDataCatalogCommand,
  DeleteNamedQueryCommand,
  DeletePreparedStatementCommand,
  DeleteWorkGroupCommand,
  GetDatabaseCommand,
  GetDataCatalogCommand,
  GetNamedQueryCommand,
  GetPreparedStatementCommand,
  GetQueryExecutionCommand,
  GetQueryResultsCommand,
  GetQueryRuntimeStatisticsCommand,
  GetTableMetadataCommand,
  GetWorkGroupCommand,
  ListDatabasesCommand,
  ListDataCatalogsCommand,
  ListEngineVersionsCommand,
  ListNamedQueriesCommand,
  ListPreparedStatementsCommand,
  ListQueryExecutionsCommand,
  ListTableMetadataCommand,
  ListTagsForResourceCommand,
  ListWorkGroupsCommand,
  type QueryExecution,
  StartQueryExecutionCommand,
  type StartQueryExecutionCommandInput,
  StopQueryExecutionCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateDataCatalogCommand,
  UpdateNamedQueryCommand,
  UpdatePreparedStatementCommand,
  UpdateWorkGroupCommand,
} from '@aws-sdk/client-athena'
import { CreateKeyCommand, KMSClient } from '@aws-sdk/client-kms'
import { CreateBucketCommand, GetObjectCommand, HeadObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startLake, type TestLake, temporaryDirectory } from '../../support/lake.ts'

const directory = temporaryDirectory()
let lake: TestLake
beforeAll(async () => {
  lake = await startLake(directory.path)
  for (const Bucket of ['lake', 'results']) await lake.s3.send(new CreateBucketCommand({ Bucket }))
  const Body = gzipSync('{"Id":1,"name":"x","tags":["a"]}\n{"Id":2,"name":null}\n{"Id":3,"name":""}\n')
  await lake.s3.send(new PutObjectCommand({ Bucket: 'lake', Key: 'events/dt=2024-01-01/a.gz', Body }))
  await run('CREATE DATABASE d')
  await run(`CREATE EXTERNAL TABLE d.events (id bigint, name string, tags array<string>) PARTITIONED BY (dt string)
    ROW FORMAT SERDE 'org.openx.data.jsonserde.JsonSerDe' LOCATION 's3://lake/events/'`)
  await run('MSCK REPAIR TABLE d.events')
})
afterAll(async () => {
  await lake.stop()
  directory.remove()
})

type Options = Partial<StartQueryExecutionCommandInput>

async function start(QueryString: string, options: Options = {}): Promise<string> {
  const ResultConfiguration = { OutputLocation: 's3://results/' }
  const started = await lake.athena.send(
    new StartQueryExecutionCommand({ QueryString, ResultConfiguration, ...options }),
  )
  return started.QueryExecutionId ?? ''
}

async function run(sql: string, options: Options = {}): Promise<QueryExecution> {
  const QueryExecutionId = await start(sql, options)
  for (;;) {
    const { QueryExecution } = await lake.athena.send(new GetQueryExecutionCommand({ QueryExecutionId }))
    const state = QueryExecution?.Status?.State
    if (QueryExecution !== undefined && state !== 'QUEUED' && state !== 'RUNNING') return QueryExecution
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}

async function results(sql: string, options: Options = {}) {
  const execution = await run(sql, options)
  const { QueryExecutionId } = execution
  return { execution, ...(await lake.athena.send(new GetQueryResultsCommand({ QueryExecutionId }))) }
}

const refusal = (promise: Promise<unknown>) =>
  promise.then(
    () => {
      throw new Error('It was not refused.')
    },
    (error: AthenaServiceException & { AthenaErrorCode?: string }) => ({
      name: error.name,
      code: error.AthenaErrorCode,
      message: error.message,
    }),
  )

/** Cells of a row joined by bars. */
async function rowsOf({ QueryExecutionId }: QueryExecution): Promise<readonly string[]> {
  const { ResultSet } = await lake.athena.send(new GetQueryResultsCommand({ QueryExecutionId }))
  return (ResultSet?.Rows ?? []).map(({ Data }) => (Data ?? []).map((cell) => cell.VarCharValue).join('|'))
}

test('a query over partitioned gzip JSON: rows, columns, statistics and result object', async () => {
  const { execution, ResultSet, UpdateCount } = await results('SELECT id, name, tags, dt FROM d.events ORDER BY id')
  expect(ResultSet?.Rows?.map((row) => row.Data)).toEqual([
    [{ VarCharValue: 'id' }, { VarCharValue: 'name' }, { VarCharValue: 'tags' }, { VarCharValue: 'dt' }],
    [{ VarCharValue: '1' }, { VarCharValue: 'x' }, { VarCharValue: '[a]' }, { VarCharValue: '2024-01-01' }],
    [{ VarCharValue: '2' }, {}, {}, { VarCharValue: '2024-01-01' }],
    [{ VarCharValue: '3' }, { VarCharValue: '' }, {}, { VarCharValue: '2024-01-01' }],
  ])
  expect(ResultSet?.ResultSetMetadata?.ColumnInfo?.[0]).toEqual({
    CatalogName: 'hive',
    SchemaName: '',
    TableName: '',
    Name: 'id',
    Label: 'id',
    Type: 'bigint',
    Precision: 19,
    Scale: 0,
    Nullable: 'UNKNOWN',
    CaseSensitive: false,
  })
  expect(UpdateCount).toBe(0)
  expect(execution).toMatchObject({
    StatementType: 'DML',
    SubstatementType: 'SELECT',
    WorkGroup: 'primary',
    ResultConfiguration: { OutputLocation: `s3://results/${execution.QueryExecutionId}.csv` },
    EngineVersion: { SelectedEngineVersion: 'AUTO', EffectiveEngineVersion: 'Athena engine version 3' },
    Statistics: { ResultReuseInformation: { ReusedPreviousResult: false } },
  })
  expect(execution.Statistics?.DataScannedInBytes).toBeGreaterThan(0)
  const object = await lake.s3.send(
    new GetObjectCommand({ Bucket: 'results', Key: `${execution.QueryExecutionId}.csv` }),
  )
  expect(await object.Body?.transformToString()).toBe(
    '"id","name","tags","dt"\n"1","x","[a]","2024-01-01"\n"2",,,"2024-01-01"\n"3","",,"2024-01-01"\n',
  )
})

test('context and parameters travel with the execution', async () => {
  const { execution, ResultSet } = await results('SELECT count(*) FROM events WHERE id > ?', {
    QueryExecutionContext: { Database: 'd', Catalog: 'AwsDataCatalog' },
    ExecutionParameters: ['1'],
  })
  expect(ResultSet?.Rows?.[1]?.Data).toEqual([{ VarCharValue: '2' }])
  expect(execution).toMatchObject({
    QueryExecutionContext: { Database: 'd', Catalog: 'awsdatacatalog' },
    ExecutionParameters: ['1'],
  })
})

test('results come in pages', async () => {
  const { QueryExecutionId } = await run('SELECT x FROM UNNEST(sequence(1, 5)) AS t(x) ORDER BY x')
  const sizes: number[] = []
  let NextToken: string | undefined
  do {
    const page = await lake.athena.send(new GetQueryResultsCommand({ QueryExecutionId, NextToken, MaxResults: 3 }))
    sizes.push(page.ResultSet?.Rows?.length ?? 0)
    NextToken = page.NextToken
  } while (NextToken !== undefined)
  expect(sizes).toEqual([3, 3, 0])
})

test('refusals carry name, code and text', async () => {
  expect(await refusal(start('SELEC 1'))).toMatchObject({
    name: 'InvalidRequestException',
    code: 'MALFORMED_QUERY',
    message: expect.stringMatching(/^line 1:1: mismatched input 'SELEC'/),
  })
  expect(await refusal(start('SELECT 1', { WorkGroup: 'nope' }))).toMatchObject({ code: 'INVALID_INPUT' })
  expect(await refusal(lake.athena.send(new GetQueryExecutionCommand({ QueryExecutionId: 'nope' })))).toMatchObject({
    name: 'InvalidRequestException',
    message: expect.stringContaining('nope'),
  })
  expect(await refusal(start('SELECT ?'))).toMatchObject({ code: 'INVALID_PARAMETER_USAGE' })
})

test('a failed query says why', async () => {
  const { Status } = await run('SELECT nope FROM d.events')
  expect(Status).toMatchObject({
    State: 'FAILED',
    StateChangeReason: expect.stringMatching(/^COLUMN_NOT_FOUND: line 1:8: Column 'nope' cannot be resolved/),
    AthenaError: { ErrorCategory: 2, ErrorType: 1006, Retryable: false },
  })
})

test('EXPLAIN shows the plan and reads nothing; ANALYZE runs it and tells what each operator gave', async () => {
  const sql = "SELECT name, count(*) FROM d.events WHERE id < 3 AND dt = '2024-01-01' GROUP BY name"
  const plan = await run(`EXPLAIN ${sql}`)
  expect(plan.Statistics?.DataScannedInBytes).toBe(0)
  expect((await rowsOf(plan)).join('\n')).toContain(
    'TableScan[table = [awsdatacatalog:d:events], columns = [Id, name]]',
  )
  const analysed = await run(`EXPLAIN ANALYZE ${sql}`)
  expect(analysed.Statistics?.DataScannedInBytes).toBe((await run(sql)).Statistics?.DataScannedInBytes)
  const lines = (await rowsOf(analysed)).map((line) => line.replaceAll(/[\d.]+(us|ms|s)\b/g, '_').trim())
  expect(lines[0]).toBe('Query Plan')
  expect(lines.find((line) => line.startsWith('CPU: _, Output: 2 rows'))).toBeDefined()
  expect((await run('EXPLAIN (FORMAT JSON) SELECT 1')).Status?.State).toBe('SUCCEEDED')
})

test('SHOW FUNCTIONS lists every signature under a header', async () => {
  const rows = await rowsOf(await run("SHOW FUNCTIONS LIKE 'array\\_min' ESCAPE '\\'"))
  expect(rows).toEqual([
    'Function|Return Type|Argument Types|Function Type|Deterministic|Description',
    'array_min|T|array(T:orderable)|scalar|true|',
  ])
})

test('a result is kept under the key of KMS that was asked for, and read back', async () => {
  const kms = new KMSClient({ endpoint: lake.endpoint, region: 'us-east-1', credentials: lake.credentials })
  const { KeyMetadata } = await kms.send(new CreateKeyCommand({}))
  const KmsKey = KeyMetadata?.KeyId ?? ''
  const EncryptionConfiguration = { EncryptionOption: 'SSE_KMS', KmsKey } as const
  const ResultConfiguration = { OutputLocation: 's3://results/', EncryptionConfiguration }
  const execution = await run('SELECT 1 AS one', { ResultConfiguration })
  expect(execution.ResultConfiguration).toMatchObject({ EncryptionConfiguration })
  const Key = execution.ResultConfiguration?.OutputLocation?.replace('s3://results/', '') ?? ''
  for (const object of [Key, `${Key}.metadata`])
    expect(await lake.s3.send(new HeadObjectCommand({ Bucket: 'results', Key: object }))).toMatchObject({
      ServerSideEncryption: 'aws:kms',
      SSEKMSKeyId: KeyMetadata?.Arn,
    })
  expect(await rowsOf(execution)).toEqual(['one', '1'])
  const unknown = { EncryptionOption: 'SSE_KMS', KmsKey: '00000000-0000-0000-0000-000000000000' } as const
  await expect(
    start('SELECT 1', { ResultConfiguration: { ...ResultConfiguration, EncryptionConfiguration: unknown } }),
  ).rejects.toThrow(unknown.KmsKey)
})

test('a query that would read more than its workgroup allows is cancelled before it has', async () => {
  const Body = Buffer.alloc(10_000_001, '{"id":1}\n')
  await lake.s3.send(new PutObjectCommand({ Bucket: 'lake', Key: 'large/a.json', Body }))
  await run(`CREATE EXTERNAL TABLE d.large (id bigint)
    ROW FORMAT SERDE 'org.openx.data.jsonserde.JsonSerDe' LOCATION 's3://lake/large/'`)
  const Configuration = { BytesScannedCutoffPerQuery: 10_000_000, EnforceWorkGroupConfiguration: false }
  await lake.athena.send(new CreateWorkGroupCommand({ Name: 'small', Configuration }))
  const execution = await run('SELECT count(*) FROM d.large', { WorkGroup: 'small' })
  expect(execution.Status).toMatchObject({
    State: 'CANCELLED',
    StateChangeReason: expect.stringContaining('Bytes scanned limit was exceeded'),
  })
  expect((await run('SELECT id FROM d.events', { WorkGroup: 'small' })).Status?.State).toBe('SUCCEEDED')
  await lake.athena.send(new DeleteWorkGroupCommand({ WorkGroup: 'small', RecursiveDeleteOption: true }))
  await run('DROP TABLE d.large')
})

test('a query can be stopped', async () => {
  const many = 'UNNEST(sequence(1, 9000))'
  const QueryExecutionId = await start(
    `SELECT count(*) FROM ${many} a(x) CROSS JOIN ${many} b(y) CROSS JOIN ${many} c(z) WHERE (x * y + z) % 7 = 3`,
  )
  await lake.athena.send(new StopQueryExecutionCommand({ QueryExecutionId }))
  for (;;) {
    const { QueryExecution } = await lake.athena.send(new GetQueryExecutionCommand({ QueryExecutionId }))
    if (QueryExecution?.Status?.State === 'CANCELLED') {
      expect(QueryExecution.Status.StateChangeReason).toBe('Query cancelled by user')
      return
    }
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
})

test('executions are listed newest first, got in batches, and their times told', async () => {
  const first = await run('SELECT 1')
  const second = await run('SELECT 2')
  const { QueryExecutionIds } = await lake.athena.send(new ListQueryExecutionsCommand({ MaxResults: 2 }))
  expect(QueryExecutionIds).toEqual([second.QueryExecutionId, first.QueryExecutionId])
  const batch = await lake.athena.send(
    new BatchGetQueryExecutionCommand({ QueryExecutionIds: [first.QueryExecutionId ?? '', 'nope'] }),
  )
  expect(batch.QueryExecutions).toHaveLength(1)
  expect(batch.UnprocessedQueryExecutionIds).toMatchObject([{ QueryExecutionId: 'nope' }])
  const { QueryRuntimeStatistics } = await lake.athena.send(
    new GetQueryRuntimeStatisticsCommand({ QueryExecutionId: first.QueryExecutionId }),
  )
  expect(QueryRuntimeStatistics?.Rows?.OutputRows).toBe(1)
})

test('workgroups are made, changed, tagged, listed and deleted', async () => {
  const WorkGroup = 'team'
  await lake.athena.send(
    new CreateWorkGroupCommand({
      Name: WorkGroup,
      Description: 'ours',
      Configuration: { ResultConfiguration: { OutputLocation: 's3://results/team/' } },
      Tags: [{ Key: 'k', Value: 'v' }],
    }),
  )
  const made = await lake.athena.send(new GetWorkGroupCommand({ WorkGroup }))
  expect(made.WorkGroup).toMatchObject({
    Name: WorkGroup,
    State: 'ENABLED',
    Description: 'ours',
    Configuration: {
      ResultConfiguration: { OutputLocation: 's3://results/team/' },
      EnforceWorkGroupConfiguration: true,
      PublishCloudWatchMetricsEnabled: true,
      RequesterPaysEnabled: false,
      EngineVersion: { SelectedEngineVersion: 'AUTO', EffectiveEngineVersion: 'Athena engine version 3' },
    },
  })
  const { ResultConfiguration } = await run('SELECT 1', { WorkGroup, ResultConfiguration: undefined })
  expect(ResultConfiguration?.OutputLocation).toMatch(/^s3:\/\/results\/team\//)
  expect(await refusal(lake.athena.send(new CreateWorkGroupCommand({ Name: WorkGroup })))).toMatchObject({
    code: 'INVALID_INPUT',
    message: 'WorkGroup already exists',
  })
  await lake.athena.send(
    new UpdateWorkGroupCommand({
      WorkGroup,
      State: 'DISABLED',
      ConfigurationUpdates: {
        EnforceWorkGroupConfiguration: false,
        BytesScannedCutoffPerQuery: 10_000_000,
        ResultConfigurationUpdates: { RemoveOutputLocation: true },
      },
    }),
  )
  const changed = await lake.athena.send(new GetWorkGroupCommand({ WorkGroup }))
  expect(changed.WorkGroup).toMatchObject({
    State: 'DISABLED',
    Configuration: {
      ResultConfiguration: {},
      EnforceWorkGroupConfiguration: false,
      BytesScannedCutoffPerQuery: 10_000_000,
    },
  })
  const ResourceARN = 'arn:aws:athena:us-east-1:000000000000:workgroup/team'
  await lake.athena.send(new TagResourceCommand({ ResourceARN, Tags: [{ Key: 'more', Value: '1' }] }))
  await lake.athena.send(new UntagResourceCommand({ ResourceARN, TagKeys: ['k'] }))
  const { Tags } = await lake.athena.send(new ListTagsForResourceCommand({ ResourceARN }))
  expect(Tags).toEqual([{ Key: 'more', Value: '1' }])
  const { WorkGroups } = await lake.athena.send(new ListWorkGroupsCommand({}))
  expect(WorkGroups?.map((group) => group.Name)).toEqual(['primary', 'team'])
  expect(await refusal(lake.athena.send(new DeleteWorkGroupCommand({ WorkGroup })))).toMatchObject({
    message: 'WorkGroup team is not empty',
  })
  await lake.athena.send(new DeleteWorkGroupCommand({ WorkGroup, RecursiveDeleteOption: true }))
  expect(await refusal(lake.athena.send(new GetWorkGroupCommand({ WorkGroup })))).toMatchObject({
    message: 'WorkGroup is not found.',
  })
})

test('saved queries are kept, changed and deleted', async () => {
  const saved = { Name: 'top', Database: 'd', QueryString: 'SELECT 1', Description: 'first' }
  const { NamedQueryId } = await lake.athena.send(new CreateNamedQueryCommand(saved))
  const found = await lake.athena.send(new GetNamedQueryCommand({ NamedQueryId }))
  expect(found.NamedQuery).toEqual({ ...saved, NamedQueryId, WorkGroup: 'primary' })
  await lake.athena.send(new UpdateNamedQueryCommand({ NamedQueryId, Name: 'best', QueryString: 'SELECT 2' }))
  expect((await lake.athena.send(new ListNamedQueriesCommand({}))).NamedQueryIds).toEqual([NamedQueryId])
  const batch = await lake.athena.send(new BatchGetNamedQueryCommand({ NamedQueryIds: [NamedQueryId ?? '', 'nope'] }))
  expect(batch.NamedQueries).toMatchObject([{ Name: 'best', QueryString: 'SELECT 2' }])
  expect(batch.UnprocessedNamedQueryIds).toMatchObject([{ NamedQueryId: 'nope' }])
  await lake.athena.send(new DeleteNamedQueryCommand({ NamedQueryId }))
  expect((await lake.athena.send(new ListNamedQueriesCommand({}))).NamedQueryIds).toEqual([])
})

test('prepared statements are kept by workgroup', async () => {
  const named = { StatementName: 'by_id', WorkGroup: 'primary' }
  const QueryStatement = 'SELECT name FROM d.events WHERE id = ?'
  await lake.athena.send(new CreatePreparedStatementCommand({ ...named, QueryStatement }))
  const found = await lake.athena.send(new GetPreparedStatementCommand(named))
  expect(found.PreparedStatement).toMatchObject({ StatementName: 'by_id', WorkGroupName: 'primary', QueryStatement })
  const { ResultSet } = await results('EXECUTE by_id USING 1')
  expect(ResultSet?.Rows?.[1]?.Data).toEqual([{ VarCharValue: 'x' }])
  await lake.athena.send(new UpdatePreparedStatementCommand({ ...named, QueryStatement: 'SELECT ?' }))
  const list = await lake.athena.send(new ListPreparedStatementsCommand({ WorkGroup: 'primary' }))
  expect(list.PreparedStatements).toMatchObject([{ StatementName: 'by_id' }])
  await lake.athena.send(new DeletePreparedStatementCommand(named))
  expect(await refusal(lake.athena.send(new GetPreparedStatementCommand(named)))).toMatchObject({
    name: 'ResourceNotFoundException',
  })
})

test('a data catalog of the same account is another name of the lake’s own', async () => {
  const Parameters = { 'catalog-id': '000000000000' }
  const made = { Name: 'shared', Type: 'GLUE', Description: 'd', Parameters } as const
  const ResourceARN = 'arn:aws:athena:us-east-1:000000000000:datacatalog/shared'
  await lake.athena.send(new CreateDataCatalogCommand({ ...made, Tags: [{ Key: 'k', Value: 'v' }] }))
  expect((await lake.athena.send(new GetDataCatalogCommand({ Name: 'shared' }))).DataCatalog).toMatchObject(made)
  const { DataCatalogsSummary = [] } = await lake.athena.send(new ListDataCatalogsCommand({}))
  expect(DataCatalogsSummary.map(({ CatalogName }) => CatalogName)).toEqual(['AwsDataCatalog', 'shared'])
  await lake.athena.send(new TagResourceCommand({ ResourceARN, Tags: [{ Key: 'l', Value: 'w' }] }))
  await lake.athena.send(new UntagResourceCommand({ ResourceARN, TagKeys: ['k'] }))
  expect((await lake.athena.send(new ListTagsForResourceCommand({ ResourceARN }))).Tags).toEqual([
    { Key: 'l', Value: 'w' },
  ])
  const { DatabaseList } = await lake.athena.send(new ListDatabasesCommand({ CatalogName: 'shared' }))
  expect(DatabaseList).toMatchObject([{ Name: 'd' }])
  const { ResultSet } = await results('SELECT count(*) = (SELECT count(*) FROM d.events) FROM shared.d.events')
  expect(ResultSet?.Rows?.[1]?.Data).toEqual([{ VarCharValue: 'true' }])

  await lake.athena.send(new UpdateDataCatalogCommand({ Name: 'shared', Type: 'GLUE', Parameters }))
  const { DataCatalog } = await lake.athena.send(new GetDataCatalogCommand({ Name: 'shared' }))
  expect(DataCatalog?.Description).toBeUndefined()
  const { DataCatalog: gone } = await lake.athena.send(new DeleteDataCatalogCommand({ Name: 'shared' }))
  expect(gone).toMatchObject({ Name: 'shared', Status: 'DELETE_COMPLETE' })
  expect(await refusal(lake.athena.send(new GetDataCatalogCommand({ Name: 'shared' })))).toMatchObject({
    name: 'InvalidRequestException',
    message: 'DataCatalog shared was not found',
  })
})

test.each([
  [{ Name: 'x', Type: 'LAMBDA', Parameters: { function: 'arn' } }, /^Data catalogs of type LAMBDA are not supported/],
  [{ Name: 'x', Type: 'GLUE', Parameters: { 'catalog-id': '111122223333' } }, /^The catalog of account 111122223333/],
  [{ Name: 'x', Type: 'GLUE' }, /needs the parameter catalog-id/],
  [{ Name: 'awsdatacatalog', Type: 'GLUE', Parameters: { 'catalog-id': '000000000000' } }, /already exists/],
] as const)('the data catalog %j is refused', async (input, message) => {
  expect(await refusal(lake.athena.send(new CreateDataCatalogCommand(input)))).toMatchObject({
    name: 'InvalidRequestException',
    message: expect.stringMatching(message),
  })
})

test('the catalog is shown as Athena shows it', async () => {
  const CatalogName = 'AwsDataCatalog'
  expect((await lake.athena.send(new GetDataCatalogCommand({ Name: CatalogName }))).DataCatalog).toMatchObject({
    Name: CatalogName,
    Type: 'GLUE',
  })
  expect((await lake.athena.send(new ListDataCatalogsCommand({}))).DataCatalogsSummary).toMatchObject([{ CatalogName }])
  const databases = await lake.athena.send(new ListDatabasesCommand({ CatalogName }))
  expect(databases.DatabaseList).toMatchObject([{ Name: 'd' }])
  const database = await lake.athena.send(new GetDatabaseCommand({ CatalogName, DatabaseName: 'd' }))
  expect(database.Database?.Name).toBe('d')
  const { TableMetadata } = await lake.athena.send(
    new GetTableMetadataCommand({ CatalogName, DatabaseName: 'd', TableName: 'events' }),
  )
  expect(TableMetadata).toMatchObject({
    Name: 'events',
    TableType: 'EXTERNAL_TABLE',
    PartitionKeys: [{ Name: 'dt', Type: 'string' }],
    Parameters: {
      location: 's3://lake/events',
      'serde.serialization.lib': 'org.openx.data.jsonserde.JsonSerDe',
      'serde.param.serialization.format': '1',
    },
  })
  const tables = await lake.athena.send(new ListTableMetadataCommand({ CatalogName, DatabaseName: 'd' }))
  expect(tables.TableMetadataList).toHaveLength(1)
  const missing = lake.athena.send(new GetDatabaseCommand({ CatalogName, DatabaseName: 'nope' }))
  expect(await refusal(missing)).toMatchObject({ name: 'MetadataException' })
  expect((await lake.athena.send(new ListEngineVersionsCommand({}))).EngineVersions).toHaveLength(2)
})
