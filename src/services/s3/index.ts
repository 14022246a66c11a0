/**
 * Amazon S3 over a `S3ObjectStore`.
 *
 * What it promises
 *  - a 200 to PutObject, CopyObject or CompleteMultipartUpload means: on stable storage, encrypted, visible;
 *  - replies say `x-amz-server-side-encryption` because it is true: all bytes are encrypted at rest, under the lake's key
 *    (AES256), under a key of KMS that must be usable whenever they are read (aws:kms), or under one that the customer
 *    sends and that is never stored (SSE-C);
 *  - limits, conditions, listing order and error texts are those recorded on AWS.
 *
 * Gaps, each refused by name (501 NotImplemented): docs/compatibility.md lists them, with the reason. Reading a setting
 * that nobody can make answers as AWS does where it was never set (unset-settings.ts).
 *
 * Deliberate differences
 *  - one account owns everything;
 *  - one region: there are no redirects to another;
 *  - keys of the customer (SSE-C) are taken on loopback, which stands for the secure connection that AWS asks for.
 *
 * Client quirks kept in mind: SDKs put `aws-chunked` into Content-Encoding (it is framing and is not stored); Arrow
 * accepts no other root element than CompleteMultipartUploadResult; a PUT with a form content type stores its body.
 */
import type { CustomerKeys } from '../../keys/customer-keys.ts'
import type { S3ObjectStore } from '../../objects/s3-object-store.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Access } from '../access.ts'
import type { HttpService } from '../operation.ts'
import { crossOriginHeaders } from './cors/cross-origin-headers.ts'
import { preflight } from './cors/preflight.ts'
import { dispatch } from './dispatch.ts'

export { operations } from './operations.ts'

export interface S3ServiceParts {
  readonly objects: S3ObjectStore
  readonly keys: CustomerKeys
  readonly settings: { readonly region: string; readonly accountId: string }
  readonly clock: Clock
  readonly access: Access
  readonly principalExists: (principal: string) => boolean
}

export function s3Service({ settings, ...parts }: S3ServiceParts): HttpService {
  const context = { ...parts, region: settings.region, accountId: settings.accountId }
  return {
    signingName: 's3',
    handle: (request, caller, signerOfForm) =>
      dispatch(request, { caller, callerOfForm: (fields) => signerOfForm(fields, caller), ...context }),
    crossOrigin: {
      preflight: (head) => preflight(head, context),
      headersFor: (head) => crossOriginHeaders(head, context),
    },
  }
}
