/** Numbers as Java writes them, and decimal arithmetic on text. */

/** `Double.toString`: `1.0`, `1.0E20`, `1.0E-5`, `NaN`, `Infinity`. */
export function javaDouble(value: number): string {
  return javaNumber(value, String(Math.abs(value)))
}

/** `Float.toString`: the shortest digits that read back as the same 32-bit number. */
export function javaReal(value: number): string {
  return javaNumber(value, shortestReal(Math.abs(value)))
}

export function shortestReal(value: number): string {
  if (!Number.isFinite(value)) return String(value)
  const single = Math.fround(value)
  for (let digits = 1; digits <= 9; digits++) {
    const text = single.toPrecision(digits)
    if (Math.fround(Number(text)) === single) return String(Number(text))
  }
  return String(single)
}

function javaNumber(value: number, shortest: string): string {
  if (Number.isNaN(value)) return 'NaN'
  const sign = value < 0 || Object.is(value, -0) ? '-' : ''
  if (!Number.isFinite(value)) return `${sign}Infinity`
  const magnitude = Math.abs(value)
  if (magnitude === 0) return `${sign}0.0`
  const { digits, exponent } = scientific(shortest)
  if (magnitude >= 1e-3 && magnitude < 1e7) return sign + plain(digits, exponent, true)
  return `${sign}${digits[0]}.${digits.slice(1) || '0'}E${exponent}`
}

/** `1.2E3`, `0E0`: always with an exponent, as CAST AS VARCHAR writes doubles. */
export function scientificText(value: number, shortest: string): string {
  if (Number.isNaN(value)) return 'NaN'
  const sign = value < 0 || Object.is(value, -0) ? '-' : ''
  if (!Number.isFinite(value)) return `${sign}Infinity`
  if (value === 0) return `${sign}0E0`
  const { digits, exponent } = scientific(shortest)
  return `${sign}${digits[0]}.${digits.slice(1) || '0'}E${exponent}`
}

/** Digits without point or trailing zeros, and the power of ten of the first: `120` is { '12', 2 }. */
export function scientific(shortest: string): { readonly digits: string; readonly exponent: number } {
  const [mantissa = '', power = '0'] = shortest.toLowerCase().split('e')
  const [whole = '', fraction = ''] = mantissa.split('.')
  const all = whole + fraction
  const leading = all.length - all.replace(/^0+/, '').length
  const digits = all.slice(leading).replace(/0+$/, '') || '0'
  return { digits, exponent: Number(power) + whole.length - 1 - leading }
}

/** Without exponent; `withPoint` keeps `.0` on whole numbers. */
export function plain(digits: string, exponent: number, withPoint: boolean): string {
  if (exponent < 0) return `0.${'0'.repeat(-exponent - 1)}${digits}`
  const whole = digits.slice(0, exponent + 1).padEnd(exponent + 1, '0')
  const fraction = digits.slice(exponent + 1)
  if (fraction === '') return withPoint ? `${whole}.0` : whole
  return `${whole}.${fraction}`
}

/** A number's shortest text without exponent, for reading as a decimal. NULL for what is no number. */
export function plainNumber(value: number, shortest: string): string | null {
  if (!Number.isFinite(value)) return null
  const { digits, exponent } = scientific(shortest)
  return (value < 0 ? '-' : '') + plain(digits, exponent, false)
}

export interface Decimal {
  readonly unscaled: bigint
  readonly scale: number
}

/** `-12.50` is { -1250n, 2 }; exponents are applied. undefined: not a number. */
export function parseDecimal(text: string): Decimal | undefined {
  const found = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,9}))?$/.exec(text)
  if (found === null) return undefined
  const [, sign, whole = '', fraction = '', power = '0'] = found
  if (whole === '' && fraction === '') return undefined
  const digits = BigInt(whole + fraction)
  const scale = fraction.length - Number(power)
  const signed = sign === '-' ? -digits : digits
  if (scale >= 0) return { unscaled: signed, scale }
  return { unscaled: signed * 10n ** BigInt(Math.min(-scale, 10_000)), scale: 0 }
}

export function decimalString({ unscaled, scale }: Decimal): string {
  const digits = (unscaled < 0n ? -unscaled : unscaled).toString().padStart(scale + 1, '0')
  const point = scale > 0 ? `.${digits.slice(digits.length - scale)}` : ''
  return `${unscaled < 0n ? '-' : ''}${digits.slice(0, digits.length - scale)}${point}`
}

/** Halves away from zero. */
export function divideRounded(dividend: bigint, divisor: bigint): bigint {
  const quotient = dividend / divisor
  const rest = dividend % divisor
  const double = (rest < 0n ? -rest : rest) * 2n
  if (double < (divisor < 0n ? -divisor : divisor)) return quotient
  return quotient + (dividend < 0n !== divisor < 0n ? -1n : 1n)
}

export function rescale(value: Decimal, scale: number): Decimal {
  if (scale >= value.scale) return { unscaled: value.unscaled * 10n ** BigInt(scale - value.scale), scale }
  return { unscaled: divideRounded(value.unscaled, 10n ** BigInt(value.scale - scale)), scale }
}
