/**
 * What policies may ask of a request to S3: its condition keys, lower-case, from the "Condition keys for Amazon S3" of
 * the Service Authorization Reference. Who asks, from where and when (`aws:…`) the evaluator knows itself.
 */
import type { RequestFacts } from '../../../identity/access.ts'
import type { ObjectVersion } from '../../../objects/object-store.ts'
import { isRefusal } from '../../../platform/refusal.ts'
import type { WireRequest } from '../../../wire/http.ts'
import type { ObjectLockLegalHold, ObjectLockRetention, S3Operations } from '../../../wire/model/s3.ts'
import type { S3Context, S3OperationName } from '../context.ts'
import { queryValue } from '../requests.ts'

/** Headers that are condition keys under `s3:` and their own name, and speak of what is written. */
const WRITE_HEADERS = [
  'x-amz-acl',
  'x-amz-grant-full-control',
  'x-amz-grant-read',
  'x-amz-grant-read-acp',
  'x-amz-grant-write',
  'x-amz-grant-write-acp',
  'x-amz-server-side-encryption',
  'x-amz-server-side-encryption-aws-kms-key-id',
  'x-amz-server-side-encryption-customer-algorithm',
  'x-amz-storage-class',
  'x-amz-website-redirect-location',
] as const

const OTHER_HEADERS = [
  'x-amz-copy-source',
  'x-amz-metadata-directive',
  'x-amz-content-sha256',
  'x-amz-object-ownership',
  'if-match',
  'if-none-match',
] as const

/** Header to condition key, where the names differ. */
const RENAMED_HEADERS = {
  'x-amz-object-lock-mode': 's3:object-lock-mode',
  'x-amz-object-lock-legal-hold': 's3:object-lock-legal-hold',
  'x-amz-object-lock-retain-until-date': 's3:object-lock-retain-until-date',
} as const

/** Query parameter to condition key. */
const PARAMETERS = {
  prefix: 's3:prefix',
  delimiter: 's3:delimiter',
  'max-keys': 's3:max-keys',
  versionId: 's3:versionid',
} as const

const DAY_MS = 24 * 3600 * 1000

export function requestFacts(request: WireRequest, { clock, accountId }: S3Context): RequestFacts {
  const nowMs = clock.nowMs()
  const facts: Record<string, readonly string[]> = {
    ...writeFacts(request),
    ...signatureFacts(request, nowMs),
    's3:resourceaccount': [accountId],
  }
  const { headers } = request
  for (const name of OTHER_HEADERS) addFact(facts, `s3:${name}`, headers[name])
  for (const [name, key] of Object.entries(RENAMED_HEADERS)) addFact(facts, key, headers[name])
  for (const [name, key] of Object.entries(PARAMETERS)) addFact(facts, key, queryValue(request, name))
  Object.assign(facts, remainingDays(Date.parse(headers['x-amz-object-lock-retain-until-date'] ?? ''), nowMs))
  const tags = headers['x-amz-tagging']
  return tags === undefined ? facts : { ...facts, ...requestTagFacts([...new URLSearchParams(tags)]) }
}

/** What an upload is begun with holds for all of its parts. */
export function writeFacts({ headers }: Pick<WireRequest, 'headers'>): RequestFacts {
  const facts: Record<string, readonly string[]> = {}
  for (const name of WRITE_HEADERS) addFact(facts, `s3:${name}`, headers[name])
  return facts
}

type InputFacts<Name extends S3OperationName> = (
  input: S3Operations[Name]['input'],
  context: S3Context,
) => RequestFacts | Promise<RequestFacts>

/** What is asked of inputs beside their headers: of bodies, and of what an upload was begun with. */
const INPUT_FACTS: { readonly [Name in S3OperationName]?: InputFacts<Name> } = {
  CreateBucket: ({ CreateBucketConfiguration }) => locationFacts(CreateBucketConfiguration?.LocationConstraint),
  PutObjectTagging: ({ Tagging }) => requestTagFacts(Tagging.TagSet.map(({ Key, Value }) => [Key, Value] as const)),
  PutObjectRetention: ({ Retention }, { clock }) => retentionFacts(Retention, clock.nowMs()),
  PutObjectLegalHold: ({ LegalHold }) => legalHoldFacts(LegalHold),
  UploadPart: uploadFacts,
  UploadPartCopy: uploadFacts,
  CompleteMultipartUpload: uploadFacts,
}

export async function inputFacts<Name extends S3OperationName>(
  name: Name,
  input: S3Operations[Name]['input'],
  context: S3Context,
): Promise<RequestFacts> {
  const ofInput = (await (INPUT_FACTS[name] as InputFacts<Name> | undefined)?.(input, context)) ?? {}
  return { ...ofInput, 's3:objectcreationoperation': [String(CREATIONS.has(name))] }
}

/** Requests after which an object is there; those that begin an upload or add a part to it are not among them. */
const CREATIONS: ReadonlySet<string> = new Set(['PutObject', 'CopyObject', 'CompleteMultipartUpload'])

/** The operation tells of an upload that is not there. */
async function uploadFacts(
  { Bucket, Key, UploadId }: { readonly Bucket: string; readonly Key: string; readonly UploadId: string },
  { objects }: S3Context,
): Promise<RequestFacts> {
  try {
    return (await objects.uploadNamed({ bucket: Bucket, key: Key, uploadId: UploadId })).begunWith ?? {}
  } catch (error) {
    if (isRefusal(error)) return {}
    throw error
  }
}

function locationFacts(location: string | undefined): RequestFacts {
  return location === undefined ? {} : { 's3:locationconstraint': [location] }
}

function retentionFacts(retention: ObjectLockRetention | undefined, nowMs: number): RequestFacts {
  const until = retention?.RetainUntilDate
  return {
    ...(retention?.Mode !== undefined && { 's3:object-lock-mode': [retention.Mode] }),
    ...(until !== undefined && { 's3:object-lock-retain-until-date': [until.toISOString()] }),
    ...remainingDays(until?.getTime() ?? Number.NaN, nowMs),
  }
}

function legalHoldFacts(hold: ObjectLockLegalHold | undefined): RequestFacts {
  return hold?.Status === undefined ? {} : { 's3:object-lock-legal-hold': [hold.Status] }
}

function remainingDays(untilMs: number, nowMs: number): RequestFacts {
  if (Number.isNaN(untilMs)) return {}
  return { 's3:object-lock-remaining-retention-days': [String(Math.ceil((untilMs - nowMs) / DAY_MS))] }
}

/** Tags that a request gives to an object. */
function requestTagFacts(tags: readonly (readonly [string, string])[]): RequestFacts {
  const facts: Record<string, readonly string[]> = { 's3:requestobjecttagkeys': tags.map(([key]) => key) }
  for (const [key, value] of tags) facts[`s3:requestobjecttag/${key.toLowerCase()}`] = [value]
  return facts
}

/** The tags that an object has are asked about by what reads it, and by what reads or changes its tags and ACL. */
export function asksExistingTags(action: string): boolean {
  return /^s3:(GetObject(Version)?(Acl|Attributes|Tagging)?|(Put|Delete)Object(Version)?(Acl|Tagging))$/.test(action)
}

export function existingTagFacts(version: ObjectVersion | undefined): RequestFacts {
  const tags = Object.entries(version?.metadata.tags ?? {})
  return Object.fromEntries(tags.map(([key, value]) => [`s3:existingobjecttag/${key.toLowerCase()}`, [value]]))
}

/** Nothing for anonymous requests. */
function signatureFacts(request: WireRequest, nowMs: number): RequestFacts {
  if (request.form?.isSigned === true) return ofVersion4('POST')
  if (request.headers['authorization'] !== undefined) {
    return { ...ofVersion4('REST-HEADER'), ...age(request.headers['x-amz-date'], nowMs) }
  }
  if (queryValue(request, 'X-Amz-Signature') !== undefined) {
    return { ...ofVersion4('REST-QUERY-STRING'), ...age(queryValue(request, 'X-Amz-Date'), nowMs) }
  }
  if (queryValue(request, 'AWSAccessKeyId') === undefined) return {}
  return { 's3:authtype': ['REST-QUERY-STRING'], 's3:signatureversion': ['AWS'] }
}

function ofVersion4(authType: string): RequestFacts {
  return { 's3:authtype': [authType], 's3:signatureversion': ['AWS4-HMAC-SHA256'] }
}

/** Milliseconds since the signature was made, from `yyyyMMddTHHmmssZ`. */
function age(amzDate: string | undefined, nowMs: number): RequestFacts {
  const parts = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(amzDate ?? '')
  if (parts === null) return {}
  const [year = 0, month = 1, day, hour, minute, second] = parts.slice(1).map(Number)
  return { 's3:signatureage': [String(nowMs - Date.UTC(year, month - 1, day, hour, minute, second))] }
}

function addFact(facts: Record<string, readonly string[]>, key: string, value: string | undefined): void {
  if (value !== undefined) facts[key] = [value]
}
