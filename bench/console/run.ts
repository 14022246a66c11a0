/**
 * The console in a real browser: what its first view weighs and takes, how results scroll, what an idle page asks, and
 * whether its memory grows. Needs chromium; skipped with a word where it is not.
 */
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Page } from 'playwright-core'
import { noBrowser, openBrowser, signedInTab } from '../../test/console/browser.ts'
import { makeFirstLake } from '../../test/console/first-lake.ts'
import { startLake, temporaryDirectory } from '../../test/support/lake.ts'
import { type Row, row } from '../support/report.ts'

const BUILT = fileURLToPath(new URL('../../dist/console', import.meta.url))
const IDLE_MINUTES = Number(process.env['LAKELET_BENCH_IDLE_MINUTES'] ?? 10)
const REPEATS = 5
const KB = 1024

export async function* run(): AsyncGenerator<Row> {
  if (noBrowser !== undefined) return yield row('console', 'skipped', '', noBrowser)
  yield row('initial script, gzip', initialScriptBytes() / KB, 'KB', 'aim: under 400')
  const directory = temporaryDirectory()
  const lake = await startLake(directory.path)
  const browser = await openBrowser()
  try {
    await makeFirstLake(lake)
    const drawn: number[] = []
    const cold: number[] = []
    const warm: number[] = []
    for (let repeat = 0; repeat < REPEATS; repeat++) {
      const { page, go } = await signedInTab(browser, lake)
      const view = await viewMs(page, () => go('/'))
      drawn.push(view.drawnMs)
      cold.push(view.filledMs)
      warm.push((await viewMs(page, () => page.reload())).filledMs)
      await page.context().close()
    }
    yield row('home, first view with nothing in the cache, median', median(drawn), 'ms', 'aim: under 1,000')
    yield row('until the figures of all services are there, too', median(cold), 'ms')
    yield row('home, again, median', median(warm), 'ms')
    const { page, go } = await signedInTab(browser, lake)
    yield* scrolled(page, go)
    yield* idle(page, go)
  } finally {
    await browser.close()
    await lake.stop()
    directory.remove()
  }
}

async function viewMs(page: Page, open: () => Promise<unknown>): Promise<{ drawnMs: number; filledMs: number }> {
  const startedAt = performance.now()
  await open()
  await page.getByRole('heading', { name: 'Pipeline' }).waitFor()
  const drawnMs = performance.now() - startedAt
  await page.getByText('rows, as last crawled').first().waitFor()
  return { drawnMs, filledMs: performance.now() - startedAt }
}

async function* scrolled(page: Page, go: (path: string) => Promise<void>): AsyncGenerator<Row> {
  const sql =
    'SELECT a * 1000 + b AS n, uuid() AS id, rand() AS x FROM UNNEST(sequence(0, 99)) AS t (a), UNNEST(sequence(0, 999)) AS u (b)'
  await go(`/athena/editor?database=how-kinesis&sql=${encodeURIComponent(sql)}`)
  await page.getByRole('button', { name: 'Run', exact: true }).click()
  const startedAt = performance.now()
  await page.getByText('(100,000)').waitFor({ timeout: 120_000 })
  yield row(
    '100,000 rows are there',
    performance.now() - startedAt,
    'ms',
    'from Run, page by page through GetQueryResults',
  )
  const frames = (await page.evaluate(`(async () => {
    const grid = document.querySelector('.grid')
    const times = []
    let last = performance.now()
    for (let step = 0; step < 300; step++) {
      grid.scrollTo({ top: (grid.scrollHeight / 300) * step })
      await new Promise(requestAnimationFrame)
      times.push(performance.now() - last)
      last = performance.now()
    }
    return times.sort((a, b) => a - b)
  })()`)) as readonly number[]
  yield row(
    'scrolling them, a frame, median',
    frames[150] ?? Number.NaN,
    'ms',
    `p95 ${(frames[285] ?? 0).toFixed(0)} ms; 16.7 is as smooth as it gets`,
  )
}

async function* idle(page: Page, go: (path: string) => Promise<void>): AsyncGenerator<Row> {
  let asked = 0
  page.on('request', () => {
    asked++
  })
  await go('/')
  await page.getByText('rows, as last crawled').first().waitFor()
  await page.waitForTimeout(30_000)
  const before = await heapMiB(page)
  asked = 0
  await page.waitForTimeout(IDLE_MINUTES * 60_000)
  yield row('home, idle', asked / (IDLE_MINUTES * 60), 'requests/s', 'aim: at most 2')
  const after = await heapMiB(page)
  yield row(
    `its memory before and after ${IDLE_MINUTES} minutes`,
    `${before.toFixed(1)} and ${after.toFixed(1)}`,
    'MiB',
    'JavaScript, after collecting',
  )
}

async function heapMiB(page: Page): Promise<number> {
  const client = await page.context().newCDPSession(page)
  await client.send('HeapProfiler.collectGarbage')
  const { usedSize } = await client.send('Runtime.getHeapUsage')
  await client.detach()
  return usedSize / KB / KB
}

/** What the document itself names: everything else is loaded when wanted. */
function initialScriptBytes(): number {
  const document = readFileSync(join(BUILT, 'index.html'), 'utf8')
  const names = readdirSync(join(BUILT, 'assets')).filter(
    (name) => name.endsWith('.js.gz') && document.includes(name.slice(0, -3)),
  )
  return names.reduce((sum, name) => sum + statSync(join(BUILT, 'assets', name)).size, 0)
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN
}
