/** Each page of the console by its address: it shows what it should, complains of nothing, and can be used by all, in both themes. */
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
  let tab: Tab
  beforeAll(async () => {
    await makeFirstLake(lake())
    browser = await openBrowser()
    tab = await signedInTab(browser, lake())
  })
  afterAll(() => browser?.close())

  const seriousViolations = async (options: object = {}) => {
    const violations = (await tab.page.evaluate(
      `axe.run(document, ${JSON.stringify({ resultTypes: ['violations'], ...options })}).then(({ violations }) => violations)`,
    )) as readonly Violation[]
    return violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .map(({ id, help, nodes }) => `${id}: ${help}: ${nodes[0]?.html.slice(0, 200)}`)
  }

  test.each(PAGES)('$name: shows what it is for, complains of nothing, has no serious violation', async (one) => {
    const { page, complaints, go } = tab
    const before = complaints.length
    await go(one.path)
    await page.getByText(one.shows).first().waitFor()
    await page.evaluate(AXE)
    expect(await seriousViolations()).toEqual([])
    await page.getByRole('button', { name: 'Use dark colours' }).click()
    expect(await page.evaluate("document.body.classList.contains('awsui-dark-mode')")).toBe(true)
    expect(await seriousViolations({ runOnly: ['color-contrast'] })).toEqual([])
    await page.getByRole('button', { name: 'Use light colours' }).click()
    expect(complaints.slice(before)).toEqual([])
  })

  test('the back button goes to the page before, and links are real addresses', async () => {
    const { page, go } = tab
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
