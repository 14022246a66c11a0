/** Objects in the browser: uploaded, looked into, deleted and brought back, by the thousand. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { GetQueryExecutionCommand, StartQueryExecutionCommand } from '@aws-sdk/client-athena'
import { CreateDatabaseCommand } from '@aws-sdk/client-glue'
import {
  CreateBucketCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutBucketVersioningCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { titled } from '../support/installed.ts'
import { eventually } from '../support/lake.ts'
import { lakeOfFile } from '../support/lake-of-file.ts'
import { noBrowser, openBrowser, signedInTab, type Tab } from './browser.ts'

const MANY = 2_300

describe.skipIf(noBrowser !== undefined)(titled('objects in the console', noBrowser), () => {
  const made = lakeOfFile()
  const { lake } = made
  let browser: Browser
  let tab: Tab
  beforeAll(async () => {
    for (const Bucket of ['files', 'many']) await lake().s3.send(new CreateBucketCommand({ Bucket }))
    await lake().s3.send(
      new PutBucketVersioningCommand({ Bucket: 'files', VersioningConfiguration: { Status: 'Enabled' } }),
    )
    browser = await openBrowser()
  })
  afterAll(() => browser?.close())
  beforeEach(async () => {
    tab = await signedInTab(browser, lake())
    return () => tab.page.context().close()
  })

  test('files are uploaded, the large ones in parts, and are the same', async () => {
    const { page, go } = tab
    const small = join(made.folder, 'small.json')
    const large = join(made.folder, 'large.bin')
    writeFileSync(small, '{"a":1,"b":"x"}\n{"a":2,"b":null}\n')
    writeFileSync(large, Buffer.alloc(20 * 1024 * 1024, 7))
    await go('/s3/buckets/files?prefix=in%2F')
    await page.getByLabel('Files to upload').setInputFiles([small, large])
    await page.getByText('(2/2)').waitFor()
    await page.getByRole('link', { name: 'small.json' }).waitFor()
    const head = await lake().s3.send(new HeadObjectCommand({ Bucket: 'files', Key: 'in/large.bin' }))
    expect([head.ContentLength, head.ETag?.endsWith('-3"')]).toEqual([20 * 1024 * 1024, true])

    await page.getByRole('link', { name: 'small.json' }).click()
    await page.getByText('JSON lines: 2 rows').waitFor()
    await page.getByRole('columnheader', { name: 'b' }).waitFor()
  })

  test.each([
    ['lines.csv', Buffer.from('a,b\n1,"x, y"\n'), 'CSV: 1 row', 'x, y'],
    ['lines.csv.gz', gzipSync('a,b\n1,two\n'), 'CSV in gzip: 1 row', 'two'],
    ['notes.txt', Buffer.from('just words\n'), 'Text', 'just words'],
    ['bytes.bin', Buffer.from([0, 1, 2, 255]), 'Binary', 'This is no text'],
  ])('%s can be looked into', async (Key, Body, format, content) => {
    await lake().s3.send(new PutObjectCommand({ Bucket: 'files', Key, Body }))
    await tab.go(`/s3/buckets/files/objects/${Key}`)
    await tab.page.getByText(format).first().waitFor()
    await tab.page.getByText(content).first().waitFor()
  })

  test('a Parquet file is shown as rows', async () => {
    await lake().glue.send(new CreateDatabaseCommand({ DatabaseInput: { Name: 'd' } }))
    const { QueryExecutionId } = await lake().athena.send(
      new StartQueryExecutionCommand({
        QueryString: `CREATE TABLE d.p WITH (external_location = 's3://files/parquet/') AS
          SELECT 'seven' AS name, BIGINT '9007199254740993' AS big, DECIMAL '1.50' AS price, DATE '2026-11-27' AS day`,
        ResultConfiguration: { OutputLocation: 's3://files/results/' },
      }),
    )
    const key = await eventually('the file is there', async () => {
      const { QueryExecution } = await lake().athena.send(new GetQueryExecutionCommand({ QueryExecutionId }))
      if (QueryExecution?.Status?.State !== 'SUCCEEDED') return undefined
      const { Contents = [] } = await lake().s3.send(new ListObjectsV2Command({ Bucket: 'files', Prefix: 'parquet/' }))
      return Contents[0]?.Key
    })
    await tab.go(`/s3/buckets/files/objects/${encodeURIComponent(key)}`)
    await tab.page.getByText('Parquet: 1 row').waitFor()
    for (const value of ['seven', '9007199254740993', '1.5', /^2026-11-27/])
      await tab.page.getByText(value).first().waitFor()
  })

  test('what was deleted is brought back from its versions', async () => {
    const { page, go } = tab
    await lake().s3.send(new PutObjectCommand({ Bucket: 'files', Key: 'undo/me.txt', Body: 'x' }))
    await go('/s3/buckets/files?prefix=undo%2F')
    await page.getByRole('checkbox', { name: 'me.txt' }).check({ force: true })
    await page.getByRole('button', { name: 'Delete', exact: true }).click()
    const dialog = page.getByRole('dialog')
    expect(await dialog.getByRole('button', { name: 'Delete' }).isDisabled()).toBe(true)
    await dialog.getByRole('textbox').fill('permanently delete')
    await dialog.getByRole('button', { name: 'Delete' }).click()
    await page.getByText('No objects').waitFor()
    await page.getByLabel('Show versions').check({ force: true })
    await page.getByText('Delete marker').waitFor()
    await page.getByRole('checkbox', { name: 'me.txt' }).first().check({ force: true })
    await page.getByRole('button', { name: 'Undelete' }).click()
    await page.getByText('the objects are back').first().waitFor()
    const head = await lake().s3.send(new HeadObjectCommand({ Bucket: 'files', Key: 'undo/me.txt' }))
    expect(head.ContentLength).toBe(1)
  })

  test('thousands of objects are paged through, and found by their beginning', async () => {
    const { page, go } = tab
    for (let at = 0; at < MANY; at += 100)
      await Promise.all(
        Array.from({ length: 100 }, (_, index) =>
          lake().s3.send(
            new PutObjectCommand({ Bucket: 'many', Key: `k${String(at + index).padStart(5, '0')}`, Body: 'x' }),
          ),
        ),
      )
    await go('/s3/buckets/many')
    await page.getByText('(1,000+)').waitFor()
    // Twenty pages of fifty are what one call has listed; the next is asked for when it is wanted.
    for (let turned = 0; turned < 20; turned++) await page.getByRole('button', { name: 'Next page' }).click()
    await page.getByRole('link', { name: 'k01000' }).waitFor()
    await page.getByPlaceholder('Find objects by prefix').fill('k0222')
    await page.getByText('(10)').waitFor()
    await page.getByRole('link', { name: 'k02229' }).waitFor()
  })
})
