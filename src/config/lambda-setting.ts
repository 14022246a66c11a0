/** Where Lambda functions are: pairs `NAME=URL` with blanks between them. A URL has no blanks, and no name an `=`. */
import { Refusal } from '../platform/refusal.ts'

const NAME = /^[A-Za-z0-9-_]{1,64}(:[A-Za-z0-9$_-]{1,128})?$/
const ARN = /^arn:aws[a-z-]*:lambda:[a-z0-9-]+:\d{12}:function:[A-Za-z0-9-_]{1,64}(:[A-Za-z0-9$_-]{1,128})?$/

/** undefined when nothing is given. Refuses ('invalidSetting') with the pair that is wrong. */
export function lambdaSetting(text: string | undefined): Readonly<Record<string, string>> | undefined {
  const pairs = text?.split(/\s+/).filter((pair) => pair !== '') ?? []
  if (pairs.length === 0) return undefined
  const urls = new Map<string, string>()
  for (const pair of pairs) {
    const at = pair.indexOf('=')
    const name = at < 0 ? pair : pair.slice(0, at)
    if (!NAME.test(name) && !ARN.test(name))
      throw refuse(pair, 'NAME=URL, where NAME is the name or the ARN of a Lambda function')
    if (urls.has(name)) throw refuse(pair, `the only one for ${name}`)
    urls.set(name, checkedUrl(pair.slice(at + 1), pair))
  }
  return Object.freeze(Object.fromEntries(urls))
}

function checkedUrl(text: string, pair: string): string {
  const expected = 'NAME=URL, where URL is like http://127.0.0.1:9000, with a path or without'
  let url: URL
  try {
    url = new URL(text)
  } catch (cause) {
    throw refuse(pair, expected, cause)
  }
  if (url.protocol !== 'http:' && url.protocol !== 'https:') throw refuse(pair, expected)
  if (url.username !== '' || url.password !== '') throw refuse(pair, `${expected}, and no user name or password`)
  url.hash = ''
  return url.href
}

function refuse(pair: string, expected: string, cause?: unknown): Refusal {
  const message = `--lambda ${JSON.stringify(pair)} is not valid: it must be ${expected}.`
  return new Refusal('invalidSetting', message, cause === undefined ? {} : { cause })
}
