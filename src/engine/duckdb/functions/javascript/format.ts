/** format(): Java's format strings. */
import { invalidArgument, type JsFunction, js } from './define.ts'
import { decimalString, parseDecimal, plain, rescale, scientific } from './java-number.ts'

interface Value {
  readonly k: string
  readonly v: string | null
}

const SPECIFIER = /%(\d+\$)?([-#+ 0,(<]*)(\d+)?(\.\d+)?([a-zA-Z%])([a-zA-Z])?/g
const INTEGERS = ['tinyint', 'smallint', 'integer', 'bigint']
const FLOATS = ['real', 'double', 'decimal']

function formatted(format: string, values: readonly Value[]): string {
  const refused = (reason: string): never => invalidArgument(`Invalid format string: ${format} (${reason})`)
  let next = 0
  let last = -1
  let end = 0
  let result = ''
  for (const found of format.matchAll(SPECIFIER)) {
    const [text, position, flags = '', width, precision, rawConversion = '', second] = found
    const isDate = rawConversion.toLowerCase() === 't'
    const after = isDate || second === undefined ? '' : second
    const between = format.slice(end, found.index)
    if (between.includes('%')) refused("UnknownFormatConversion: Conversion = '%'")
    result += between
    end = found.index + text.length
    if (rawConversion === 'n') {
      result += `\n${after}`
      continue
    }
    if (rawConversion === '%') {
      result += pad('%', flags, width) + after
      continue
    }
    const at = position !== undefined ? Number.parseInt(position, 10) - 1 : flags.includes('<') ? last : next++
    last = at
    const value = values[at]
    if (value === undefined) return refused(`MissingFormatArgument: Format specifier '${text}'`)
    const digits = precision === undefined ? undefined : Number(precision.slice(1))
    if (isDate) refused('date and time conversions are not supported')
    result += converted(value, rawConversion, flags, width, digits, refused) + after
  }
  const rest = format.slice(end)
  if (rest.includes('%')) refused("UnknownFormatConversion: Conversion = '%'")
  return result + rest
}

function converted(
  value: Value,
  rawConversion: string,
  flags: string,
  width: string | undefined,
  digits: number | undefined,
  refused: (reason: string) => never,
): string {
  const conversion = rawConversion.toLowerCase()
  const upper = conversion !== rawConversion
  const finish = (text: string) => {
    const padded = pad(text, flags, width)
    return upper ? padded.toUpperCase() : padded
  }
  const mismatch = () => refused(`IllegalFormatConversion: ${rawConversion} != ${value.k}`)
  switch (conversion) {
    case 's':
      return finish((value.v ?? 'null').slice(0, digits))
    case 'b':
      return finish((value.v === null ? 'false' : value.k === 'boolean' ? value.v : 'true').slice(0, digits))
    case 'd': {
      if (value.v === null) return finish('null')
      if (!INTEGERS.includes(value.k)) return mismatch()
      return finish(signed(grouped(value.v.replace('-', ''), flags), value.v.startsWith('-'), flags, width))
    }
    case 'x':
    case 'o': {
      if (value.v === null) return finish('null')
      if (!INTEGERS.includes(value.k)) return mismatch()
      const text = BigInt.asUintN(64, BigInt(value.v)).toString(conversion === 'x' ? 16 : 8)
      const prefixed = flags.includes('#') ? (conversion === 'x' ? '0x' : '0') + text : text
      return finish(flags.includes('0') ? prefixed.padStart(Number(width ?? 0), '0') : prefixed)
    }
    case 'c': {
      if (value.v === null) return finish('null')
      if (!['integer', 'smallint', 'tinyint'].includes(value.k)) return mismatch()
      return finish(String.fromCodePoint(Number(value.v)))
    }
    case 'f':
    case 'e':
    case 'g': {
      if (value.v === null) return finish('null')
      if (!FLOATS.includes(value.k)) return mismatch()
      if (/NaN|Infinity/.test(value.v))
        return finish(signed(value.v.replace('-', ''), value.v.startsWith('-'), flags.replace('0', ''), width))
      const text =
        conversion === 'f'
          ? fixed(value.v, digits ?? 6)
          : conversion === 'e'
            ? exponent(value.v, digits ?? 6)
            : general(value.v, digits ?? 6)
      return finish(signed(grouped(text.replace('-', ''), flags), value.v.startsWith('-'), flags, width))
    }
    default:
      return refused(`UnknownFormatConversion: Conversion = '${rawConversion}'`)
  }
}

function fixed(text: string, digits: number): string {
  const parsed = parseDecimal(text) ?? { unscaled: 0n, scale: 0 }
  return decimalString(rescale(parsed, digits))
}

function exponent(text: string, digits: number): string {
  const { digits: significant, exponent: power } = scientific(text.replace('-', ''))
  const rounded = rescale({ unscaled: BigInt(significant), scale: significant.length - 1 }, digits)
  const carried = rounded.unscaled >= 10n ** BigInt(digits + 1)
  const mantissa = decimalString(carried ? { unscaled: rounded.unscaled / 10n, scale: digits } : rounded)
  const shown = significant === '0' ? 0 : power + (carried ? 1 : 0)
  return `${mantissa}e${shown < 0 ? '-' : '+'}${String(Math.abs(shown)).padStart(2, '0')}`
}

function general(text: string, digits: number): string {
  const precision = digits === 0 ? 1 : digits
  const { digits: significant, exponent: power } = scientific(text.replace('-', ''))
  if (significant === '0') return fixed('0', precision - 1)
  if (power >= -4 && power < precision) return fixed(plain(significant, power, false), precision - power - 1)
  return exponent(text, precision - 1)
}

function grouped(text: string, flags: string): string {
  if (!flags.includes(',')) return text
  const [whole = '', fraction] = text.split('.')
  const separated = whole.replace(/\B(?=(\d{3})+$)/g, ',')
  return fraction === undefined ? separated : `${separated}.${fraction}`
}

function signed(text: string, isNegative: boolean, flags: string, width: string | undefined): string {
  const sign = isNegative
    ? flags.includes('(')
      ? '('
      : '-'
    : flags.includes('+')
      ? '+'
      : flags.includes(' ')
        ? ' '
        : ''
  const closing = isNegative && flags.includes('(') ? ')' : ''
  const body = flags.includes('0') ? text.padStart(Number(width ?? 0) - sign.length - closing.length, '0') : text
  return sign + body + closing
}

function pad(text: string, flags: string, width: string | undefined): string {
  if (width === undefined) return text
  return flags.includes('-') ? text.padEnd(Number(width)) : text.padStart(Number(width))
}

export const formatFunctions: readonly JsFunction[] = [
  js('js_format', ['VARCHAR', 'STRUCT(k VARCHAR, v VARCHAR)[]'], 'VARCHAR', formatted),
]
