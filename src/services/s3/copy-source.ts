/** The header x-amz-copy-source: `bucket/key?versionId=…`, percent-encoded, a leading slash optional. */

import { requireCustomerKey } from '../../objects/encryption.ts'
import type { ObjectRef, ObjectVersion } from '../../objects/object-store.ts'
import type { WireRequest } from '../../wire/http.ts'
import { requireKeyUse } from './access/key-use.ts'
import { type ReadConditions, requireSource } from './conditions.ts'
import type { S3Context } from './context.ts'
import { sentKey } from './encryption/customer-key.ts'
import { invalidArgument, invalidRequest } from './errors.ts'

export interface CopySourceMembers {
  readonly CopySource: string
  readonly CopySourceIfMatch?: string
  readonly CopySourceIfNoneMatch?: string
  readonly CopySourceIfModifiedSince?: Date
  readonly CopySourceIfUnmodifiedSince?: Date
}

export interface CopySource {
  readonly source: ObjectVersion
  /** The customer's key to it. */
  readonly sourceKey: Buffer | undefined
}

/** The version to be copied, its conditions met, and the key to it proven. */
export async function copySourceOf(
  input: CopySourceMembers,
  { request, context }: { request: WireRequest; context: S3Context },
): Promise<CopySource> {
  const ref = copySourceRef(input.CopySource)
  const version = await context.objects.head(ref)
  if (version.isDeleteMarker) {
    throw invalidRequest('The source of a copy request may not specifically refer to a delete marker by version id.')
  }
  const conditions: ReadConditions = {
    IfMatch: input.CopySourceIfMatch,
    IfNoneMatch: input.CopySourceIfNoneMatch,
    IfModifiedSince: input.CopySourceIfModifiedSince,
    IfUnmodifiedSince: input.CopySourceIfUnmodifiedSince,
  }
  const sourceKey = sentKey(request.headers, 'x-amz-copy-source-server-side-encryption')?.key
  requireCustomerKey(version.encryption, sourceKey, version)
  requireKeyUse('Decrypt', version.encryption, { object: version, request, context })
  requireSource(version, conditions)
  return { source: version, sourceKey }
}

/** Throws what S3 answers to a header that is none. */
export function copySourceRef(source: string): ObjectRef {
  const [path = '', query] = splitOnce(source.replace(/^\//, ''), '?')
  const [bucket = '', key] = splitOnce(decoded(path, source), '/')
  const versionId = query === undefined ? undefined : (new URLSearchParams(query).get('versionId') ?? undefined)
  if (bucket === '' || key === undefined || key === '') throw unusable(source)
  return { bucket, key, ...(versionId !== undefined && { versionId }) }
}

function decoded(path: string, source: string): string {
  try {
    return decodeURIComponent(path)
  } catch {
    throw unusable(source)
  }
}

function unusable(source: string) {
  return invalidArgument(
    'Copy Source must mention the source bucket and key: sourcebucket/sourcekey',
    'x-amz-copy-source',
    source,
  )
}

function splitOnce(text: string, separator: string): [string, string | undefined] {
  const at = text.indexOf(separator)
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + separator.length)]
}
