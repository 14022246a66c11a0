/**
 * Serves the web console's built files from below `/_lakelet/console/`. Every path without a file is a page of the
 * console, so it gets the one document. Headers keep the page to itself: nothing from elsewhere, in no frame, no referrer.
 */
import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gunzipSync } from 'node:zlib'
import type { WireResponse } from '../wire/http.ts'
import type { RequestHead } from '../wire/sigv4/canonical.ts'

export const CONSOLE_PREFIX = '/_lakelet/console/'

/** Built beside the compiled program. */
const BUILT = fileURLToPath(new URL('../console/', import.meta.url))

const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
  '.woff': 'font/woff',
  '.png': 'image/png',
}

/** Text is kept compressed, as nearly every browser wants it. */
const COMPRESSED = new Set(['.css', '.js', '.svg'])

/** Stands in the built document where the nonce of an answer goes. */
export const NONCE_MARK = '__LAKELET_NONCE__'

const KEPT_TO_ITSELF = {
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
}

/** Styles that the editor makes carry the nonce; everything else is a file of ours. */
function contentPolicy(nonce: string): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "style-src-attr 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self' data:",
    "connect-src 'self'",
    "worker-src 'self'",
    "manifest-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ')
}

/** What a bucket is called as a host (`services/s3/addressing.ts`): its own pages are there. */
const BUCKET_HOST = /.\.(?:s3[.-]|localhost(?::\d+)?$)/

/** A browser that was sent to the address of the lake wants the console. No client of S3 says so of itself. */
export function wantsConsole({ method, rawPath, rawQuery, headers }: RequestHead): boolean {
  return (
    method === 'GET' &&
    rawPath === '/' &&
    rawQuery === '' &&
    headers['authorization'] === undefined &&
    !BUCKET_HOST.test(headers['host'] ?? '') &&
    headers['sec-fetch-mode'] === 'navigate' &&
    headers['accept']?.includes('text/html') === true
  )
}

export function toConsole(): WireResponse {
  return { status: 302, headers: { location: CONSOLE_PREFIX, 'cache-control': 'no-store' } }
}

export function consoleFiles(folder = BUILT): (head: RequestHead) => Promise<WireResponse> {
  let document: Promise<string> | undefined
  return async ({ method, rawPath, headers }) => {
    if (method !== 'GET' && method !== 'HEAD')
      return {
        status: 405,
        headers: { allow: 'GET, HEAD', 'content-type': 'text/plain' },
        body: 'Only GET is allowed here.\n',
      }
    const name = rawPath.slice(CONSOLE_PREFIX.length)
    const extension = extname(name)
    const type = TYPES[extension]
    // Names of built files are plain; anything else is no file of ours.
    if (type !== undefined && /^(?:assets\/)?[\w.-]+$/.test(name)) {
      return file(folder, name, { type, extension, takesGzip: headers['accept-encoding']?.includes('gzip') === true })
    }
    document ??= readFile(join(folder, 'index.html'), 'utf8')
    try {
      return page(await document)
    } catch {
      document = undefined
      return {
        status: 503,
        headers: { 'content-type': 'text/plain; charset=utf-8' },
        body: 'The console has not been built. Build it with `npm run build`, then load this page again.\n',
      }
    }
  }
}

function page(document: string): WireResponse {
  const nonce = randomBytes(18).toString('base64')
  return {
    status: 200,
    headers: {
      ...KEPT_TO_ITSELF,
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': contentPolicy(nonce),
      'cache-control': 'no-store',
    },
    body: document.replaceAll(NONCE_MARK, nonce),
  }
}

async function file(
  folder: string,
  name: string,
  { type, extension, takesGzip }: { type: string; extension: string; takesGzip: boolean },
): Promise<WireResponse> {
  const isCompressed = COMPRESSED.has(extension)
  let bytes: Buffer
  try {
    bytes = await readFile(join(folder, isCompressed ? `${name}.gz` : name))
  } catch {
    return { status: 404, headers: { 'content-type': 'text/plain' }, body: 'There is no such file.\n' }
  }
  return {
    status: 200,
    headers: {
      ...KEPT_TO_ITSELF,
      'content-type': type,
      // Names of files in assets/ tell their content.
      'cache-control': name.startsWith('assets/') ? 'public, max-age=31536000, immutable' : 'no-cache',
      ...(isCompressed && { vary: 'accept-encoding' }),
      ...(isCompressed && takesGzip && { 'content-encoding': 'gzip' }),
    },
    body: isCompressed && !takesGzip ? gunzipSync(bytes) : bytes,
  }
}
