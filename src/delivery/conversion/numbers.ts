/**
 * Numbers from JSON and from text without losing digits: what fits a double exactly stays one, anything longer goes through
 * a bigint. A number that its column cannot hold makes the record bad: Java would wrap some of them around and null others,
 * and either way the value would be gone without a trace.
 */

/** `-12.50e3` in parts: digits = 1250, ten to the power of minus `scale`. undefined when it is no number. */
export interface Decimal {
  readonly digits: bigint
  readonly scale: number
}

const DECIMAL = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/
const WHOLE = /^[+-]?\d+$/
const HEX = /^0[xX]([+-]?[0-9a-fA-F]+)$/
const DOUBLE = /^[+-]?(?:NaN|Infinity|(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?[dDfF]?)$/

/** As for numbers in JSON: what is longer is none. */
const TEXT_LENGTH_MAX = 1000

/** Exponents beyond this make zero or too much of every number in a record of a mebibyte. */
const EXPONENT_MAX = 10_000_000

export function parseDecimal(text: string): Decimal | undefined {
  const parts = text.length > TEXT_LENGTH_MAX ? null : DECIMAL.exec(text)
  if (parts === null) return undefined
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = parts
  if (whole === '' && fraction === '') return undefined
  const power = Math.max(-EXPONENT_MAX, Math.min(EXPONENT_MAX, Number(exponent)))
  return {
    digits: BigInt(`${sign === '-' ? '-' : ''}0${whole}${fraction}`.replace('-0', '-')),
    scale: fraction.length - power,
  }
}

/** The number times ten to the power of `scale`, rounded half away from zero; undefined past `digitsMax` digits. */
export function unscaled(number: Decimal, scale: number, digitsMax: number): bigint | undefined {
  const shift = scale - number.scale
  if (number.digits === 0n) return 0n
  const digits = digitCount(number.digits)
  // Decided by lengths first: the powers of ten below would be as large as the exponent says.
  if (digits + shift > digitsMax + 1) return undefined
  if (digits + shift < 0) return 0n
  const value = shift >= 0 ? number.digits * 10n ** BigInt(shift) : dividedByTen(number.digits, -shift)
  return digitCount(value) > digitsMax ? undefined : value
}

function dividedByTen(digits: bigint, times: number): bigint {
  const divisor = 10n ** BigInt(times)
  const half = divisor / 2n
  return digits < 0n ? -((-digits + half) / divisor) : (digits + half) / divisor
}

/** Towards zero. undefined past 2 ** 63 or so. */
export function truncated({ digits, scale }: Decimal): bigint | undefined {
  if (scale <= 0)
    return digits === 0n || digitCount(digits) - scale <= 20
      ? digits * 10n ** BigInt(digits === 0n ? 0 : -scale)
      : undefined
  if (digitCount(digits) <= scale) return 0n
  return digits / 10n ** BigInt(scale)
}

const digitCount = (digits: bigint): number => (digits < 0n ? -digits : digits).toString().length

/** Integer.parseInt, with the hexadecimal that the OpenX SerDe takes. */
export function parseWhole(text: string): bigint | undefined {
  if (text.length > TEXT_LENGTH_MAX) return undefined
  if (WHOLE.test(text)) return BigInt(text.startsWith('+') ? text.slice(1) : text)
  const hex = HEX.exec(text)?.[1]
  if (hex === undefined) return undefined
  return hex.startsWith('-') ? -BigInt(`0x${hex.slice(1)}`) : BigInt(`0x${hex.replace('+', '')}`)
}

/** Double.parseDouble, without hexadecimal fractions. */
export function parseDouble(text: string): number | undefined {
  const trimmed = text.trim()
  if (trimmed.length > TEXT_LENGTH_MAX || !DOUBLE.test(trimmed)) return undefined
  return Number(/^[^NI]*[dDfF]$/.test(trimmed) ? trimmed.slice(0, -1) : trimmed)
}

/** Powers of ten that a double holds exactly. */
export const POWERS_OF_TEN: readonly number[] = Array.from({ length: 23 }, (_, power) => Number(`1e${power}`))
