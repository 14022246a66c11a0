/** The whole first lake by clicking: bucket, stream, events, crawler, table, query; each step is ticked as it is done. */
import { DescribeDeliveryStreamCommand } from '@aws-sdk/client-firehose'
import { GetBucketVersioningCommand, GetPublicAccessBlockCommand } from '@aws-sdk/client-s3'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { titled } from '../support/installed.ts'
import { lakeOfFile } from '../support/lake-of-file.ts'
import { noBrowser, openBrowser, signedInTab } from './browser.ts'

describe.skipIf(noBrowser !== undefined)(titled('the exercise without typing a command', noBrowser), () => {
  const { lake } = lakeOfFile()
  let browser: Browser
  beforeAll(async () => {
    browser = await openBrowser()
  })
  afterAll(() => browser?.close())

  test('goes from an empty lake to rows in the query editor', async () => {
    const { page, complaints, go } = await signedInTab(browser, lake())
    const done = (count: number) => page.getByText(`${count} of 6 steps are done`).first().waitFor()
    await go('/')
    await page.getByRole('button', { name: 'Guided exercise' }).first().click()
    await done(0)

    for (const name of ['how.raw', 'how.results']) {
      await go('/s3/create')
      await page.getByLabel('Bucket name').fill(name)
      await page.getByRole('button', { name: 'Create bucket' }).click()
      await page.getByText(`Bucket ${name} is made.`).first().waitFor()
    }
    await done(1)
    const Bucket = 'how.raw'
    expect((await lake().s3.send(new GetBucketVersioningCommand({ Bucket }))).Status).toBe('Enabled')
    expect(
      (await lake().s3.send(new GetPublicAccessBlockCommand({ Bucket }))).PublicAccessBlockConfiguration,
    ).toMatchObject({ BlockPublicAcls: true, RestrictPublicBuckets: true })

    await go('/firehose/streams/create')
    await page.getByLabel('Delivery stream name').fill('egd-how')
    await page
      .getByRole('button', { name: /S3 bucket/ })
      .first()
      .click()
    await page.getByRole('option', { name: 'how.raw' }).click()
    await page.getByText(/^s3:\/\/how\.raw\/events\/landing-date=\d{4}-\d\d-\d\d\/egd-how-1-/).waitFor()
    await page.getByLabel('Buffer interval, seconds').fill('5')
    await page.getByRole('button', { name: 'Create delivery stream' }).click()
    await page.getByText('Delivery stream egd-how is made.').first().waitFor()
    await done(2)
    const { DeliveryStreamDescription } = await lake().firehose.send(
      new DescribeDeliveryStreamCommand({ DeliveryStreamName: 'egd-how' }),
    )
    expect(DeliveryStreamDescription?.Destinations?.[0]?.ExtendedS3DestinationDescription).toMatchObject({
      CompressionFormat: 'GZIP',
      ErrorOutputPrefix: 'error',
      BufferingHints: { SizeInMBs: 1, IntervalInSeconds: 5 },
    })

    await page.getByRole('button', { name: 'Send test events' }).click()
    await page.getByLabel('For how many seconds').fill('3')
    await page.getByRole('button', { name: 'Send events' }).click()
    await page
      .getByText(/[1-9]\d* events taken by the stream/)
      .first()
      .waitFor()
    await done(3)

    await go('/glue/crawlers/create')
    await page.getByLabel('Name').fill('how-kinesis')
    await page.getByLabel('Include path').fill('s3://how.raw/events')
    await page.getByLabel('Database').fill('how-kinesis')
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: 'Create crawler' }).click()
    await page.getByText('Crawler how-kinesis is made.').first().waitFor()
    await done(4)
    await page.getByRole('button', { name: 'Run crawler' }).click()
    await page.getByText('Finished writing to Catalog').first().waitFor()
    await done(5)

    await go('/glue/databases/how-kinesis/events')
    await page.getByRole('link', { name: 'Query this' }).first().click()
    await page.getByPlaceholder('s3://how.results/').fill('s3://how.results/')
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: 'Save location' }).click()
    await page.getByText('Results of primary go to').first().waitFor()
    await page.getByRole('button', { name: 'Run', exact: true }).click()
    await page.getByText('Completed').waitFor()
    await page.getByRole('cell', { name: 'pageview' }).first().waitFor()
    await page.getByText('Your lake works, from events to answers.').first().waitFor()
    expect(complaints).toEqual([])
  })
})
