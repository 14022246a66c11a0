import type { ObjectStore } from '../../../objects/object-store.ts'
import { WireError } from '../../../wire/error.ts'
import type { RequestHead } from '../../../wire/sigv4/canonical.ts'
import { addressOf } from '../addressing.ts'
import { allowingHeaders, ruleFor } from './rules.ts'

/** For the answer to a request that a page of another origin made; none when no rule lets it in. */
export function crossOriginHeaders(
  { method, rawPath, headers }: RequestHead,
  { objects }: { readonly objects: ObjectStore },
): Readonly<Record<string, string>> {
  const { origin, host = '' } = headers
  const bucket = bucketOf(host, rawPath)
  const rules = bucket === undefined ? undefined : objects.findBucket(bucket)?.cors
  if (origin === undefined || rules === undefined) return {}
  const ask = { origin, method, requestHeaders: [] }
  const rule = ruleFor(rules, ask)
  return rule === undefined ? {} : allowingHeaders(rule, ask)
}

/** A path that names nothing has been refused already. */
function bucketOf(host: string, rawPath: string): string | undefined {
  try {
    return addressOf(host, rawPath).bucket
  } catch (error) {
    if (error instanceof WireError) return undefined
    throw error
  }
}
