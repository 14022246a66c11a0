/**
 * AWS's canonical request and string to sign (Signature Version 4):
 *
 *   <method>\n<path>\n<query>\n<name>:<value>\n…\n\n<signed;header;names>\n<payload hash>
 *   AWS4-HMAC-SHA256\n<yyyyMMddTHHmmssZ>\n<scope>\n<hex sha256 of the canonical request>
 *
 * Header values are as node gives them, one character a byte, so hashing goes by latin1.
 */
import { hash } from 'node:crypto'

export interface RequestHead {
  readonly method: string
  /** As sent. */
  readonly rawPath: string
  /** As sent, without `?`. */
  readonly rawQuery: string
  /** Names lower-case; repeated headers joined with ', '. */
  readonly headers: Readonly<Record<string, string>>
}

export const ALGORITHM = 'AWS4-HMAC-SHA256'

export function canonicalRequest(
  head: RequestHead,
  signedHeaders: readonly string[],
  payloadHash: string,
  pathRule: 's3' | 'normalised',
): string {
  let headers = ''
  for (const name of signedHeaders) headers += `${name}:${canonicalValue(head.headers[name] ?? '')}\n`
  const path = pathRule === 's3' ? encodedOnce(head.rawPath) : encodedTwice(head.rawPath)
  const query = canonicalQuery(head.rawQuery)
  return `${head.method}\n${path}\n${query}\n${headers}\n${signedHeaders.join(';')}\n${payloadHash}`
}

export function stringToSign(amzDate: string, scope: string, canonical: string): string {
  return `${ALGORITHM}\n${amzDate}\n${scope}\n${sha256Hex(Buffer.from(canonical, 'latin1'))}`
}

export function sha256Hex(bytes: Uint8Array): string {
  return hash('sha256', bytes, 'hex')
}

function canonicalValue(value: string): string {
  return value.includes('  ') || value.includes('\t') ? value.trim().replaceAll(/\s+/g, ' ') : value.trim()
}

/** S3: each segment percent-encoded once, nothing normalised, whatever the client left unescaped on the way. */
function encodedOnce(rawPath: string): string {
  if (/^[\w.~/-]*$/.test(rawPath)) return rawPath || '/'
  return rawPath
    .split('/')
    .map((segment) => encodeRfc3986(percentDecode(segment)))
    .join('/')
}

/** All others: dot segments and doubled slashes removed, the path as sent encoded once more. */
function encodedTwice(rawPath: string): string {
  if (rawPath === '/' || rawPath === '') return '/'
  const segments: string[] = []
  for (const segment of rawPath.split('/')) {
    if (segment === '..') segments.pop()
    else if (segment !== '' && segment !== '.') segments.push(encodeRfc3986(segment))
  }
  const trailing = rawPath.endsWith('/') && segments.length > 0 ? '/' : ''
  return `/${segments.join('/')}${trailing}`
}

/** Sorted by encoded name, then value; X-Amz-Signature is no part of what it signs. */
function canonicalQuery(rawQuery: string): string {
  if (rawQuery === '') return ''
  const pairs: [string, string][] = []
  for (const [name, value] of queryPairs(rawQuery)) {
    if (name !== 'X-Amz-Signature') pairs.push([encodeRfc3986(name), encodeRfc3986(value)])
  }
  pairs.sort(([nameA, valueA], [nameB, valueB]) => order(nameA, nameB) || order(valueA, valueB))
  return pairs.map(([name, value]) => `${name}=${value}`).join('&')
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

/** Decoded, in order; a parameter without `=` has value ''. A plus sign stands for a blank. */
export function queryPairs(rawQuery: string): [string, string][] {
  if (rawQuery === '') return []
  return rawQuery
    .split('&')
    .filter((part) => part !== '')
    .map((part) => {
      const equals = part.indexOf('=')
      const [name, value] = equals < 0 ? [part, ''] : [part.slice(0, equals), part.slice(equals + 1)]
      return [decodeParameter(name), decodeParameter(value)]
    })
}

function decodeParameter(text: string): string {
  return percentDecode(text.includes('+') ? text.replaceAll('+', ' ') : text)
}

/** Text that is not validly percent-encoded UTF-8 stays as it is. */
export function percentDecode(text: string): string {
  if (!text.includes('%')) return text
  try {
    return decodeURIComponent(text)
  } catch {
    // Not UTF-8, or a stray percent sign: no decoding is right, and the signature decides over what was sent.
    return text
  }
}

export function encodeRfc3986(text: string): string {
  return encodeURIComponent(text).replaceAll(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  )
}
