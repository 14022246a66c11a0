/**
 * Which service a request is for, from its head alone: the path of rpc-v2-cbor, the X-Amz-Target prefix, else the
 * service in the credential scope, else an Action parameter, else S3.
 */
import { ADMIN_SIGNING_NAME } from '../services/admin/index.ts'
import { percentDecode, type RequestHead } from '../wire/sigv4/canonical.ts'
import { isLoopbackName } from './loopback.ts'

export type Route =
  | { readonly kind: 'admin' }
  | { readonly kind: 'json'; readonly service: string; readonly operation: string }
  | { readonly kind: 'cbor'; readonly service: string; readonly operation: string }
  /** Of an unsigned request only the Action, perhaps in its body, tells the service. */
  | { readonly kind: 'query'; readonly service: string | undefined }
  | { readonly kind: 's3' }
  /** A service that is not offered, in a dialect its client may understand. */
  | { readonly kind: 'unknown'; readonly dialect: 'json' | 'query'; readonly name: string }

export interface KnownServices {
  /** X-Amz-Target prefix to signing name. */
  readonly byTarget: ReadonlyMap<string, string>
  /** Of those that speak rpc-v2-cbor, the same prefix to signing name. */
  readonly cborByTarget: ReadonlyMap<string, string>
  readonly query: ReadonlySet<string>
}

export const ADMIN_PREFIX = '/_lakelet/'
/** What scrapers ask for by default. It could be a bucket, so not everything that asks for it is one: see `isScrape`. */
const METRICS_PATH = '/metrics'

export function routeOf(head: RequestHead, known: KnownServices): Route {
  if (head.rawPath.startsWith(ADMIN_PREFIX) || isScrape(head)) return { kind: 'admin' }
  if (head.headers['smithy-protocol'] === 'rpc-v2-cbor') {
    const route = cborRoute(head.rawPath, known)
    if (route !== undefined) return route
  }
  const target = head.headers['x-amz-target']
  if (target !== undefined) return jsonRoute(target, known)
  const service = scopeService(head)
  if (service !== undefined && known.query.has(service)) return { kind: 'query', service }
  if (service !== undefined && service !== 's3') return unknownService(service, head)
  return service === undefined && isQuery(head) ? { kind: 'query', service: undefined } : { kind: 's3' }
}

/**
 * Unsigned, without parameters, at a name of this machine that is no bucket's; or signed for the lake itself. The
 * same words from an S3 client carry a signature for S3, a parameter, or a bucket's host.
 */
function isScrape(head: RequestHead): boolean {
  if (head.rawPath !== METRICS_PATH || (head.method !== 'GET' && head.method !== 'HEAD')) return false
  const service = scopeService(head)
  if (service === ADMIN_SIGNING_NAME) return true
  const isSigned = service !== undefined || head.headers['authorization'] !== undefined
  return !isSigned && head.rawQuery === '' && isLoopbackName(head.headers['host'])
}

function cborRoute(path: string, known: KnownServices): Route | undefined {
  const [, target, operation] = /^\/service\/([^/]+)\/operation\/([^/]+)$/.exec(path) ?? []
  if (target === undefined || operation === undefined) return undefined
  const service = known.cborByTarget.get(target)
  if (service === undefined) return { kind: 'unknown', dialect: 'json', name: target }
  return { kind: 'cbor', service, operation }
}

function jsonRoute(target: string, known: KnownServices): Route {
  const dot = target.lastIndexOf('.')
  const service = known.byTarget.get(target.slice(0, Math.max(dot, 0)))
  if (service === undefined) return { kind: 'unknown', dialect: 'json', name: target }
  return { kind: 'json', service, operation: target.slice(dot + 1) }
}

/** A service of JSON's sort named without target, or one we do not have at all. */
function unknownService(service: string, head: RequestHead): Route {
  return { kind: 'unknown', dialect: isForm(head) ? 'query' : 'json', name: service }
}

function scopeService(head: RequestHead): string | undefined {
  const authorization = head.headers['authorization']
  const credential =
    authorization === undefined
      ? percentDecode(/(?:^|&)X-Amz-Credential=([^&]*)/.exec(head.rawQuery)?.[1] ?? '')
      : (/Credential=([^,\s]+)/.exec(authorization)?.[1] ?? '')
  const parts = credential.split('/')
  return parts.length >= 5 ? parts.at(-2) : undefined
}

const isForm = (head: RequestHead) =>
  head.headers['content-type']?.startsWith('application/x-www-form-urlencoded') === true

/** An unsigned Action, or a form posted to the root, where S3 takes none. */
function isQuery(head: RequestHead): boolean {
  if (/(?:^|&)Action=[A-Za-z]+/.test(head.rawQuery)) return true
  return isForm(head) && head.method === 'POST' && head.rawPath === '/'
}
