/** Arithmetic that DuckDB does differently or not at all. */
import { fail, invalidArgument, type JsFunction, js, jsWithNulls } from './define.ts'
import {
  decimalString,
  divideRounded,
  javaDouble,
  javaReal,
  parseDecimal,
  plainNumber,
  rescale,
  scientificText,
  shortestReal,
} from './java-number.ts'

const LONG_BITS = 64

function known(text: string) {
  return parseDecimal(text) ?? { unscaled: 0n, scale: 0 }
}

function roundDecimals(value: number, digits: bigint): number {
  if (!Number.isFinite(value)) return value
  if (digits > 300n) return value
  if (digits < -320n) return 0
  const parsed = known(plainNumber(value, String(Math.abs(value))) ?? '0')
  return Number(decimalString(roundAt(parsed, Number(digits))))
}

/** Rounded to `digits` after the point; negative digits stand before it. */
function roundAt(value: { unscaled: bigint; scale: number }, digits: number) {
  if (digits >= value.scale) return value
  if (digits >= 0) return rescale(value, digits)
  const unit = 10n ** BigInt(value.scale - digits)
  return { unscaled: divideRounded(value.unscaled, unit) * 10n ** BigInt(-digits), scale: 0 }
}

const DIGITS = '0123456789abcdefghijklmnopqrstuvwxyz'

function checkedRadix(radix: bigint): number {
  if (radix < 2n || radix > 36n) invalidArgument('Radix must be between 2 and 36')
  return Number(radix)
}

function fromBase(text: string, radix: bigint): bigint {
  const base = checkedRadix(radix)
  const found = /^([+-]?)([0-9a-z]+)$/i.exec(text)
  const digits = [...(found?.[2] ?? '').toLowerCase()].map((digit) => DIGITS.indexOf(digit))
  const refused = () => invalidArgument(`Not a valid base-${base} number: ${text}`)
  if (found === null || digits.some((digit) => digit >= base)) return refused()
  const value = digits.reduce((sum, digit) => sum * BigInt(base) + BigInt(digit), 0n) * (found[1] === '-' ? -1n : 1n)
  return value > 9223372036854775807n || value < -9223372036854775808n ? refused() : value
}

function shiftLeft(value: bigint, by: bigint, bits: bigint): bigint {
  if (by < 0n) invalidArgument('Specified shift must be positive')
  return by >= bits ? 0n : BigInt.asIntN(Number(bits), value << by)
}

function shiftRight(value: bigint, by: bigint, bits: bigint): bigint {
  if (by < 0n) invalidArgument('Specified shift must be positive')
  return by >= bits ? 0n : BigInt.asIntN(Number(bits), BigInt.asUintN(Number(bits), value) >> by)
}

function shiftRightSigned(value: bigint, by: bigint, bits: bigint): bigint {
  if (by < 0n) invalidArgument('Specified shift must be positive')
  return value >> (by >= bits ? bits : by)
}

function bitCount(value: bigint, bits: bigint): bigint {
  if (bits === 64n) return countOnes(BigInt.asUintN(LONG_BITS, value))
  if (bits <= 1n || bits > 64n) {
    invalidArgument(`Bits specified in bit_count must be between 2 and 64, got ${bits}`)
  }
  const low = -(1n << (bits - 1n))
  if (value < low || value > -low - 1n) {
    invalidArgument(
      `Number must be representable with the bits specified. ${value} cannot be represented with ${bits} bits`,
    )
  }
  return countOnes(BigInt.asUintN(Number(bits), value))
}

function countOnes(value: bigint): bigint {
  let ones = 0n
  for (let rest = value; rest > 0n; rest &= rest - 1n) ones++
  return ones
}

function widthBucket(operand: number, bound1: number, bound2: number, buckets: bigint): bigint {
  if (buckets <= 0n) invalidArgument('bucketCount must be greater than 0')
  if (Number.isNaN(operand)) invalidArgument('operand must not be NaN')
  if (!Number.isFinite(bound1)) invalidArgument('first bound must be finite')
  if (!Number.isFinite(bound2)) invalidArgument('second bound must be finite')
  if (bound1 === bound2) invalidArgument('bounds cannot equal each other')
  const lower = Math.min(bound1, bound2)
  const upper = Math.max(bound1, bound2)
  if (operand < lower) return bound1 > bound2 ? checkedNext(buckets) : 0n
  if (operand >= upper) return bound1 > bound2 ? 0n : checkedNext(buckets)
  const result = BigInt(Math.trunc((Number(buckets) * (operand - lower)) / (upper - lower) + 1))
  return bound1 > bound2 ? buckets - result + 1n : result
}

function checkedNext(buckets: bigint): bigint {
  if (buckets === 9223372036854775807n) {
    fail('NUMERIC_VALUE_OUT_OF_RANGE', `Bucket for value is out of range`)
  }
  return buckets + 1n
}

function widthBucketOfBins(operand: number, bins: readonly (number | null)[]): bigint {
  if (bins.length === 0) invalidArgument('Bins cannot be an empty array')
  if (Number.isNaN(operand)) invalidArgument('Operand cannot be NaN')
  let lower = 0
  let upper = bins.length
  while (lower < upper) {
    if ((bins[lower] ?? 0) > (bins[upper - 1] ?? 0)) invalidArgument('Bin values are not sorted in ascending order')
    const index = (lower + upper) >> 1
    const bin = bins[index] ?? Number.NaN
    if (!Number.isFinite(bin)) invalidArgument(`Bin value must be finite, got ${javaDouble(bin)}`)
    if (operand < bin) upper = index
    else lower = index + 1
  }
  return BigInt(lower)
}

function cosineSimilarity(
  leftKeys: readonly (string | null)[],
  leftValues: readonly (number | null)[],
  rightKeys: readonly (string | null)[],
  rightValues: readonly (number | null)[],
): number | null {
  const norm = (values: readonly (number | null)[]) =>
    Math.sqrt(values.reduce<number>((sum, value) => sum + (value ?? 0) ** 2, 0))
  if (leftValues.includes(null) || rightValues.includes(null)) return null
  const denominator = norm(leftValues) * norm(rightValues)
  if (denominator === 0) return null
  const right = new Map(rightKeys.map((key, index) => [key, rightValues[index] ?? 0]))
  const dot = leftKeys.reduce((sum, key, index) => sum + (leftValues[index] ?? 0) * (right.get(key) ?? 0), 0)
  return dot / denominator
}

export const numberFunctions: readonly JsFunction[] = [
  js('js_double_text', ['DOUBLE'], 'VARCHAR', (value) => scientificText(value, String(Math.abs(value)))),
  js('js_real_text', ['FLOAT'], 'VARCHAR', (value) => scientificText(value, shortestReal(Math.abs(value)))),
  js('js_java_double', ['DOUBLE'], 'VARCHAR', javaDouble),
  js('js_java_real', ['FLOAT'], 'VARCHAR', javaReal),
  js('js_double_plain', ['DOUBLE'], 'VARCHAR', (value) => plainNumber(value, String(Math.abs(value)))),
  js('js_real_plain', ['FLOAT'], 'VARCHAR', (value) => plainNumber(value, shortestReal(Math.abs(value)))),
  js('js_decimal_divide', ['VARCHAR', 'VARCHAR', 'INTEGER'], 'VARCHAR', (dividend, divisor, scale) => {
    const left = known(dividend)
    const right = known(divisor)
    const shift = scale - left.scale + right.scale
    const numerator = shift >= 0 ? left.unscaled * 10n ** BigInt(shift) : left.unscaled
    const denominator = shift >= 0 ? right.unscaled : right.unscaled * 10n ** BigInt(-shift)
    return decimalString({ unscaled: divideRounded(numerator, denominator), scale })
  }),
  js('js_decimal_round', ['VARCHAR', 'BIGINT', 'INTEGER'], 'VARCHAR', (text, digits, scale) => {
    const value = known(text)
    if (digits >= BigInt(value.scale)) return text
    if (digits < -40n) return decimalString({ unscaled: 0n, scale })
    return decimalString(rescale(roundAt(value, Number(digits)), scale))
  }),
  js('js_decimal_truncate', ['VARCHAR', 'BIGINT', 'INTEGER'], 'VARCHAR', (text, digits, scale) => {
    const value = known(text)
    if (digits >= BigInt(value.scale)) return text
    if (digits < -40n) return decimalString({ unscaled: 0n, scale })
    const unit = 10n ** BigInt(value.scale - Number(digits))
    return decimalString({ unscaled: (value.unscaled / unit) * unit, scale })
  }),
  js('js_round_integer', ['BIGINT', 'BIGINT'], 'BIGINT', (value, digits) => {
    if (digits >= 0n) return value
    if (digits < -19n) return 0n
    const unit = 10n ** -digits
    const rounded = divideRounded(value, unit) * unit
    if (rounded !== BigInt.asIntN(LONG_BITS, rounded)) fail('NUMERIC_VALUE_OUT_OF_RANGE', 'Out of range')
    return rounded
  }),
  js('js_round_double', ['DOUBLE', 'BIGINT'], 'DOUBLE', roundDecimals),
  js('js_round_real', ['FLOAT', 'BIGINT'], 'FLOAT', (value, digits) => {
    if (!Number.isFinite(value)) return value
    return roundDecimals(Number(shortestReal(Math.abs(value))) * Math.sign(value), digits)
  }),
  js('js_truncate_double', ['DOUBLE', 'BIGINT'], 'DOUBLE', (value, digits) => {
    const text = plainNumber(value, String(Math.abs(value)))
    if (text === null || digits > 300n) return value
    if (digits < -320n) return 0
    const decimal = known(text)
    if (digits >= BigInt(decimal.scale)) return value
    const unit = 10n ** BigInt(decimal.scale - Number(digits))
    return Number(decimalString({ unscaled: (decimal.unscaled / unit) * unit, scale: decimal.scale }))
  }),
  js('js_log', ['DOUBLE', 'DOUBLE'], 'DOUBLE', (base, value) => Math.log(value) / Math.log(base)),
  js('js_power', ['DOUBLE', 'DOUBLE'], 'DOUBLE', (base, exponent) => base ** exponent),
  js('js_to_base', ['BIGINT', 'BIGINT'], 'VARCHAR', (value, radix) => value.toString(checkedRadix(radix))),
  js('js_from_base', ['VARCHAR', 'BIGINT'], 'BIGINT', fromBase),
  js('js_shift_left', ['BIGINT', 'BIGINT', 'BIGINT'], 'BIGINT', shiftLeft),
  js('js_shift_right', ['BIGINT', 'BIGINT', 'BIGINT'], 'BIGINT', shiftRight),
  js('js_shift_right_signed', ['BIGINT', 'BIGINT', 'BIGINT'], 'BIGINT', shiftRightSigned),
  js('js_bit_count', ['BIGINT', 'BIGINT'], 'BIGINT', bitCount),
  js('js_width_bucket', ['DOUBLE', 'DOUBLE', 'DOUBLE', 'BIGINT'], 'BIGINT', widthBucket),
  jsWithNulls('js_width_bucket_bins', ['DOUBLE', 'DOUBLE[]'], 'BIGINT', (operand, bins) =>
    operand === null || bins === null ? null : bins.includes(null) ? null : widthBucketOfBins(operand, bins),
  ),
  js('js_cosine_similarity', ['VARCHAR[]', 'DOUBLE[]', 'VARCHAR[]', 'DOUBLE[]'], 'DOUBLE', cosineSimilarity),
]
