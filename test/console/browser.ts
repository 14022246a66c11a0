/** A real browser on a real lake's console: Debian's chromium, driven by playwright-core. */
import { existsSync } from 'node:fs'
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import type { TestLake } from '../support/lake.ts'

const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']
const program = [process.env['LAKELET_TEST_CHROMIUM'] ?? '', ...PLACES].find((path) => path !== '' && existsSync(path))

/** The reason to skip, or undefined when there is a browser. */
export const noBrowser =
  program === undefined
    ? `skipped: chromium is not installed (looked for LAKELET_TEST_CHROMIUM, ${PLACES.join(', ')})`
    : undefined

export const CONSOLE = '/_lakelet/console'

export function openBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: program ?? '', args: ['--no-sandbox'] })
}

export interface Tab {
  readonly page: Page
  /** What the page has complained of, in the browser's words. */
  readonly complaints: readonly string[]
  /** To a page of the console, as if its address had been typed. */
  go(path: string): Promise<void>
}

/** A browser tab of somebody who is signed in with the lake's root key. */
export async function signedInTab(
  browser: Browser,
  lake: Pick<TestLake, 'endpoint' | 'credentials'>,
  options: BrowserContextOptions = {},
): Promise<Tab> {
  const context = await browser.newContext({
    viewport: { width: 1440, height: 900 },
    reducedMotion: 'reduce',
    ...options,
  })
  const { accessKeyId, secretAccessKey } = lake.credentials
  const session = JSON.stringify(JSON.stringify({ accessKeyId, secretAccessKey, region: 'us-east-1' }))
  await context.addInitScript(`
    if (sessionStorage.getItem('lakelet.session') === null) sessionStorage.setItem('lakelet.session', ${session})`)
  return tabOf(await context.newPage(), lake)
}

export function tabOf(page: Page, { endpoint }: Pick<TestLake, 'endpoint'>): Tab {
  page.setDefaultTimeout(20_000)
  const complaints: string[] = []
  page.on('console', (message) => {
    // What a bucket does not have is answered with 404, and the browser says so.
    const isAnswer = message.text().startsWith('Failed to load resource: the server responded with a status of 404')
    if (message.type() === 'error' && !isAnswer) complaints.push(message.text())
  })
  page.on('pageerror', (error) => complaints.push(error.message))
  return {
    page,
    complaints,
    go: async (path) => {
      await page.goto(`${endpoint}${CONSOLE}${path}`)
    },
  }
}
