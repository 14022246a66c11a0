/** What is checked of every request before its operation runs: names, owner, and headers that nothing here honours. */

import { WireError } from '../../wire/error.ts'
import type { WireRequest } from '../../wire/http.ts'
import type { Address } from './addressing.ts'
import type { S3Context } from './context.ts'
import { screenEncryption } from './encryption/screen.ts'
import { accessDenied, invalidArgument, invalidRequest, keyTooLong } from './errors.ts'

const KEY_BYTES_MAX = 1024

export function screen(request: WireRequest, { key }: Address, context: S3Context): void {
  const { accountId, caller } = context
  if (caller.principal.kind === 'anonymous') requireNoOverrides(request)
  if (key !== undefined) requireKeyLength(key)
  requireOwner(request.headers['x-amz-expected-bucket-owner'], accountId)
  requireOwner(request.headers['x-amz-source-expected-bucket-owner'], accountId)
  requireVersionId(request.query.find(([name]) => name === 'versionId')?.[1])
  screenEncryption(request, context)
}

function requireNoOverrides({ query }: WireRequest): void {
  if (query.some(([name]) => name.startsWith('response-'))) {
    throw invalidRequest('Request specific response headers cannot be used for anonymous GET requests.')
  }
}

function requireKeyLength(key: string): void {
  const size = Buffer.byteLength(key)
  if (size > KEY_BYTES_MAX) throw keyTooLong({ Size: size, MaxSizeAllowed: KEY_BYTES_MAX })
}

export function requireOwner(owner: string | undefined, accountId: string): void {
  if (owner === undefined || owner === accountId) return
  if (/^\d{12}$/.test(owner)) throw accessDenied()
  throw new WireError(
    'InvalidBucketOwnerAWSAccountID',
    'The value of the expected bucket owner parameter must be an AWS account ID',
  )
}

function requireVersionId(versionId: string | undefined): void {
  if (versionId === undefined || versionId === 'null') return
  if (versionId === '') throw invalidArgument('Version id cannot be the empty string', 'versionId', versionId)
  if (!/^[A-Za-z0-9._]{32}$/.test(versionId)) {
    throw invalidArgument('Invalid version id specified', 'versionId', versionId)
  }
}
