/**
 * Which bucket and key a request means. Both styles, told apart by the Host header:
 *
 *   virtual host   <bucket>.s3.<region>.amazonaws.com   <bucket>.s3.<any domain>   <bucket>.localhost
 *   path           everything else: /<bucket>/<key>
 *
 * Bucket names may hold dots, so the longest name before the fixed ending is the bucket.
 */
import { invalidUri } from './errors.ts'

export interface Address {
  readonly bucket: string | undefined
  readonly key: string | undefined
}

const VIRTUAL_HOSTS: readonly RegExp[] = [
  /^(.+)\.s3(?:[.-](?:dualstack\.)?[a-z0-9-]+)?\.amazonaws\.com(?:\.cn)?$/,
  /^(.+)\.s3\.(?!amazonaws\.)[a-z0-9.-]+$/,
  /^(.+)\.localhost$/,
]
/** Hosts that end like a virtual host but name no bucket. */
const SERVICE_HOSTS = /^s3([.-][a-z0-9-]+)*\.(localhost|amazonaws\.com(\.cn)?)$/

export function addressOf(host: string, rawPath: string): Address {
  const bucket = bucketOfHost(host)
  const path = rawPath.startsWith('/') ? rawPath.slice(1) : rawPath
  if (bucket !== undefined) return { bucket, key: decoded(path) }
  const slash = path.indexOf('/')
  return slash < 0
    ? { bucket: decoded(path), key: undefined }
    : { bucket: decoded(path.slice(0, slash)), key: decoded(path.slice(slash + 1)) }
}

function bucketOfHost(host: string): string | undefined {
  const name = host.replace(/:\d+$/, '').toLowerCase()
  if (SERVICE_HOSTS.test(name)) return undefined
  for (const pattern of VIRTUAL_HOSTS) {
    const bucket = pattern.exec(name)?.[1]
    if (bucket !== undefined) return bucket
  }
  return undefined
}

/** undefined for nothing. */
function decoded(text: string): string | undefined {
  if (text === '') return undefined
  try {
    return decodeURIComponent(text)
  } catch (error) {
    throw invalidUri(text, error)
  }
}
