/** Tables with partition projection on a real lake: no partition is in the catalog, and each row has its keys. */
import { CreateBucketCommand, PutObjectCommand } from '@aws-sdk/client-s3'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { runSql } from '../../support/athena.ts'
import { startLake, type TestLake, temporaryDirectory } from '../../support/lake.ts'

const directory = temporaryDirectory()
let lake: TestLake
beforeAll(async () => {
  lake = await startLake(directory.path, ['--auth', 'open'])
  for (const Bucket of ['lake', 'how.results']) await lake.s3.send(new CreateBucketCommand({ Bucket }))
  for (const [day, hour] of [
    ['2026/01/01', '00'],
    ['2026/01/01', '07'],
    ['2026/01/02', '23'],
  ]) {
    const Body = `{"n":1,"at":"${day} ${hour}"}\n`
    await lake.s3.send(new PutObjectCommand({ Bucket: 'lake', Key: `logs/eu/${day}/${hour}/a.json`, Body }))
  }
  await succeeded('CREATE DATABASE d')
  await succeeded(`CREATE EXTERNAL TABLE d.logs (n int, at string)
    PARTITIONED BY (region string, day string, hour int)
    ROW FORMAT SERDE 'org.openx.data.jsonserde.JsonSerDe' LOCATION 's3://lake/logs/'
    TBLPROPERTIES ('projection.enabled' = 'true',
      'projection.region.type' = 'injected',
      'projection.day.type' = 'date', 'projection.day.format' = 'yyyy/MM/dd', 'projection.day.range' = '2020/01/01,2026/12/31',
      'projection.hour.type' = 'integer', 'projection.hour.range' = '0,23', 'projection.hour.digits' = '2',
      'storage.location.template' = 's3://lake/logs/\${region}/\${day}/\${hour}/')`)
})
afterAll(async () => {
  await lake.stop()
  directory.remove()
})

async function succeeded(sql: string) {
  const { rows, reason, execution } = await runSql(lake, sql)
  expect(reason).toBeUndefined()
  return { rows, execution }
}

test('rows have the keys of the folder that they lie in', async () => {
  const { rows } = await succeeded(
    "SELECT day, hour, at FROM d.logs WHERE region = 'eu' AND day LIKE '2026/01/0%' ORDER BY 1, 2",
  )
  expect(rows).toEqual([
    ['2026/01/01', '0', '2026/01/01 00'],
    ['2026/01/01', '7', '2026/01/01 07'],
    ['2026/01/02', '23', '2026/01/02 23'],
  ])
})

test('folders that are not there are no error, and others are not read', async () => {
  const { rows, execution } = await succeeded(
    "SELECT count(*), max(hour) FROM d.logs WHERE region = 'eu' AND day >= '2026/01/01' AND hour = 7",
  )
  expect(rows).toEqual([['1', '7']])
  expect(execution.Statistics?.DataScannedInBytes).toBeLessThan(50)
  expect((await succeeded("SELECT count(*) FROM d.logs WHERE region = 'us' AND day = '2026/01/01'")).rows).toEqual([
    ['0'],
  ])
})

test('seven years of hours are looked through', async () => {
  expect((await succeeded("SELECT count(*) FROM d.logs WHERE region = 'eu'")).rows).toEqual([['3']])
})

test('who does not say which regions there are is told to', async () => {
  const { reason } = await runSql(lake, 'SELECT count(*) FROM d.logs')
  expect(reason).toMatch(/^CONSTRAINT_VIOLATION: For the injected projected partition column region,/)
})
