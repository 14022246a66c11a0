/** Checksums between headers, trailers and the store. */
import type { ChecksumAlgorithm, ObjectChecksum, PutOptions } from '../../objects/object-store.ts'
import type { WireRequest } from '../../wire/http.ts'
import { headerNotImplemented, invalidDigest, invalidRequest } from './errors.ts'

/** Digest lengths in bytes. */
const LENGTHS: Readonly<Record<ChecksumAlgorithm, number>> = { CRC32: 4, CRC32C: 4, CRC64NVME: 8, SHA1: 20, SHA256: 32 }
export const ALGORITHMS = Object.keys(LENGTHS) as ChecksumAlgorithm[]

const PREFIX = 'x-amz-checksum-'
/** Headers with the prefix that hold no value of a checksum. */
const NOT_VALUES = new Set(['algorithm', 'type', 'mode'])

export type ClaimedChecksum = PutOptions['checksum']

/** What the request claims about its body: a header, a trailer still to come, or only the algorithm to calculate. */
export function claimedChecksum(request: WireRequest): ClaimedChecksum {
  const names = Object.keys(request.headers).filter(isValueHeader)
  const trailer = request.headers['x-amz-trailer']
    ?.split(',')
    .map((name) => name.trim().toLowerCase())
    .find(isValueHeader)
  if (names.length + (trailer === undefined ? 0 : 1) > 1) {
    throw invalidRequest('Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.')
  }
  const [name] = names
  if (name !== undefined) {
    const algorithm = algorithmOf(name)
    return { algorithm, value: validValue(algorithm, request.headers[name] as string) }
  }
  if (trailer !== undefined) {
    const algorithm = algorithmOf(trailer)
    return { algorithm, value: request.trailers.then((trailers) => trailerValue(algorithm, trailers[trailer])) }
  }
  const wanted = request.headers['x-amz-sdk-checksum-algorithm'] ?? request.headers['x-amz-checksum-algorithm']
  return wanted === undefined ? undefined : { algorithm: algorithmNamed(wanted) }
}

/** Refuses what is no checksum algorithm, or none that is offered. */
export function algorithmNamed(name: string): ChecksumAlgorithm {
  const algorithm = name.toUpperCase() as ChecksumAlgorithm
  if (algorithm in LENGTHS) return algorithm
  if (/^(SHA512|MD5|XXHASH64|XXHASH3|XXHASH128)$/.test(algorithm)) {
    throw headerNotImplemented(PREFIX + algorithm.toLowerCase(), `The checksum algorithm ${algorithm} is not offered.`)
  }
  throw invalidRequest(
    'Checksum algorithm provided is unsupported. Please try again with any of the valid types: [CRC32, CRC32C, CRC64NVME, SHA1, SHA256]',
  )
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
  return checksum === undefined ? {} : { ...checksumMember(checksum), ChecksumType: checksum.type }
}

export function checksumMember({ algorithm, value }: { algorithm: ChecksumAlgorithm; value: string }) {
  return { [`Checksum${algorithm}`]: value }
}

type ChecksumMembers = { readonly [Name in `Checksum${ChecksumAlgorithm}`]?: string | undefined }

/** The one checksum among an input's members (of a part in a list, say). */
export function checksumAmong(input: ChecksumMembers): { algorithm: ChecksumAlgorithm; value: string } | undefined {
  for (const algorithm of ALGORITHMS) {
    const value = input[`Checksum${algorithm}`]
    if (value !== undefined) return { algorithm, value }
  }
  return undefined
}

function isValueHeader(name: string): boolean {
  return name.startsWith(PREFIX) && !NOT_VALUES.has(name.slice(PREFIX.length))
}

function algorithmOf(header: string): ChecksumAlgorithm {
  return algorithmNamed(header.slice(PREFIX.length))
}

function trailerValue(algorithm: ChecksumAlgorithm, value: string | undefined): string {
  if (value === undefined) throw invalidRequest(`The trailer ${PREFIX}${algorithm.toLowerCase()} is missing.`)
  return validValue(algorithm, value)
}

function validValue(algorithm: ChecksumAlgorithm, value: string): string {
  const bytes = Buffer.from(value, 'base64')
  if (bytes.byteLength === LENGTHS[algorithm] && bytes.toString('base64') === value) return value
  throw invalidRequest(`Value for ${PREFIX}${algorithm.toLowerCase()} header is invalid.`)
}
