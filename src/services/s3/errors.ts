/** Every error S3 answers here, and the one table from the store's refusals to them. */
import type { ObjectRefusal } from '../../objects/object-store.ts'
import type { UploadRefusal } from '../../objects/s3-object-store.ts'
import type { Refusal } from '../../platform/refusal.ts'
import { WireError } from '../../wire/error.ts'
import { keyAnswer } from '../customer-keys.ts'
import type { Caller } from '../operation.ts'

type Extra = Record<string, unknown>

const error =
  (status: number, code: string, message: string) =>
  (extra: Extra = {}, cause?: unknown): WireError =>
    new WireError(code, message, { status, extra, cause })

export const invalidArgument = (message: string, name: string, value: unknown) =>
  new WireError('InvalidArgument', message, { extra: { ArgumentName: name, ArgumentValue: value } })
export const invalidRequest = (message: string, extra: Extra = {}) =>
  new WireError('InvalidRequest', message, { extra })
export const invalidUri = (uri: string, cause: unknown) =>
  new WireError('InvalidURI', "Couldn't parse the specified URI.", { extra: { URI: uri }, cause })
export const accessForbidden = (message: string, extra: Extra) =>
  new WireError('AccessForbidden', message, { status: 403, extra })
export const accessDenied = error(403, 'AccessDenied', 'Access Denied')
export const anonymousUpload = error(
  403,
  'AccessDenied',
  'Anonymous users cannot initiate multipart uploads.  Please authenticate.',
)
/** Strangers are not told why. */
export function notAuthorised(
  { principal }: Pick<Caller, 'principal'>,
  { action, resource }: { action: string; resource: string },
  because: string,
): WireError {
  if (principal.kind === 'anonymous') return accessDenied()
  const where = resource === '*' ? '' : ` on resource: "${resource}"`
  const text = `User: ${principal.arn} is not authorized to perform: ${action}${where} ${because}`
  return new WireError('AccessDenied', text, { status: 403 })
}
export const methodNotAllowed = error(
  405,
  'MethodNotAllowed',
  'The specified method is not allowed against this resource.',
)
export const invalidBucketName = error(400, 'InvalidBucketName', 'The specified bucket is not valid.')
export const noSuchBucket = error(404, 'NoSuchBucket', 'The specified bucket does not exist')
export const noSuchBucketPolicy = error(404, 'NoSuchBucketPolicy', 'The bucket policy does not exist')
export const noSuchTagSet = error(404, 'NoSuchTagSet', 'The TagSet does not exist')
export const keyTooLong = error(400, 'KeyTooLongError', 'Your key is too long')
export const metadataTooLarge = error(
  400,
  'MetadataTooLarge',
  'Your metadata headers exceed the maximum allowed metadata size',
)
export const malformedXml = error(
  400,
  'MalformedXML',
  'The XML you provided was not well-formed or did not validate against our published schema',
)
export const invalidDigest = error(400, 'InvalidDigest', 'The Content-MD5 you specified was invalid.')
export const missingContentLength = error(
  411,
  'MissingContentLength',
  'You must provide the Content-Length HTTP header.',
)
export const preconditionFailed = error(
  412,
  'PreconditionFailed',
  'At least one of the pre-conditions you specified did not hold',
)
export const invalidRange = error(416, 'InvalidRange', 'The requested range is not satisfiable')
export const invalidPartNumber = error(416, 'InvalidPartNumber', 'The requested partnumber is not satisfiable')
export const invalidStorageClass = error(400, 'InvalidStorageClass', 'The storage class you specified is not valid')
export const invalidTag = (message: string, extra: Extra = {}) => new WireError('InvalidTag', message, { extra })
export const aclNotSupported = error(400, 'AccessControlListNotSupported', 'The bucket does not allow ACLs')
export const bucketAlreadyOwnedByYou = error(
  409,
  'BucketAlreadyOwnedByYou',
  'Your previous request to create the named bucket succeeded and you already own it.',
)
export const entityTooLarge = error(400, 'EntityTooLarge', 'Your proposed upload exceeds the maximum allowed size')

export const entityTooSmall = error(
  400,
  'EntityTooSmall',
  'Your proposed upload is smaller than the minimum allowed size',
)

/** Against the algorithm an upload was begun with; undefined for none. */
export const checksumAlgorithmMismatch = (expected: unknown, actual: unknown) =>
  invalidRequest(
    `Checksum Type mismatch occurred, expected checksum Type: ${lower(expected)}, actual checksum Type: ${lower(actual)}`,
  )

const lower = (algorithm: unknown) => (algorithm === undefined ? 'null' : String(algorithm).toLowerCase())

export const lockMissing = () => invalidRequest('Bucket is missing Object Lock Configuration')
const accessDeniedBecause = (message: string) => new WireError('AccessDenied', message, { status: 403 })

/** An operation of S3 that is not offered here. */
export const notImplemented = (operation: string) =>
  new WireError('NotImplemented', `The operation ${operation} is not implemented.`, { status: 501 })

/** A setting of an offered operation that would have no effect here. */
export const settingNotImplemented = (operation: string, what: string) =>
  new WireError('NotImplemented', `${operation} is not implemented for ${what}.`, { status: 501 })

export const headerNotImplemented = (header: string, additionalMessage: string) =>
  new WireError('NotImplemented', 'A header you provided implies functionality that is not implemented', {
    status: 501,
    extra: { Header: header, additionalMessage },
  })

/** undefined: not a refusal of the object store. */
export function toWireError(refusal: Refusal): WireError | undefined {
  const make = REFUSALS[refusal.code as keyof typeof REFUSALS]
  return make === undefined ? ofKey(refusal) : withCause(make(refusal.fields), refusal)
}

/** What KMS would say, behind its name. */
function ofKey(refusal: Refusal): WireError | undefined {
  const answer = keyAnswer(refusal)
  return answer && new WireError(`KMS.${answer.code}`, answer.message, { cause: refusal })
}

type Fields = Readonly<Record<string, unknown>>

const REFUSALS: Readonly<Record<ObjectRefusal | UploadRefusal, (fields: Fields) => WireError>> = {
  noSuchBucket: ({ bucket }) => noSuchBucket({ BucketName: bucket }),
  bucketExists: ({ bucket }) => bucketAlreadyOwnedByYou({ BucketName: bucket }),
  bucketNotEmpty: ({ bucket, versioned }) =>
    new WireError(
      'BucketNotEmpty',
      `The bucket you tried to delete is not empty${versioned ? '. You must delete all versions in the bucket.' : ''}`,
      { status: 409, extra: { BucketName: bucket } },
    ),
  noSuchKey: ({ key, deleteMarker }) =>
    new WireError('NoSuchKey', 'The specified key does not exist.', {
      status: 404,
      extra: { Key: key },
      headers: markerHeaders(deleteMarker as { versionId: string } | undefined),
    }),
  noSuchVersion: ({ key, versionId }) =>
    new WireError('NoSuchVersion', 'The specified version does not exist.', {
      status: 404,
      extra: { Key: key, VersionId: versionId },
    }),
  methodNotAllowed: () => methodNotAllowed({ ResourceType: 'DeleteMarker' }),
  noSuchUpload: ({ uploadId }) =>
    new WireError(
      'NoSuchUpload',
      'The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.',
      { status: 404, extra: { UploadId: uploadId } },
    ),
  invalidPart: ({ uploadId, partNumber, etag }) =>
    new WireError(
      'InvalidPart',
      "One or more of the specified parts could not be found.  The part may not have been uploaded, or the specified entity tag may not match the part's entity tag.",
      { extra: { UploadId: uploadId, PartNumber: partNumber, ETag: etag } },
    ),
  invalidPartOrder: ({ uploadId }) =>
    new WireError(
      'InvalidPartOrder',
      'The list of parts was not in ascending order. Parts must be ordered by part number.',
      { extra: { UploadId: uploadId } },
    ),
  entityTooSmall: ({ size, sizeMin, partNumber, etag }) =>
    entityTooSmall({ ProposedSize: size, MinSizeAllowed: sizeMin, PartNumber: partNumber, ETag: etag }),
  entityTooLarge: ({ proposedSize, maxSizeAllowed }) =>
    entityTooLarge({ ProposedSize: proposedSize, MaxSizeAllowed: maxSizeAllowed }),
  preconditionFailed: ({ condition }) => preconditionFailed({ Condition: condition }),
  conditionalConflict: ({ condition, key }) =>
    new WireError(
      'ConditionalRequestConflict',
      'The conditional request cannot succeed due to a conflicting operation against this resource.',
      { status: 409, extra: { Condition: condition, Key: key } },
    ),
  badDigest: ({ algorithm, expected, calculated }) =>
    algorithm === 'Content-MD5'
      ? new WireError('BadDigest', 'The Content-MD5 you specified did not match what we received.', {
          extra: { ExpectedDigest: base64OfHex(expected), CalculatedDigest: base64OfHex(calculated) },
        })
      : new WireError('BadDigest', `The ${algorithm} you specified did not match the calculated checksum.`),
  incompleteBody: () =>
    new WireError(
      'IncompleteBody',
      'You did not provide the number of bytes specified by the Content-Length HTTP header',
    ),
  customerKeyNeeded: () =>
    invalidRequest(
      'The object was stored using a form of Server Side Encryption. The correct parameters must be provided to retrieve the object.',
    ),
  customerKeyWrong: () => accessDenied(),
  customerKeyNotApplicable: () => invalidRequest('The encryption parameters are not applicable to this object.'),
  invalidRange: ({ size }) => invalidRange({ ActualObjectSize: size }),
  corruptObject: () =>
    new WireError('InternalError', 'The stored object is damaged: its bytes fail authentication and are not served.', {
      status: 500,
    }),
  // AWS has no such error. 507 says what it is, and SDKs do not repeat the upload in vain.
  diskFull: () =>
    new WireError('InsufficientStorage', 'The lake has no room left on its disk. Nothing was stored.', { status: 507 }),
  objectLocked: () => accessDeniedBecause('Access Denied because object protected by object lock.'),
  lockMissing: () => lockMissing(),
  versioningNeeded: ({ isNew }) =>
    new WireError(
      'InvalidBucketState',
      isNew
        ? "Versioning must be 'Enabled' on the bucket to apply a Object Lock configuration"
        : 'An Object Lock configuration is present on this bucket, so the versioning state cannot be changed.',
      { status: 409 },
    ),
  checksumTypeMismatch: ({ expected }) =>
    invalidRequest(
      `The upload was created using the ${expected} checksum mode. The complete request must use the same checksum mode.`,
    ),
  checksumAlgorithmMismatch: ({ expected, actual }) => checksumAlgorithmMismatch(expected, actual),
  partChecksumMissing: ({ algorithm, partNumber }) =>
    invalidRequest(
      `The upload was created using a ${lower(algorithm)} checksum. The complete request must include the checksum for each part. It was missing for part ${partNumber} in the request.`,
    ),
  partBadDigest: ({ algorithm, partNumber }) =>
    new WireError(
      'BadDigest',
      `The ${lower(algorithm)} you specified for part ${partNumber} did not match what we received.`,
    ),
  sizeMismatch: ({ expected, actual }) =>
    invalidRequest(
      `The provided 'x-amz-mp-object-size' header value ${expected} does not match what was computed: ${actual}`,
    ),
}

function markerHeaders(marker: { versionId: string } | undefined): Record<string, string> {
  return marker === undefined ? {} : { 'x-amz-delete-marker': 'true', 'x-amz-version-id': marker.versionId }
}

function base64OfHex(hex: unknown): string {
  return Buffer.from(String(hex), 'hex').toString('base64')
}

function withCause(wireError: WireError, refusal: Refusal): WireError {
  wireError.cause = refusal
  return wireError
}
