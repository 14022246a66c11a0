/** The query editor under what users do to it: large results, many tables, reloads, a lake that is started anew, slow networks. */
import { CreateDataCatalogCommand } from '@aws-sdk/client-athena'
import { CreateTableCommand } from '@aws-sdk/client-glue'
import type { Browser } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { titled } from '../support/installed.ts'
import { startLake, type TestLake, temporaryDirectory } from '../support/lake.ts'
import { noBrowser, openBrowser, signedInTab, type Tab } from './browser.ts'
import { DATABASE, makeFirstLake } from './first-lake.ts'

describe.skipIf(noBrowser !== undefined)(titled('the query editor', noBrowser), () => {
  const directory = temporaryDirectory()
  let lake: TestLake
  let browser: Browser
  let tab: Tab
  beforeAll(async () => {
    lake = await startLake(directory.path)
    await makeFirstLake(lake)
    browser = await openBrowser()
  })
  afterAll(async () => {
    await browser?.close()
    await lake?.stop()
    directory.remove()
  })
  beforeEach(async () => {
    tab = await signedInTab(browser, lake)
    await tab.go('/athena/editor')
    await tab.page
      .getByRole('button', { name: /Database/ })
      .first()
      .click()
    await tab.page.getByRole('option', { name: DATABASE }).click()
  })
  afterEach(() => tab.page.context().close())

  const write = async (sql: string) => {
    await tab.page.locator('.cm-content').fill(sql)
    await tab.page.keyboard.press('Escape')
  }
  const run = async () => {
    await tab.page.getByRole('button', { name: /^Run( again)?$/ }).click()
  }

  test('shows tables and views with their columns, and a click puts a name into the query', async () => {
    const { page } = tab
    await page.getByText('Tables (1)').waitFor()
    await page.getByText('Views (1)').waitFor()
    await page.getByRole('button', { name: /events Partitioned/ }).click()
    await page.getByText('string (Partitioned)').waitFor()
    await write('SELECT ')
    await page.locator('.cm-content').press('End')
    await page.getByRole('button', { name: 'geo_country' }).click()
    expect(await page.locator('.cm-content').innerText()).toContain('geo_country')
  })

  test('another name of the catalog is a data source, too', async () => {
    const { page } = tab
    await lake.athena.send(
      new CreateDataCatalogCommand({ Name: 'shared', Type: 'GLUE', Parameters: { 'catalog-id': '000000000000' } }),
    )
    await page.reload()
    await page
      .getByRole('button', { name: /Data source/ })
      .first()
      .click()
    await page.getByRole('option', { name: 'shared' }).click()
    await write('SELECT count(*) AS n FROM events')
    await run()
    await page.getByRole('cell', { name: '900' }).waitFor()
  })

  test('completes columns and functions, and lays a query out', async () => {
    const { page } = tab
    await page.locator('.cm-content').click()
    await page.keyboard.type('select approx_dis')
    await page.locator('.cm-tooltip-autocomplete').getByText('approx_distinct').waitFor()
    await page.keyboard.press('Escape')
    await write('select count(*) from events where geo_country is not null')
    await page.getByRole('button', { name: 'Format' }).click()
    await expect.poll(() => page.locator('.cm-content').innerText()).toContain('SELECT\n  count(*)\nFROM\n  events')
  })

  test('a failed query says why and underlines the place', async () => {
    const { page } = tab
    await write('SELECT count(*)\nFROM events\nWHERE nope = 1')
    await run()
    await page.getByText("COLUMN_NOT_FOUND: line 3:7: Column 'nope' cannot be resolved").waitFor()
    await expect.poll(() => page.locator('.cm-lintRange-error').innerText()).toBe('nope')
    await write('SELEC 1')
    await run()
    await page.getByText('The query was not started').waitFor()
    await page.getByText(/mismatched input 'SELEC'/).waitFor()
  })

  test('only what is selected runs, when that is asked for', async () => {
    const { page } = tab
    await write('SELECT 1 AS one')
    await page.locator('.cm-content').press('Control+a')
    await page.keyboard.type('SELECT 2 AS two')
    await page.locator('.cm-content').press('Control+a')
    await page.getByRole('button', { name: 'Run selection' }).click()
    await page.getByRole('columnheader', { name: 'two' }).waitFor()
  })

  test('results are sorted, searched and drawn', async () => {
    const { page } = tab
    await write('SELECT page_url_path, views FROM pages ORDER BY views DESC')
    await run()
    const first = () => page.locator('.grid [role="rowgroup"] >> nth=1').locator('[role="row"] >> nth=0')
    await first().waitFor()
    await page.getByRole('button', { name: 'views', exact: true }).click()
    const lowest = Number(await first().locator('[role="cell"] >> nth=2').innerText())
    await page.getByRole('button', { name: /^views/ }).click()
    await expect
      .poll(async () => Number(await first().locator('[role="cell"] >> nth=2').innerText()))
      .toBeGreaterThan(lowest)
    await page.getByPlaceholder('Search rows').fill('cart')
    await expect.poll(() => first().locator('[role="cell"] >> nth=1').innerText()).toBe('/cart')
    await page.getByPlaceholder('Search rows').fill('')
    await page.getByRole('button', { name: 'Chart' }).click()
    await page.getByLabel('Chart of the result').first().waitFor()
  })

  test('100,000 rows can be scrolled to their end, a few of them drawn at a time', async () => {
    const { page } = tab
    await write(
      'SELECT a * 1000 + b AS n FROM UNNEST(sequence(0, 99)) AS x (a), UNNEST(sequence(0, 999)) AS y (b) ORDER BY 1',
    )
    await run()
    await page.getByText('(100,000)').waitFor({ timeout: 60_000 })
    const grid = page.locator('.grid')
    await grid.focus()
    await grid.press('End')
    await page.getByRole('cell', { name: '99999', exact: true }).last().waitFor()
    expect(await page.locator('.grid [role="row"]').count()).toBeLessThan(60)
    const longest = await page.evaluate(`(async () => {
      const element = document.querySelector('.grid')
      let last = performance.now()
      let most = 0
      for (let step = 0; step < 60; step++) {
        element.scrollTo({ top: (element.scrollHeight / 60) * step })
        await new Promise(requestAnimationFrame)
        most = Math.max(most, performance.now() - last)
        last = performance.now()
      }
      return most
    })()`)
    // A frame that takes half a second is a page that stands still.
    expect(longest).toBeLessThan(500)
  })

  test('tabs survive a reload, and two browser tabs keep their own', async () => {
    const { page } = tab
    await write('SELECT 1 AS mine')
    await page.getByRole('button', { name: 'New query' }).click()
    await write('SELECT 2 AS other')
    await page.reload()
    await expect.poll(() => page.locator('.cm-content').innerText()).toBe('SELECT 2 AS other')
    const second = await page.context().newPage()
    await second.goto(page.url())
    await second.locator('.cm-content').fill('SELECT 3 AS theirs')
    await page.reload()
    await expect.poll(() => page.locator('.cm-content').innerText()).toBe('SELECT 2 AS other')
    await page.getByRole('tab', { name: /Query 1/ }).click()
    await expect.poll(() => page.locator('.cm-content').innerText()).toBe('SELECT 1 AS mine')
  })

  test('a query under way is cancelled', async () => {
    const { page } = tab
    await write(
      'SELECT count(*) FROM UNNEST(sequence(1, 10000)) a (x), UNNEST(sequence(1, 10000)) b (y), UNNEST(sequence(1, 1000)) c (z) WHERE x * y % 7 = z',
    )
    await run()
    await page.getByText('Running', { exact: true }).waitFor()
    await page.getByRole('button', { name: 'Cancel' }).click()
    await page.getByText('Query cancelled by user').waitFor()
  })

  test('saved queries open in a tab of their own', async () => {
    const { page } = tab
    await write('SELECT 5 AS five')
    await page.getByRole('button', { name: 'Save', exact: true }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Name').fill('Five')
    await dialog.getByRole('button', { name: 'Save', exact: true }).click()
    await page.getByText('The query is saved as Five.').waitFor()
    await tab.go('/athena/saved')
    await page.getByRole('link', { name: 'Five' }).click()
    await expect.poll(() => page.locator('.cm-content').innerText()).toBe('SELECT 5 AS five')
  })

  test('a thousand tables are listed and found', async () => {
    const { page } = tab
    for (let at = 0; at < 1_000; at += 50)
      await Promise.all(
        Array.from({ length: 50 }, (_, index) =>
          lake.glue.send(
            new CreateTableCommand({
              DatabaseName: DATABASE,
              TableInput: {
                Name: `many_${String(at + index).padStart(4, '0')}`,
                StorageDescriptor: {
                  Columns: [{ Name: `column_${at + index}`, Type: 'string' }],
                  Location: 's3://how.raw/x/',
                },
              },
            }),
          ),
        ),
      )
    await page.reload()
    await page.getByText('Tables (1,001)').waitFor({ timeout: 30_000 })
    await page.getByPlaceholder('Filter tables, views and columns').fill('column_777')
    await page.getByText('Tables (1)').waitFor()
    await page.getByRole('button', { name: 'many_0777', exact: true }).waitFor()
  })

  test('a lake that is started anew in the middle of work goes on where it was', async () => {
    const { page, go } = tab
    await write('SELECT 8 AS eight')
    const { port } = new URL(lake.endpoint)
    await lake.kill()
    await run()
    await page.getByText('The query was not started').waitFor()
    lake = await startLake(directory.path, ['--port', port])
    await run()
    await page.getByRole('columnheader', { name: 'eight' }).waitFor()
    await go('/')
    await page.getByText('rows, as last crawled').first().waitFor()
  })

  test('a slow network shows what is on its way, and then the page', async () => {
    const { page, go } = tab
    const client = await page.context().newCDPSession(page)
    await client.send('Network.emulateNetworkConditions', {
      offline: false,
      latency: 400,
      downloadThroughput: 200_000,
      uploadThroughput: 100_000,
    })
    await go('/glue/tables')
    await page.getByText('Loading').first().waitFor()
    await page.getByRole('link', { name: 'events', exact: true }).waitFor({ timeout: 60_000 })
  })
})
