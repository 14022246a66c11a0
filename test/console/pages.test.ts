/** Each page of the console by its address, in both themes: it shows what it should, complains of nothing, and can be used by all. */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { titled } from '../support/installed.ts'
import { lakeOfFile } from '../support/lake-of-file.ts'
import { noBrowser, openBrowser, signedInTab, type Tab } from './browser.ts'
import { makeFirstLake } from './first-lake.ts'
import { PAGES } from './pages.ts'

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

interface Violation {
  readonly id: string
  readonly impact: string
  readonly help: string
  readonly nodes: readonly { readonly html: string }[]
}

describe.skipIf(noBrowser !== undefined)(titled('the console', noBrowser), () => {
  const { lake } = lakeOfFile()
  let browser: Browser
  const tabs: Partial<Record<'light' | 'dark', Tab>> = {}
  beforeAll(async () => {
    await makeFirstLake(lake())
    browser = await openBrowser()
    for (const colorScheme of ['light', 'dark'] as const)
      tabs[colorScheme] = await signedInTab(browser, lake(), { colorScheme })
  })
  afterAll(() => browser?.close())

  test.each(PAGES.flatMap((page) => (['light', 'dark'] as const).map((theme) => ({ ...page, theme }))))(
    '$name, $theme: shows what it is for, complains of nothing, has no serious violation',
    async ({ path, shows, theme }) => {
      const { page, complaints, go } = tabs[theme] as Tab
      const before = complaints.length
      await go(path)
      await page.getByText(shows).first().waitFor()
      await page.evaluate(AXE)
      const violations = (await page.evaluate(
        'axe.run(document, { resultTypes: ["violations"] }).then(({ violations }) => violations)',
      )) as readonly Violation[]
      const serious = violations
        .filter(({ impact }) => impact === 'serious' || impact === 'critical')
        .map(({ id, help, nodes }) => `${id}: ${help}: ${nodes[0]?.html.slice(0, 200)}`)
      expect(serious).toEqual([])
      expect(complaints.slice(before)).toEqual([])
      expect(await page.evaluate("document.body.classList.contains('awsui-dark-mode')")).toBe(theme === 'dark')
    },
  )

  test('the back button goes to the page before, and links are real addresses', async () => {
    const { page, go } = tabs.light as Tab
    await go('/glue/databases')
    await page.getByRole('link', { name: 'how-kinesis' }).first().click()
    await page.getByRole('link', { name: 'events', exact: true }).click()
    await page.getByText('page_url_path').first().waitFor()
    expect(new URL(page.url()).pathname).toBe('/_lakelet/console/glue/databases/how-kinesis/events')
    await page.goBack()
    await page.goBack()
    await page.getByRole('heading', { name: 'Databases' }).waitFor()
    await page.goForward()
    await page.getByRole('heading', { name: 'Tables of how-kinesis' }).waitFor()
  })

  test('nothing is asked of anybody else, and an idle page asks little', async () => {
    const { page, go } = await signedInTab(browser, lake())
    const asked: string[] = []
    page.on('request', (request) => asked.push(request.url()))
    await go('/')
    await page.getByText('rows, as last crawled').first().waitFor()
    await page.waitForLoadState('networkidle')
    expect([...new Set(asked.map((url) => new URL(url).origin))]).toEqual([lake().endpoint])
    const { length } = asked
    const startedAt = Date.now()
    // A page that waits is what is looked at here.
    await page.waitForTimeout(12_000)
    expect((asked.length - length) / ((Date.now() - startedAt) / 1000)).toBeLessThanOrEqual(2)
    await page.context().close()
  })
})
