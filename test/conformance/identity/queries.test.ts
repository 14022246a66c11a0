/** Athena is no way round Glue's and S3's policies: what a user may query, table by table and object by object. */
import {
  GetQueryResultsCommand,
  GetTableMetadataCommand,
  ListDatabasesCommand,
  ListTableMetadataCommand,
  StartQueryExecutionCommand,
} from '@aws-sdk/client-athena'
import {
  CreateBucketCommand,
  DeleteBucketPolicyCommand,
  ListObjectsV2Command,
  PutBucketPolicyCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { runSql } from '../../support/athena.ts'
import { policyText, type StatementGiven } from '../../support/policies.ts'
import { ANN, lakeWithAnn, outcome } from './support.ts'

let world: Awaited<ReturnType<typeof lakeWithAnn>>
beforeAll(async () => {
  world = await lakeWithAnn()
  const { lake } = world
  for (const Bucket of [SHOP, STAFF, RESULTS]) await lake.s3.send(new CreateBucketCommand({ Bucket }))
  await lake.s3.send(new PutObjectCommand({ Bucket: SHOP, Key: 'orders/a.json', Body: '{"id":1}\n' }))
  await lake.s3.send(new PutObjectCommand({ Bucket: SHOP, Key: 'orders/b.json', Body: '{"id":2}\n' }))
  await lake.s3.send(new PutObjectCommand({ Bucket: STAFF, Key: 'wages/a.json', Body: '{"id":3}\n' }))
  const rows = `(id int) ROW FORMAT SERDE 'org.openx.data.jsonserde.JsonSerDe'`
  for (const sql of [
    'CREATE DATABASE shop',
    'CREATE DATABASE staff',
    `CREATE EXTERNAL TABLE shop.orders ${rows} LOCATION 's3://${SHOP}/orders/'`,
    `CREATE EXTERNAL TABLE staff.wages ${rows} LOCATION 's3://${STAFF}/wages/'`,
    'CREATE VIEW shop.rich AS SELECT id FROM staff.wages',
  ])
    expect((await runSql(lake, sql, { output: OUTPUT })).reason).toBeUndefined()
})
afterEach(async () => {
  for (const Bucket of [SHOP, RESULTS]) await world.lake.s3.send(new DeleteBucketPolicyCommand({ Bucket }))
})
afterAll(() => world.close())

const SHOP = 'the.shop'
const STAFF = 'the.staff'
const RESULTS = 'the.results'
const OUTPUT = `s3://${RESULTS}/ann/`
const ORDERS = 'SELECT id FROM shop.orders ORDER BY id'
const WAGES = 'SELECT id FROM staff.wages'
const RICH = 'SELECT id FROM shop.rich'

const WORKGROUP = 'arn:aws:athena:us-east-1:000000000000:workgroup/primary'
const glue = (rest: string) => `arn:aws:glue:us-east-1:000000000000:${rest}`
const s3 = (rest: string) => `arn:aws:s3:::${rest}`
const ALL: StatementGiven = {}
/** What AWS's own guide gives to who may query one table. */
const ONE_TABLE: readonly StatementGiven[] = [
  { Action: ['athena:StartQueryExecution', 'athena:GetQueryExecution', 'athena:GetQueryResults'] },
  {
    Action: ['glue:GetDatabase', 'glue:GetTable', 'glue:GetPartitions'],
    Resource: ['catalog', 'database/shop', 'table/shop/orders'].map(glue),
  },
  { Action: ['s3:ListBucket', 's3:GetObject'], Resource: [s3(SHOP), s3(`${SHOP}/orders/*`)] },
  { Action: ['s3:PutObject', 's3:GetObject'], Resource: s3(`${RESULTS}/ann/*`) },
]

const asAnn = (sql: string) => runSql(world.ann, sql, { output: OUTPUT })

/** The rows she gets, or why she gets none. */
async function answer(sql: string): Promise<unknown> {
  const { rows, reason } = await asAnn(sql)
  return reason ?? rows.flat()
}

const denied = (
  action: string,
  resource: string,
  why = `because no identity-based policy allows the ${action} action`,
) => `PERMISSION_DENIED: User: ${ANN} is not authorized to perform: ${action} on resource: ${resource} ${why}`
const EXPLICITLY = 'with an explicit deny in an identity-based policy'

test.each<[may: string, statements: readonly StatementGiven[], gets: readonly [sql: string, outcome: unknown][]]>([
  [
    'all',
    [ALL],
    [
      [ORDERS, ['1', '2']],
      [WAGES, ['3']],
      [RICH, ['3']],
    ],
  ],
  ['athena:* alone', [{ Action: 'athena:*' }], [[ORDERS, denied('glue:GetDatabase', glue('catalog'))]]],
  ['athena:* and s3:*', [{ Action: ['athena:*', 's3:*'] }], [[ORDERS, denied('glue:GetDatabase', glue('catalog'))]]],
  ['athena:* and glue:*', [{ Action: ['athena:*', 'glue:*'] }], [[ORDERS, denied('s3:ListBucket', s3(SHOP))]]],
  [
    'query one table',
    ONE_TABLE,
    [
      [ORDERS, ['1', '2']],
      [WAGES, denied('glue:GetDatabase', glue('database/staff'))],
      [RICH, denied('glue:GetTable', glue('table/shop/rich'))],
      ['SELECT id FROM shop.none', denied('glue:GetTable', glue('table/shop/none'))],
      [`SELECT (SELECT max(id) FROM staff.wages) FROM shop.orders`, denied('glue:GetDatabase', glue('database/staff'))],
      ['WITH wages AS (SELECT id FROM shop.orders) SELECT max(id) FROM wages', ['2']],
      ['DROP TABLE shop.orders', denied('glue:DeleteTable', glue('catalog'))],
      ['CREATE VIEW shop.v AS SELECT id FROM shop.orders', denied('glue:GetTable', glue('table/shop/v'))],
      ['SHOW DATABASES', denied('glue:GetDatabases', glue('catalog'))],
      ['PREPARE mine FROM SELECT 1', denied('athena:CreatePreparedStatement', WORKGROUP)],
    ],
  ],
  [
    'all but read one bucket',
    [ALL, { Effect: 'Deny', Action: 's3:*', Resource: [s3(STAFF), s3(`${STAFF}/*`)] }],
    [
      [ORDERS, ['1', '2']],
      [WAGES, denied('s3:ListBucket', s3(STAFF), EXPLICITLY)],
      [RICH, denied('s3:ListBucket', s3(STAFF), EXPLICITLY)],
    ],
  ],
  [
    'all but read one object',
    [ALL, { Effect: 'Deny', Action: 's3:GetObject', Resource: s3(`${SHOP}/orders/b.json`) }],
    [
      [ORDERS, denied('s3:GetObject', s3(`${SHOP}/orders/b.json`), EXPLICITLY)],
      [WAGES, ['3']],
    ],
  ],
  [
    'all but one database',
    [ALL, { Effect: 'Deny', Action: 'glue:*', Resource: [glue('database/staff'), glue('table/staff/*')] }],
    [
      [ORDERS, ['1', '2']],
      [WAGES, denied('glue:GetDatabase', glue('database/staff'), EXPLICITLY)],
      [RICH, denied('glue:GetDatabase', glue('database/staff'), EXPLICITLY)],
      ['SHOW DATABASES', ['shop']],
    ],
  ],
  [
    'what NotResource leaves',
    [{ NotResource: [s3(`${STAFF}/*`)] }],
    [
      [ORDERS, ['1', '2']],
      [WAGES, denied('s3:GetObject', s3(`${STAFF}/wages/a.json`))],
    ],
  ],
  [
    'all but write results',
    [ALL, { Effect: 'Deny', Action: 's3:PutObject', Resource: s3(`${RESULTS}/*`) }],
    [
      [
        ORDERS,
        expect.stringMatching(/^Access denied when writing output to url: s3:\/\/the\.results\/ann\/[-0-9a-f]+\.csv/),
      ],
    ],
  ],
])('who may %s', async (_may, statements, gets) => {
  await world.allow(...statements)
  for (const [sql, expected] of gets) expect(await answer(sql), sql).toEqual(expected)
})

test('a refused query has FAILED with category 2 and type 1500, and leaves no result', async () => {
  await world.allow({ Action: 'athena:*' })
  const { execution } = await asAnn(WAGES)
  const message = denied('glue:GetDatabase', glue('catalog'))
  expect(execution.Status).toMatchObject({
    State: 'FAILED',
    StateChangeReason: message,
    AthenaError: { ErrorCategory: 2, ErrorType: 1500, Retryable: false, ErrorMessage: message },
  })
  const Prefix = `ann/${execution.QueryExecutionId}`
  expect((await world.lake.s3.send(new ListObjectsV2Command({ Bucket: RESULTS, Prefix }))).KeyCount).toBe(0)
})

test('who may not start queries is refused at once', async () => {
  await world.allow({ Action: ['glue:*', 's3:*'] })
  const start = new StartQueryExecutionCommand({
    QueryString: ORDERS,
    ResultConfiguration: { OutputLocation: OUTPUT },
  })
  await expect(world.ann.athena.send(start)).rejects.toMatchObject({
    name: 'AccessDeniedException',
    message: expect.stringContaining(
      'athena:StartQueryExecution on resource: arn:aws:athena:us-east-1:000000000000:workgroup/primary',
    ),
  })
})

async function denyIn(Bucket: string, statement: StatementGiven): Promise<void> {
  const Policy = policyText({ Effect: 'Deny', Principal: '*', Resource: s3(`${Bucket}/*`), ...statement })
  await world.lake.s3.send(new PutBucketPolicyCommand({ Bucket, Policy }))
}

test('a bucket’s policy that denies the data stops the query, also root’s', async () => {
  await world.allow(ALL)
  await denyIn(SHOP, { Action: 's3:GetObject' })
  const reason = 'with an explicit deny in a resource-based policy'
  expect(await answer(ORDERS)).toBe(denied('s3:GetObject', s3(`${SHOP}/orders/a.json`), reason))
  expect((await runSql(world.lake, ORDERS, { output: OUTPUT })).reason).toContain(reason)
  expect(await answer(WAGES)).toEqual(['3'])
})

test('a bucket’s policy that denies the result stops who writes and who reads it', async () => {
  await world.allow(ALL)
  const { execution } = await asAnn(ORDERS)
  const { QueryExecutionId } = execution
  const results = new GetQueryResultsCommand({ QueryExecutionId })
  await denyIn(RESULTS, { Action: ['s3:GetObject', 's3:PutObject'] })
  await expect(world.ann.athena.send(results)).rejects.toMatchObject({
    name: 'AccessDeniedException',
    message: `User: ${ANN} is not authorized to perform: s3:GetObject on resource: ${s3(`${RESULTS}/ann/${QueryExecutionId}.csv`)} with an explicit deny in a resource-based policy`,
  })
  expect(await outcome(world.lake.athena.send(results))).toBe('AccessDeniedException')
  expect(await answer(ORDERS)).toMatch(/^Access denied when writing output to url/)
  await world.lake.s3.send(new DeleteBucketPolicyCommand({ Bucket: RESULTS }))
  expect((await world.ann.athena.send(results)).ResultSet?.Rows).toHaveLength(3)
})

test('a bucket’s policy may open the data to a user who has no right to it of her own', async () => {
  await world.allow(...ONE_TABLE.slice(0, 2), {
    Action: ['s3:PutObject', 's3:GetObject'],
    Resource: s3(`${RESULTS}/*`),
  })
  expect(await answer(ORDERS)).toBe(denied('s3:ListBucket', s3(SHOP)))
  const Policy = policyText({
    Principal: { AWS: ANN },
    Action: ['s3:ListBucket', 's3:GetObject'],
    Resource: [s3(SHOP), s3(`${SHOP}/*`)],
  })
  await world.lake.s3.send(new PutBucketPolicyCommand({ Bucket: SHOP, Policy }))
  expect(await answer(ORDERS)).toEqual(['1', '2'])
})

test('rows of another’s query are given only to who may read their object', async () => {
  const { execution } = await runSql(world.lake, WAGES, { output: `s3://${RESULTS}/as-root/` })
  const results = new GetQueryResultsCommand({ QueryExecutionId: execution.QueryExecutionId })
  await world.allow(...ONE_TABLE)
  expect(await outcome(world.ann.athena.send(results))).toBe('AccessDeniedException')
  await world.allow(...ONE_TABLE, { Action: 's3:GetObject', Resource: s3(`${RESULTS}/as-root/*`) })
  expect(await outcome(world.ann.athena.send(results))).toBe('allowed')
})

test('what Athena shows of the catalog is what Glue would show', async () => {
  const CatalogName = 'AwsDataCatalog'
  const table = (DatabaseName: string, TableName: string) =>
    outcome(world.ann.athena.send(new GetTableMetadataCommand({ CatalogName, DatabaseName, TableName })))
  await world.allow({ Action: 'athena:*' })
  expect(await table('shop', 'orders')).toBe('AccessDeniedException')
  await world.allow({ Action: 'athena:*' }, ...ONE_TABLE)
  expect(await table('shop', 'orders')).toBe('allowed')
  expect(await table('staff', 'wages')).toBe('AccessDeniedException')
  await world.allow(ALL, {
    Effect: 'Deny',
    Action: 'glue:*',
    Resource: [glue('database/staff'), glue('table/shop/rich')],
  })
  const { DatabaseList } = await world.ann.athena.send(new ListDatabasesCommand({ CatalogName }))
  expect(DatabaseList?.map(({ Name }) => Name)).toEqual(['shop'])
  const list = new ListTableMetadataCommand({ CatalogName, DatabaseName: 'shop' })
  const { TableMetadataList } = await world.ann.athena.send(list)
  expect(TableMetadataList?.map(({ Name }) => Name)).toEqual(['orders'])
})
