/**
 * Which service a request is for, from its head alone: the X-Amz-Target prefix, else the service in the credential
 * scope, else an Action parameter, else S3.
 */
import { percentDecode, type RequestHead } from '../wire/sigv4/canonical.ts'

export type Route =
  | { readonly kind: 'admin' }
  | { readonly kind: 'json'; readonly service: string; readonly operation: string }
  /** Of an unsigned request only the Action, perhaps in its body, tells the service. */
  | { readonly kind: 'query'; readonly service: string | undefined }
  | { readonly kind: 's3' }
  /** A service that is not offered, in a dialect its client may understand. */
  | { readonly kind: 'unknown'; readonly dialect: 'json' | 'query'; readonly name: string }

export interface KnownServices {
  /** X-Amz-Target prefix to signing name. */
  readonly byTarget: ReadonlyMap<string, string>
  readonly query: ReadonlySet<string>
}

export const ADMIN_PREFIX = '/_lakelet/'

export function routeOf(head: RequestHead, known: KnownServices): Route {
  if (head.rawPath.startsWith(ADMIN_PREFIX)) return { kind: 'admin' }
  const target = head.headers['x-amz-target']
  if (target !== undefined) return jsonRoute(target, known)
  const service = scopeService(head)
  if (service !== undefined && known.query.has(service)) return { kind: 'query', service }
  if (service !== undefined && service !== 's3') return unknownService(service, head)
  return service === undefined && isQuery(head) ? { kind: 'query', service: undefined } : { kind: 's3' }
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
