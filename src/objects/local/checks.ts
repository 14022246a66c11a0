/** What a caller may claim about a body, held against what was received. */
import { Refusal } from '../../platform/refusal.ts'
import type { Digests } from '../digests.ts'
import type { ChecksumAlgorithm, ObjectChecksum, PutOptions } from '../object-store.ts'
import { tooLarge } from './sealed-writer.ts'

/** S3 keeps this when the caller names none. */
export const DEFAULT_ALGORITHM: ChecksumAlgorithm = 'CRC64NVME'

export function wantedAlgorithms(checksum: PutOptions['checksum']): ChecksumAlgorithm[] {
  return [checksum?.algorithm ?? DEFAULT_ALGORITHM]
}

/** A trailer that fails together with its body is reported by the body; nobody may be left to hear of the trailer. */
export function attend(checksum: PutOptions['checksum']): void {
  if (checksum?.value instanceof Promise) checksum.value.catch(() => undefined)
}

export function checksumOf(digests: Digests, algorithm: ChecksumAlgorithm = DEFAULT_ALGORITHM): ObjectChecksum {
  const value = digests.checksums[algorithm]
  if (value === undefined) throw new Error(`${algorithm} was not calculated.`)
  return { algorithm, value, type: 'FULL_OBJECT' }
}

/** Refuses an announced size before a byte is read. */
export function requireSize(size: number | undefined, sizeMax: number): void {
  if (size !== undefined && size > sizeMax) throw tooLarge(size, sizeMax)
}

/** Refuses 'incompleteBody' and 'badDigest'. Waits for a checksum that comes in the trailer. */
export async function requireDigests(
  received: { readonly size: number; readonly digests: Digests },
  { size, contentMd5, checksum }: Pick<PutOptions, 'size' | 'contentMd5' | 'checksum'>,
): Promise<void> {
  if (size !== undefined && size !== received.size) {
    throw new Refusal('incompleteBody', `The body has ${received.size} bytes; ${size} were announced.`, {
      fields: { expected: size, received: received.size },
    })
  }
  if (contentMd5 !== undefined) {
    const expected = Buffer.from(contentMd5).toString('hex')
    if (expected !== received.digests.md5) throw badDigest('Content-MD5', expected, received.digests.md5)
  }
  const claimed = await checksum?.value
  if (checksum === undefined || claimed === undefined) return
  const calculated = received.digests.checksums[checksum.algorithm]
  if (claimed !== calculated) throw badDigest(checksum.algorithm, claimed, calculated)
}

function badDigest(algorithm: string, expected: string, calculated: string | undefined): Refusal {
  return new Refusal('badDigest', `The ${algorithm} of the body is ${calculated}; the caller announced ${expected}.`, {
    fields: { algorithm, expected, calculated },
  })
}
