/**
 * `npm run console:shots`: makes a picture of every page of the console, in both themes, of the first lake with a few days
 * of events, into the folder `console/shots` or the one given. Look at them.
 */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { noBrowser, openBrowser, signedInTab } from '../test/console/browser.ts'
import { makeFirstLake } from '../test/console/first-lake.ts'
import { PAGES } from '../test/console/pages.ts'
import { startLake, temporaryDirectory } from '../test/support/lake.ts'

const SQL =
  'SELECT page_url_path, count(*) AS views,\n       count(DISTINCT user_domain_id) AS visitors\nFROM events\nGROUP BY 1\nORDER BY views DESC;'

if (noBrowser !== undefined) {
  console.error(noBrowser)
  process.exit(1)
}
const folder = process.argv[2] ?? fileURLToPath(new URL('../console/shots', import.meta.url))
mkdirSync(folder, { recursive: true })
const directory = temporaryDirectory()
const lake = await startLake(directory.path)
const browser = await openBrowser()
try {
  await makeFirstLake(lake)
  for (const colorScheme of ['light', 'dark'] as const) {
    const { page, go } = await signedInTab(browser, lake, { colorScheme, viewport: { width: 1440, height: 960 } })
    for (const { name, path, shows } of PAGES) {
      await go(path)
      await page.getByText(shows).first().waitFor()
      await page.waitForLoadState('networkidle', { timeout: 5_000 }).catch(() => undefined)
      await page.screenshot({ path: join(folder, `${name}-${colorScheme}.png`) })
    }
    await go(`/athena/editor?database=how-kinesis&sql=${encodeURIComponent(SQL)}`)
    await page.getByRole('button', { name: 'Run', exact: true }).click()
    await page.getByText('Completed').waitFor()
    await page.getByRole('cell').first().waitFor()
    await page.screenshot({ path: join(folder, `athena-results-${colorScheme}.png`) })
    await page.getByRole('button', { name: 'Chart' }).click()
    await page.getByLabel('Chart of the result').first().scrollIntoViewIfNeeded()
    await page.screenshot({ path: join(folder, `athena-chart-${colorScheme}.png`) })
    await page.context().close()
  }
  console.log(`Pictures of ${PAGES.length + 2} pages in two themes are in ${folder}`)
} finally {
  await browser.close()
  await lake.stop()
  directory.remove()
}
