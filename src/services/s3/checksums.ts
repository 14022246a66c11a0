/** Checksums between headers, trailers and the store. */
import type { ChecksumAlgorithm, ObjectChecksum, PutOptions } from '../../objects/object-store.ts'
import type { ChecksumType } from '../../objects/s3-object-store.ts'
import type { WireRequest } from '../../wire/http.ts'
import { invalidDigest, invalidRequest } from './errors.ts'

/** Digest lengths in bytes. */
const LENGTHS: Readonly<Record<ChecksumAlgorithm, number>> = {
  CRC32: 4,
  CRC32C: 4,
  CRC64NVME: 8,
  MD5: 16,
  SHA1: 20,
  SHA256: 32,
  SHA512: 64,
  XXHASH128: 16,
  XXHASH3: 8,
  XXHASH64: 8,
}
export const ALGORITHMS = Object.keys(LENGTHS) as ChecksumAlgorithm[]

/**
 * How an object's checksum comes of its parts' (S3 User Guide, "Checking object integrity"); the first is the default.
 * Only CRCs of parts can be combined to that of the whole.
 */
export const CHECKSUM_TYPES: Readonly<Record<ChecksumAlgorithm, readonly [ChecksumType, ...ChecksumType[]]>> = {
  CRC32: ['COMPOSITE', 'FULL_OBJECT'],
  CRC32C: ['COMPOSITE', 'FULL_OBJECT'],
  CRC64NVME: ['FULL_OBJECT'],
  MD5: ['COMPOSITE'],
  SHA1: ['COMPOSITE'],
  SHA256: ['COMPOSITE'],
  SHA512: ['COMPOSITE'],
  XXHASH128: ['COMPOSITE'],
  XXHASH3: ['COMPOSITE'],
  XXHASH64: ['COMPOSITE'],
}

const PREFIX = 'x-amz-checksum-'
const SDK_ALGORITHM = 'x-amz-sdk-checksum-algorithm'
/** Headers with the prefix that hold no value of a checksum. */
const NOT_VALUES = new Set(['algorithm', 'type', 'mode'])

export type ClaimedChecksum = PutOptions['checksum']

/** What the request claims about its body: a header, a trailer still to come, or only the algorithm to calculate. */
export function claimedChecksum(request: WireRequest): ClaimedChecksum {
  const names = Object.keys(request.headers).filter(isValueHeader)
  const trailer = checksumTrailer(request)
  if (names.length + (trailer === undefined ? 0 : 1) > 1) {
    throw multipleChecksums()
  }
  const [name] = names
  if (name !== undefined) {
    const algorithm = algorithmOf(name, request)
    return { algorithm, value: validValue(algorithm, request.headers[name] as string) }
  }
  if (trailer !== undefined) {
    const algorithm = algorithmOf(trailer, request)
    const value = request.trailers.then((trailers) => trailerValue(algorithm, trailers[trailer]))
    // A body that fails may never be asked for its checksum; the promise alone must not take the process down.
    value.catch(() => undefined)
    return { algorithm, value }
  }
  if (request.headers[SDK_ALGORITHM] !== undefined) {
    throw invalidRequest(
      'x-amz-sdk-checksum-algorithm specified, but no corresponding x-amz-checksum-* or x-amz-trailer headers were found.',
    )
  }
  const wanted = request.headers['x-amz-checksum-algorithm']
  return wanted === undefined ? undefined : { algorithm: algorithmNamed(wanted) }
}

/** Whether the body is held against something: a digest in a header, or one that is announced to come behind it. */
export function bringsDigest(request: WireRequest): boolean {
  const names = Object.keys(request.headers)
  return names.some((name) => name === 'content-md5' || isValueHeader(name)) || checksumTrailer(request) !== undefined
}

/** Refuses what is no checksum algorithm. */
export function algorithmNamed(name: string): ChecksumAlgorithm {
  const algorithm = name.toUpperCase() as ChecksumAlgorithm
  if (Object.hasOwn(LENGTHS, algorithm)) return algorithm
  throw invalidRequest(
    `Checksum algorithm provided is unsupported. Please try again with any of the valid types: [${ALGORITHMS.join(', ')}]`,
  )
}

export function checksumTypeNamed(name: string): ChecksumType {
  const type = name.toUpperCase()
  if (type === 'COMPOSITE' || type === 'FULL_OBJECT') return type
  throw invalidRequest('Value for x-amz-checksum-type header is invalid.')
}

/** The bytes of a Content-MD5 header; undefined when there is none. */
export function contentMd5Of(request: WireRequest): Buffer | undefined {
  const text = request.headers['content-md5']
  if (text === undefined) return undefined
  const bytes = Buffer.from(text, 'base64')
  if (bytes.byteLength !== 16 || bytes.toString('base64') !== text) throw invalidDigest({ 'Content-MD5': text })
  return bytes
}

/** Output members: `{ ChecksumCRC32: '…', ChecksumType: 'FULL_OBJECT' }`. */
export function checksumMembers(checksum: ObjectChecksum | undefined) {
  return checksum === undefined ? {} : { ChecksumType: checksum.type, ...checksumMember(checksum) }
}

export function checksumMember({ algorithm, value }: { algorithm: ChecksumAlgorithm; value: string }) {
  return { [`Checksum${algorithm}`]: value }
}

type ChecksumMembers = { readonly [Name in `Checksum${ChecksumAlgorithm}`]?: string | undefined }

export interface NamedChecksum {
  readonly algorithm: ChecksumAlgorithm
  readonly value: string
}

/** The checksums among an input's members (of a part in a list, say). */
export function checksumsAmong(input: ChecksumMembers): NamedChecksum[] {
  return ALGORITHMS.flatMap((algorithm) => {
    const value = input[`Checksum${algorithm}`]
    return value === undefined ? [] : [{ algorithm, value }]
  })
}

/** Of a whole object, when completing: one at most; a composite one may end with the number of parts. */
export function wholeChecksumAmong(input: ChecksumMembers): NamedChecksum | undefined {
  const [found, ...others] = checksumsAmong(input)
  if (others.length > 0) throw multipleChecksums()
  if (found === undefined) return undefined
  const { algorithm, value } = found
  const plain = algorithm === 'CRC64NVME' ? value : value.replace(/-\d{1,5}$/, '')
  validValue(algorithm, plain)
  return found
}

const multipleChecksums = () =>
  invalidRequest('Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.')

/** The name of the checksum that is announced to come behind the body. */
function checksumTrailer({ headers }: WireRequest): string | undefined {
  const announced = headers['x-amz-trailer']?.split(',').map((name) => name.trim().toLowerCase())
  return announced?.find(isValueHeader)
}

function isValueHeader(name: string): boolean {
  return name.startsWith(PREFIX) && !NOT_VALUES.has(name.slice(PREFIX.length))
}

/** The algorithm of a header or trailer. What the SDK says it uses, if it says so, must be the same. */
function algorithmOf(header: string, { headers }: WireRequest): ChecksumAlgorithm {
  const algorithm = header.slice(PREFIX.length).toUpperCase() as ChecksumAlgorithm
  if (!Object.hasOwn(LENGTHS, algorithm)) {
    throw invalidRequest('The algorithm type you specified in x-amz-checksum- header is invalid.')
  }
  const said = headers[SDK_ALGORITHM]
  if (said !== undefined && algorithmNamed(said) !== algorithm) {
    throw invalidRequest(`Value for ${SDK_ALGORITHM} header is invalid.`)
  }
  return algorithm
}

function trailerValue(algorithm: ChecksumAlgorithm, value: string | undefined): string {
  if (value === undefined) throw invalidRequest(`The trailer ${PREFIX}${algorithm.toLowerCase()} is missing.`)
  if (isWellFormed(algorithm, value)) return value
  throw invalidRequest(`Value for ${PREFIX}${algorithm.toLowerCase()} trailing header is invalid.`)
}

function validValue(algorithm: ChecksumAlgorithm, value: string): string {
  if (isWellFormed(algorithm, value)) return value
  throw invalidRequest(`Value for ${PREFIX}${algorithm.toLowerCase()} header is invalid.`)
}

export function isWellFormed(algorithm: ChecksumAlgorithm, value: string): boolean {
  const bytes = Buffer.from(value, 'base64')
  return bytes.byteLength === LENGTHS[algorithm] && bytes.toString('base64') === value
}
