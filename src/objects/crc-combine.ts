/**
 * The CRC of A followed by B from the CRCs of A and B: crc(AB) = crc(A) · x^(8·|B|) + crc(B) modulo the polynomial.
 * This holds for reflected CRCs that begin and end with all ones, as all three here do.
 */
import type { ChecksumAlgorithm } from './object-store.ts'

interface Field {
  readonly bits: bigint
  /** Reflected. */
  readonly polynomial: bigint
}

const FIELDS: Readonly<Partial<Record<ChecksumAlgorithm, Field>>> = {
  CRC32: { bits: 32n, polynomial: 0xedb88320n },
  CRC32C: { bits: 32n, polynomial: 0x82f63b78n },
  CRC64NVME: { bits: 64n, polynomial: 0x9a6c9329ac4bc9b5n },
}

export interface CrcOfPart {
  /** Base64 of the big-endian CRC. */
  readonly value: string
  readonly size: number
}

/** undefined for algorithms that cannot be combined. Base64, as the parts'. */
export function combineCrcs(algorithm: ChecksumAlgorithm, parts: readonly CrcOfPart[]): string | undefined {
  const field = FIELDS[algorithm]
  if (field === undefined) return undefined
  const shifts = new Map<number, bigint>()
  let combined = 0n
  for (const { value, size } of parts) {
    const shift = shifts.get(size) ?? shiftBy(field, size)
    shifts.set(size, shift)
    combined = multiply(field, combined, shift) ^ numberOf(value)
  }
  return base64Of(field, combined)
}

/** x^(8·bytes). Reflected, the highest bit is x^0. */
function shiftBy(field: Field, bytes: number): bigint {
  let power = 1n << (field.bits - 9n)
  let result = 1n << (field.bits - 1n)
  for (let rest = bytes; rest > 0; rest = Math.floor(rest / 2)) {
    if (rest % 2 === 1) result = multiply(field, result, power)
    power = multiply(field, power, power)
  }
  return result
}

function multiply({ bits, polynomial }: Field, a: bigint, b: bigint): bigint {
  let product = 0n
  let shifted = b
  for (let bit = bits - 1n; bit >= 0n; bit--) {
    if ((a >> bit) & 1n) product ^= shifted
    shifted = shifted & 1n ? (shifted >> 1n) ^ polynomial : shifted >> 1n
  }
  return product
}

function numberOf(base64: string): bigint {
  return BigInt(`0x${Buffer.from(base64, 'base64').toString('hex')}`)
}

function base64Of({ bits }: Field, crc: bigint): string {
  return Buffer.from(crc.toString(16).padStart(Number(bits / 4n), '0'), 'hex').toString('base64')
}
