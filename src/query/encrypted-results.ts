/** Results that are to be encrypted in a way of their own are, whatever their bucket says of others. */
import type { WriteEncryption } from './data-access.ts'
import type { QueryObjects } from './guarded-objects.ts'

export function encryptedResults(objects: QueryObjects, encryption: WriteEncryption | undefined): QueryObjects {
  if (encryption === undefined) return objects
  return {
    put: (ref, body, options) => objects.put(ref, body, { ...options, encryption }),
    putAll: (puts) => objects.putAll(puts.map((put) => ({ ...put, options: { ...put.options, encryption } }))),
    list: (bucket, query) => objects.list(bucket, query),
    materialise: (versions) => objects.materialise(versions),
  }
}
