/** Who gets into the console, and what becomes of their keys. */
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { runCli } from '../support/cli.ts'
import { titled } from '../support/installed.ts'
import { lakeOfFile } from '../support/lake-of-file.ts'
import { CONSOLE, noBrowser, openBrowser, signedInTab, tabOf } from './browser.ts'

describe.skipIf(noBrowser !== undefined)(titled('signing in to the console', noBrowser), () => {
  const { lake } = lakeOfFile()
  let browser: Browser
  let page: Page
  beforeAll(async () => {
    browser = await openBrowser()
  })
  afterAll(() => browser?.close())
  beforeEach(async () => {
    page = await (await browser.newContext()).newPage()
    tabOf(page, lake())
    return () => page.context().close()
  })
  const signIn = async (secret: string) => {
    await page.getByLabel('Access key ID').fill(lake().credentials.accessKeyId)
    await page.getByLabel('Secret access key').fill(secret)
    await page.getByRole('button', { name: 'Sign in' }).click()
  }
  const isIn = () => page.getByRole('heading', { name: 'The lake' }).waitFor()
  const link = async () => JSON.parse((await runCli(['console', '--json'], lake().environment)).stdout).url as string

  test('the address of the lake leads a browser there, and keys let somebody in', async () => {
    await page.goto(lake().endpoint)
    expect(new URL(page.url()).pathname).toMatch(/^\/_lakelet\/console\/?$/)
    await signIn(lake().credentials.secretAccessKey)
    await isIn()
    const kept = await page.evaluate('JSON.stringify(localStorage) + location.href + document.cookie')
    expect(kept).not.toContain(lake().credentials.secretAccessKey)
    expect(kept).not.toContain(lake().credentials.accessKeyId)
    await page.reload()
    await isIn()
    await page.getByRole('button', { name: 'root' }).click()
    await page.getByRole('menuitem', { name: 'Sign out' }).click()
    await page.getByRole('button', { name: 'Sign in' }).waitFor()
    expect(await page.evaluate("sessionStorage.getItem('lakelet.session')")).toBeNull()
  })

  test('a wrong secret does not, and says what to do', async () => {
    await page.goto(`${lake().endpoint}${CONSOLE}/`)
    await signIn('wrong')
    await page.getByText('You are not signed in').waitFor()
    await page.getByText(/Sign in again|Sign in with others/).waitFor()
  })

  test('a link lets in once, leaves nothing in the address, and may call IAM', async () => {
    const url = await link()
    await page.goto(url)
    await isIn()
    expect(page.url()).not.toContain('token')
    await page.goto(`${lake().endpoint}${CONSOLE}/firehose/streams/create`)
    await page.getByRole('heading', { name: 'Create delivery stream' }).waitFor()
    const refused: number[] = []
    page.on('response', (response) => {
      if (response.status() >= 400) refused.push(response.status())
    })
    await page.reload()
    await page.waitForLoadState('networkidle')
    expect(refused).toEqual([])
    const other = await page.context().newPage()
    await other.goto(url)
    await other.getByText('This link was used already').waitFor()
    await other.close()
  })

  test('another tab signs in by itself', async () => {
    await page.goto(await link())
    await isIn()
    const other = await page.context().newPage()
    await other.goto(`${lake().endpoint}${CONSOLE}/`)
    await other.getByRole('button', { name: 'Sign in' }).waitFor()
    await other.close()
  })

  test('keys that have expired lead to the sign-in page and back to where one was', async () => {
    const tab = await signedInTab(browser, lake())
    await tab.go('/s3/buckets')
    await tab.page.getByText('No buckets').first().waitFor()
    const gone = { accessKeyId: 'ASIAGONE', secretAccessKey: 's', sessionToken: 't', region: 'us-east-1' }
    await tab.page.evaluate(`sessionStorage.setItem('lakelet.session', ${JSON.stringify(JSON.stringify(gone))})`)
    await tab.page.reload()
    await tab.page.getByText('Your session has ended. Sign in again.').waitFor()
    await tab.page.getByLabel('Access key ID').fill(lake().credentials.accessKeyId)
    await tab.page.getByLabel('Secret access key').fill(lake().credentials.secretAccessKey)
    await tab.page.getByRole('button', { name: 'Sign in' }).click()
    await tab.page.getByText('No buckets').first().waitFor()
    await tab.page.context().close()
  })
})
