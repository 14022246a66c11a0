/** From the parts that were uploaded and the list the caller claims to the object they make. Pure. */
import { createHash } from 'node:crypto'
import { Refusal } from '../../platform/refusal.ts'
import { combineCrcs } from '../crc-combine.ts'
import { digestsOf } from '../digests.ts'
import type { ObjectChecksum } from '../object-store.ts'
import type { ChecksumType, ClaimedPart, CompleteOptions, Upload } from '../s3-object-store.ts'
import { DEFAULT_ALGORITHM } from './checks.ts'
import type { PartRow } from './upload-table.ts'

/** All parts but the last. */
export const PART_BYTES_MIN = 5 * 1024 * 1024

export interface Assembled {
  readonly parts: readonly PartRow[]
  readonly size: number
  readonly etag: string
  readonly checksum: ObjectChecksum
}

export function assemble(
  upload: Upload,
  uploaded: ReadonlyMap<number, PartRow>,
  { claimed, options }: { claimed: readonly ClaimedPart[]; options: CompleteOptions },
): Assembled {
  requireOrder(upload, claimed)
  const parts = claimed.map((claim) => requirePart(upload, uploaded.get(claim.number), claim))
  requireSizes(parts)
  const size = parts.reduce((sum, part) => sum + part.size, 0)
  if (options.size !== undefined && options.size !== size) {
    throw new Refusal('sizeMismatch', `The parts hold ${size} bytes; ${options.size} were announced.`, {
      fields: { expected: options.size, actual: size },
    })
  }
  const checksum = checksumOfParts(upload.checksum ?? DEFAULT_CHECKSUM, parts)
  requireChecksum(checksum, options)
  return { parts, size, etag: compositeMd5(parts), checksum }
}

function requireOrder({ uploadId }: Upload, claimed: readonly ClaimedPart[]): void {
  const isAscending = claimed.every((part, index) => index === 0 || part.number > (claimed[index - 1]?.number ?? 0))
  if (isAscending) return
  throw new Refusal('invalidPartOrder', 'Parts must be listed in ascending order.', { fields: { uploadId } })
}

function requirePart(upload: Upload, part: PartRow | undefined, claim: ClaimedPart): PartRow {
  const fits = part !== undefined && (claim.etag === undefined || claim.etag === part.etag)
  if (!fits) throw invalidPart(upload, claim)
  requirePartChecksum(upload, part, claim)
  return part
}

/** An upload without an algorithm keeps CRC64NVME only, so other claims cannot be held against anything. */
function requirePartChecksum(upload: Upload, part: PartRow, claim: ClaimedPart): void {
  const { algorithm, type } = upload.checksum ?? { algorithm: DEFAULT_ALGORITHM, type: 'FULL_OBJECT' }
  const partNumber = claim.number
  if (claim.checksum === undefined) {
    if (type === 'FULL_OBJECT') return
    throw new Refusal('partChecksumMissing', `The ${algorithm} of part ${partNumber} is not given.`, {
      fields: { algorithm, partNumber },
    })
  }
  if (claim.checksum.algorithm === algorithm) {
    if (claim.checksum.value !== part.checksum) throw invalidPart(upload, claim)
  } else if (upload.checksum !== undefined) {
    const { algorithm: given } = claim.checksum
    throw new Refusal('partBadDigest', `Part ${partNumber} has a ${algorithm}; a ${given} is given.`, {
      fields: { algorithm: given, partNumber },
    })
  }
}

function invalidPart({ uploadId }: Upload, { number, etag }: ClaimedPart): Refusal {
  return new Refusal('invalidPart', `Part ${number} was not uploaded, or is not what the caller says it is.`, {
    fields: { uploadId, partNumber: number, etag },
  })
}

function requireSizes(parts: readonly PartRow[]): void {
  const small = parts.slice(0, -1).find((part) => part.size < PART_BYTES_MIN)
  if (small === undefined) return
  throw new Refusal('entityTooSmall', `Part ${small.number} has ${small.size} bytes; all but the last need more.`, {
    fields: { size: small.size, sizeMin: PART_BYTES_MIN, partNumber: small.number, etag: small.etag },
  })
}

const DEFAULT_CHECKSUM = { algorithm: DEFAULT_ALGORITHM, type: 'FULL_OBJECT' } as const

export function checksumOfParts(
  { algorithm, type }: Pick<ObjectChecksum, 'algorithm' | 'type'>,
  parts: readonly Pick<PartRow, 'checksum' | 'size'>[],
): ObjectChecksum {
  if (type === 'COMPOSITE') {
    const digests = Buffer.concat(parts.map((part) => Buffer.from(part.checksum, 'base64')))
    const value = digestsOf(digests, [algorithm]).checksums[algorithm]
    return { algorithm, type, value: `${value}-${parts.length}` }
  }
  const value = combineCrcs(
    algorithm,
    parts.map((part) => ({ value: part.checksum, size: part.size })),
  )
  if (value === undefined) throw new Error(`${algorithm} of a whole object cannot be made from its parts.`)
  return { algorithm, type, value }
}

function requireChecksum(checksum: ObjectChecksum, { checksum: claim, checksumType }: CompleteOptions): void {
  if (checksumType !== undefined && checksumType !== checksum.type) throw typeMismatch(checksum.type, checksumType)
  if (claim === undefined) return
  if (claim.algorithm !== checksum.algorithm) {
    throw new Refusal('checksumAlgorithmMismatch', `The upload was begun with ${checksum.algorithm}.`, {
      fields: { expected: checksum.algorithm, actual: claim.algorithm },
    })
  }
  const [plain] = checksum.value.split('-')
  if (claim.value === checksum.value || (checksum.type === 'COMPOSITE' && claim.value === plain)) return
  throw new Refusal('badDigest', `The ${checksum.algorithm} of the object is ${checksum.value}.`, {
    fields: { algorithm: checksum.algorithm, expected: claim.value, calculated: checksum.value },
  })
}

function typeMismatch(expected: ChecksumType, actual: ChecksumType): Refusal {
  return new Refusal('checksumTypeMismatch', `The upload was begun with ${expected}, not ${actual}.`, {
    fields: { expected, actual },
  })
}

/** The ETag of an object in parts, from theirs. */
export function compositeMd5(parts: readonly Pick<PartRow, 'etag'>[]): string {
  const digests = Buffer.concat(parts.map((part) => Buffer.from(part.etag, 'hex')))
  return `${createHash('md5').update(digests).digest('hex')}-${parts.length}`
}
