/** Before the tests of the console: says once when there is no browser to run them in. */
import { noBrowser } from './browser.ts'

export function setup(): void {
  if (noBrowser !== undefined) console.log(`The tests of the console that need a browser are ${noBrowser}.`)
}
