/**
 * HTTP to operation: which of S3's operations a request is, judged by method, level (service, bucket, object), query
 * and headers. The rules come from the service model's URIs, also those of operations that are not offered, so that a
 * refusal can name what was asked for.
 */
import type { WireRequest } from '../../wire/http.ts'
import { s3Model } from '../../wire/model/s3.ts'
import type { KnownOperation } from '../../wire/shape.ts'
import type { Address } from './addressing.ts'
import { methodNotAllowed, preconditionFailed } from './errors.ts'

type Level = 'SERVICE' | 'BUCKET' | 'OBJECT'

interface Rule {
  readonly name: string
  readonly method: string
  readonly level: Level
  /** Query parameters that must be there, with a value where the model fixes one. */
  readonly query: readonly (readonly [string, string | undefined])[]
  readonly header?: string
}

/** What the URIs of the model leave unsaid: operations that share method and path with another. */
const NEEDS: Readonly<Record<string, { readonly query?: readonly string[]; readonly header?: string }>> = {
  ListParts: { query: ['uploadId'] },
  UploadPart: { query: ['partNumber', 'uploadId'] },
  UploadPartCopy: { query: ['partNumber', 'uploadId'], header: 'x-amz-copy-source' },
  CompleteMultipartUpload: { query: ['uploadId'] },
  AbortMultipartUpload: { query: ['uploadId'] },
  CopyObject: { header: 'x-amz-copy-source' },
  GetBucketAnalyticsConfiguration: { query: ['id'] },
  GetBucketIntelligentTieringConfiguration: { query: ['id'] },
  GetBucketInventoryConfiguration: { query: ['id'] },
  GetBucketMetricsConfiguration: { query: ['id'] },
}

/** Names that share everything with their successors, and operations of other endpoints. */
const NEVER = new Set([
  'GetBucketLifecycle',
  'GetBucketNotification',
  'PutBucketLifecycle',
  'PutBucketNotification',
  'ListDirectoryBuckets',
  'WriteGetObjectResponse',
])

/** Most demanding first: the first that fits is the one. */
const RULES: readonly Rule[] = s3Model.known
  .filter(({ name }) => !NEVER.has(name))
  .map(toRule)
  .toSorted((a, b) => demands(b) - demands(a))

const placeOf = ({ method, level }: Rule) => `${method} ${level}`
/** Each request is held against those few that share its method and level. */
const RULES_BY_PLACE: ReadonlyMap<string, readonly Rule[]> = new Map(
  RULES.map((rule) => [placeOf(rule), RULES.filter((other) => placeOf(other) === placeOf(rule))]),
)

/** AWS's name of the operation. Throws for what is no operation of S3. */
export function detectOperation(request: WireRequest, { bucket, key }: Address): string {
  const level = bucket === undefined ? 'SERVICE' : key === undefined ? 'BUCKET' : 'OBJECT'
  const rule = RULES_BY_PLACE.get(`${request.method} ${level}`)?.find((candidate) => fits(candidate, request))
  if (rule !== undefined) return rule.name
  if (request.method === 'POST' && level === 'BUCKET') {
    throw preconditionFailed({ Condition: 'Bucket POST must be of the enclosure-type multipart/form-data' })
  }
  throw methodNotAllowed({ Method: request.method, ResourceType: level })
}

function toRule({ name, method, uri }: KnownOperation): Rule {
  const [path, query = ''] = uri.split('?') as [string, string?]
  const fixed = query === '' ? [] : query.split('&').map((part) => part.split('=') as [string, string | undefined])
  const needs = NEEDS[name] ?? {}
  return {
    name,
    method,
    level: path.includes('{Key') ? 'OBJECT' : path.includes('{Bucket') ? 'BUCKET' : 'SERVICE',
    query: [...fixed, ...(needs.query ?? []).map((parameter) => [parameter, undefined] as const)],
    ...(needs.header !== undefined && { header: needs.header }),
  }
}

/** A browser's form. Its operation is none of the model's. */
export function isForm({ method, headers, query }: WireRequest, { bucket, key }: Address): boolean {
  const isMultipart = /^multipart\/form-data/i.test(headers['content-type'] ?? '')
  return method === 'POST' && bucket !== undefined && key === undefined && isMultipart && query.length === 0
}

function demands(rule: Rule): number {
  return rule.query.length + (rule.header === undefined ? 0 : 1)
}

function fits(rule: Rule, request: WireRequest): boolean {
  if (rule.header !== undefined && request.headers[rule.header] === undefined) return false
  return rule.query.every(([name, value]) =>
    request.query.some(([given, text]) => given === name && (value === undefined || text === value)),
  )
}
