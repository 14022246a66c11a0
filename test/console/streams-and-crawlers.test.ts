/** Streams and crawlers under the hands of a user: records that failed, events that are stopped, schedules, things made and deleted. */

import { GetWorkGroupCommand } from '@aws-sdk/client-athena'
import {
  DeleteDeliveryStreamCommand,
  DescribeDeliveryStreamCommand,
  ListDeliveryStreamsCommand,
} from '@aws-sdk/client-firehose'
import { GetCrawlerCommand, GetDatabasesCommand } from '@aws-sdk/client-glue'
import { ListRolePoliciesCommand } from '@aws-sdk/client-iam'
import { DeleteBucketCommand, PutObjectCommand } from '@aws-sdk/client-s3'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { titled } from '../support/installed.ts'
import { lakeOfFile } from '../support/lake-of-file.ts'
import { noBrowser, openBrowser, signedInTab, type Tab } from './browser.ts'
import { makeFirstLake } from './first-lake.ts'

describe.skipIf(noBrowser !== undefined)(titled('streams and crawlers in the console', noBrowser), () => {
  const { lake } = lakeOfFile()
  let browser: Browser
  let tab: Tab
  beforeAll(async () => {
    await makeFirstLake(lake())
    browser = await openBrowser()
  })
  afterAll(() => browser?.close())
  beforeEach(async () => {
    tab = await signedInTab(browser, lake())
    return () => tab.page.context().close()
  })

  test('records that failed are shown decoded, with why', async () => {
    const record = {
      attemptsMade: 1,
      arrivalTimestamp: Date.UTC(2026, 10, 26, 7),
      errorCode: 'Lambda.FunctionError',
      errorMessage: 'The function says no.',
      rawData: Buffer.from('{"page":"/cart — é"}').toString('base64'),
    }
    await lake().s3.send(
      new PutObjectCommand({
        Bucket: 'how.raw',
        Key: 'errorprocessing-failed/2026/11/26/07/egd-how-1-2026-11-26-07-00-00-x',
        Body: `${JSON.stringify(record)}\n`,
      }),
    )
    await tab.go('/firehose/streams/egd-how?tab=errors')
    await tab.page.getByText('The function says no.').waitFor()
    await tab.page.getByText('{"page":"/cart — é"}').waitFor()
  })

  test('the newest object is found in a folder of more than a thousand', async () => {
    const folder = 'events/landing-date=2026-12-31/'
    for (let at = 0; at < 1_100; at += 100)
      await Promise.all(
        Array.from({ length: 100 }, (_, index) =>
          lake().s3.send(
            new PutObjectCommand({
              Bucket: 'how.raw',
              Key: `${folder}egd-how-1-2026-12-31-${String(at + index).padStart(5, '0')}`,
              Body: '{}',
            }),
          ),
        ),
      )
    const newest = `${folder}egd-how-1-2026-12-31-01100`
    await lake().s3.send(new PutObjectCommand({ Bucket: 'how.raw', Key: newest, Body: '{}' }))
    await tab.go('/firehose/streams/egd-how?tab=objects')
    await tab.page.getByRole('link', { name: newest }).waitFor()
  })

  test('a role of an earlier try gets the rights for the bucket of this one', async () => {
    const { page, go } = tab
    const make = async (bucket: string, name: string) => {
      await go('/firehose/streams/create')
      await page.getByLabel('Delivery stream name').fill(name)
      await page
        .getByRole('button', { name: /S3 bucket/ })
        .first()
        .click()
      await page.getByRole('option', { name: bucket }).click()
      await page.getByRole('button', { name: 'Create delivery stream' }).click()
      await page.getByText(`Delivery stream ${name} is made.`).first().waitFor()
    }
    const remove = async (name: string) => {
      const { firehose } = lake()
      await expect
        .poll(async () => {
          const { DeliveryStreamDescription: stream } = await firehose.send(
            new DescribeDeliveryStreamCommand({ DeliveryStreamName: name }),
          )
          return stream?.DeliveryStreamStatus
        })
        .toBe('ACTIVE')
      await firehose.send(new DeleteDeliveryStreamCommand({ DeliveryStreamName: name }))
      await expect
        .poll(async () => (await firehose.send(new ListDeliveryStreamsCommand({}))).DeliveryStreamNames)
        .not.toContain(name)
    }
    await make('how.raw', 'twice')
    await remove('twice')
    await make('how.results', 'twice')
    const { PolicyNames } = await lake().iam.send(
      new ListRolePoliciesCommand({ RoleName: 'KinesisFirehoseServiceRole-twice' }),
    )
    expect(PolicyNames).toEqual(['how.raw-access', 'how.results-access'])
    await remove('twice')
  })

  test('test events are stopped when that is asked for', async () => {
    const { page, go } = tab
    await go('/firehose/streams/egd-how')
    await page.getByRole('button', { name: 'Send test events' }).click()
    await page.getByLabel('Events a second').fill('50')
    await page.getByRole('button', { name: 'Send events' }).click()
    await page.getByText(/^[1-9]\d* events, /).waitFor()
    await page.getByRole('button', { name: 'Stop sending' }).click()
    await page
      .getByText(/[1-9]\d* events taken by the stream/)
      .first()
      .waitFor()
    await page.getByRole('button', { name: 'Send events' }).waitFor()
  })

  test('a prefix that Firehose would refuse is refused while it is typed', async () => {
    const { page, go } = tab
    await go('/firehose/streams/create')
    await page.getByLabel('S3 bucket prefix').fill('events/!{timestamp:yyyy/')
    await page.getByText('Invalid expression usage').waitFor()
    await page.getByText('Mend the prefix first').waitFor()
    await page.getByText('Show as AWS CLI command').click()
    await page.getByText(/aws firehose create-delivery-stream/).waitFor()
  })

  test('a schedule is said in words and kept', async () => {
    const { page, go } = tab
    await go('/glue/crawlers/how-kinesis')
    await page.getByRole('button', { name: 'Schedule' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Schedule').fill('cron(30 4 ? * MON-FRI *)')
    await dialog.getByText('At 04:30 from Monday to Friday (UTC)').waitFor()
    await dialog.getByRole('button', { name: 'Save' }).click()
    await page.getByText('At 04:30 from Monday to Friday (UTC)').first().waitFor()
    const { Crawler } = await lake().glue.send(new GetCrawlerCommand({ Name: 'how-kinesis' }))
    expect(Crawler?.Schedule?.ScheduleExpression).toBe('cron(30 4 ? * MON-FRI *)')
  })

  test('a database is made, and deleted only when its name was typed', async () => {
    const { page, go } = tab
    const names = async () =>
      ((await lake().glue.send(new GetDatabasesCommand({}))).DatabaseList ?? []).map(({ Name }) => Name)
    await go('/glue/databases')
    await page.getByRole('button', { name: 'Add database' }).click()
    await page.getByRole('dialog').getByLabel('Name', { exact: true }).fill('other')
    await page.getByRole('dialog').getByRole('button', { name: 'Add' }).click()
    await page.getByText('Database other is made.').first().waitFor()
    expect(await names()).toContain('other')
    await page.getByRole('radio', { name: 'other' }).check({ force: true })
    await page.getByRole('button', { name: 'Delete' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('textbox').fill('othe')
    expect(await dialog.getByRole('button', { name: 'Delete' }).isDisabled()).toBe(true)
    await dialog.getByRole('textbox').fill('other')
    await dialog.getByRole('button', { name: 'Delete' }).click()
    await page.getByText('Database other is deleted.').first().waitFor()
    expect(await names()).not.toContain('other')
  })

  test('a workgroup is made, changed and deleted', async () => {
    const { page, go } = tab
    await go('/athena/workgroups')
    await page.getByRole('button', { name: 'Create workgroup' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Name', { exact: true }).fill('how')
    await dialog.getByLabel('Location of query results').fill('s3://how.results/how/')
    await dialog.getByRole('button', { name: 'Create' }).click()
    await page.getByText('Workgroup how is made.').first().waitFor()
    await page.getByRole('link', { name: 'how', exact: true }).click()
    await page.getByLabel('Data that one query may scan, MB').fill('100')
    await page.getByRole('button', { name: 'Save changes' }).click()
    await page.getByText('Workgroup how is changed.').first().waitFor()
    const { WorkGroup } = await lake().athena.send(new GetWorkGroupCommand({ WorkGroup: 'how' }))
    expect(WorkGroup?.Configuration).toMatchObject({
      BytesScannedCutoffPerQuery: 100_000_000,
      ResultConfiguration: { OutputLocation: 's3://how.results/how/' },
    })
    await go('/athena/workgroups')
    await page.getByRole('radio', { name: 'how' }).check({ force: true })
    await page.getByRole('button', { name: 'Delete' }).click()
    await page.getByRole('dialog').getByRole('textbox').fill('how')
    await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click()
    await page.getByText('Workgroup how is deleted.').first().waitFor()
  })

  test('a workflow shows what starts what, and runs', async () => {
    const { page, go } = tab
    await go('/glue/workflows')
    const graph = page.locator('.workflow')
    await graph.getByText('every-night').waitFor()
    await graph.getByText('At 03:00 every day (UTC)').waitFor()
    await graph.getByRole('link', { name: 'how-kinesis' }).waitFor()
  })

  test('what is wrong is told on the first page, with what to do', async () => {
    const { page, go } = tab
    await go('/s3/buckets')
    await page.getByRole('radio', { name: 'how.raw' }).check({ force: true })
    await page.getByRole('button', { name: 'Delete' }).click()
    await page.getByRole('dialog').getByRole('textbox').fill('how.raw')
    await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click()
    await page.getByText('BucketNotEmpty').waitFor()
    await page.getByText('Empty the bucket first.').waitFor()
    await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click()
    await page.getByRole('button', { name: 'Empty' }).click()
    await page.getByRole('dialog').getByRole('textbox').fill('how.raw')
    await page.getByRole('dialog').getByRole('button', { name: 'Empty' }).click()
    await page.getByText('Bucket how.raw is empty.').first().waitFor()
    await lake().s3.send(new DeleteBucketCommand({ Bucket: 'how.raw' }))
    await go('/')
    await page.getByText('Stream egd-how has no bucket').waitFor()
    await page.getByText('The bucket how.raw is not there').waitFor()
    await page.getByText('See above').waitFor()
  })
})
