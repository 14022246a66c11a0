/**
 * One JSON value becomes one value of a scalar column. The cursor is at the value's first byte and behind it afterwards.
 * null is null everywhere. What else becomes what, by deserialiser:
 *
 *   column     from                     OpenX                              Hive
 *   string     number, true, false      as written                         as written
 *              object, array            its JSON text without blanks       bad
 *   integers   whole number             itself; out of range: bad          same
 *              fraction, exponent       cut off towards zero               same
 *              text                     Java's parseInt, and 0x…           bad
 *   float,     number                   itself; infinite: bad              same
 *   double     text                     Java's parseDouble                 bad
 *   decimal    number, text of one      rounded half up; too large: bad    same
 *   boolean    text                     true when it says so, else false   same
 *              number                   bad                                false
 *   date       text                     yyyy-[m]m-[d]d                     same
 *   timestamp  text, number             forms of A11                       the formats given, then Timestamp.valueOf
 *   binary     text                     its UTF-8                          bad (the SerDe has no binary)
 *   char(n), varchar(n): as string, cut after n code points; char without blanks at its end
 *
 * From the sources of both SerDes and from what others saw on AWS in 2026-09; where Java would wrap around, count on past the
 * end of a month or put a null in place of a value, the record is bad instead.
 */
import type { Leaf } from '../../formats/parquet/write/leaf.ts'
import type { ColumnNode } from '../../formats/parquet/write/schema.ts'
import { BadRecord, malformedData, notFor } from './bad-record.ts'
import { CHARACTER, type JsonBytes } from './json-bytes.ts'
import { POWERS_OF_TEN, parseDecimal, parseDouble, parseWhole, truncated, unscaled } from './numbers.ts'
import type { Rules } from './rules.ts'
import type { TextLength } from './schema.ts'
import { epochMillis, fromMillis, readIsoBytes, sqlDate } from './timestamps.ts'

export type ScalarType = Extract<ColumnNode, { kind: 'scalar' }>['type']

export interface ScalarTarget {
  readonly leaf: Leaf
  readonly type: ScalarType
  readonly length: TextLength | undefined
}

const { quote, openBrace, openBracket, n, t, f } = CHARACTER

export class ScalarReader {
  readonly #json: JsonBytes
  readonly #rules: Rules
  readonly #instant = { day: 0, nanos: 0 }

  constructor(json: JsonBytes, rules: Rules) {
    this.#json = json
    this.#rules = rules
  }

  /** `first` is the value's first byte, and not that of null. */
  value(target: ScalarTarget, repetition: number, first: number, depth: number) {
    const json = this.#json
    switch (first) {
      case quote:
        json.string()
        return this.text(target, repetition)
      case openBrace:
      case openBracket:
        return this.#container(target, repetition, first, depth)
      case t:
      case f:
        json.word(first)
        return this.#truth(target, repetition, first === t)
      case n:
        throw new Error('a null is appended by whoever knows its level')
      default:
        json.skipValue(depth)
        return this.#number(target, repetition)
    }
  }

  /** Of the string that was read last: a value, or the key of a map. */
  text({ leaf, type, length }: ScalarTarget, repetition: number) {
    const json = this.#json
    switch (type.kind) {
      case 'string':
        if (length !== undefined) return this.#limited(leaf, repetition, length)
        return leaf.appendBytes(repetition, json.text, json.from, json.to)
      case 'timestamp':
        if (this.#rules.isLenient && readIsoBytes(json.text, json.from, json.to, this.#instant))
          return leaf.appendInt96(repetition, this.#instant.day, this.#instant.nanos)
        return this.#timestamp(leaf, repetition, json.stringText())
      case 'date':
        return this.#date(leaf, repetition, json.stringText())
      case 'boolean':
        return leaf.appendBoolean(repetition, json.stringText().toLowerCase() === 'true')
      case 'decimal':
        return this.#decimal(leaf, repetition, type, json.stringText().trim())
      case 'binary':
        if (!this.#rules.isLenient) throw noBinary()
        return leaf.appendBytes(repetition, json.text, json.from, json.to)
      default:
        if (!this.#rules.isLenient) throw notNumeric()
        return this.#numberText(leaf, repetition, type.kind, json.stringText())
    }
  }

  /** The key of a map: Hive reads numbers from it too. */
  key(target: ScalarTarget, repetition: number) {
    const { leaf, type } = target
    switch (type.kind) {
      case 'int8':
      case 'int16':
      case 'int32':
      case 'int64':
      case 'float':
      case 'double':
        return this.#numberText(leaf, repetition, type.kind, this.#json.stringText())
      default:
        return this.text(target, repetition)
    }
  }

  #limited(leaf: Leaf, repetition: number, { max, isChar }: TextLength) {
    const { text, from, to } = this.#json
    let end = from
    let count = 0
    // A code point begins at every byte that does not go on with one.
    for (; end < to; end++) if (((text[end] as number) & 0xc0) !== 0x80 && ++count > max) break
    if (isChar) while (end > from && text[end - 1] === 0x20) end--
    leaf.appendBytes(repetition, text, from, end)
  }

  #container({ leaf, type, length }: ScalarTarget, repetition: number, first: number, depth: number) {
    const json = this.#json
    const isText = type.kind === 'string'
    if (!isText || !this.#rules.isLenient) {
      if (type.kind === 'binary' && !this.#rules.isLenient) throw noBinary()
      if (isText) {
        throw new BadRecord(
          'DataFormatConversion.MalformedData',
          'One or more fields have incorrect format. Exception when validating field (root)',
        )
      }
      throw malformedData(`A JSON ${first === openBrace ? 'object' : 'array'} where ${type.kind} is expected.`)
    }
    const from = json.at
    json.skipValue(depth)
    json.text = withoutBlanks(json.bytes, from, json.at)
    json.from = 0
    json.to = json.text.length
    if (length !== undefined) return this.#limited(leaf, repetition, length)
    leaf.appendBytes(repetition, json.text, 0, json.to)
  }

  #truth(target: ScalarTarget, repetition: number, value: boolean) {
    const { leaf, type } = target
    if (type.kind === 'boolean') return leaf.appendBoolean(repetition, value)
    if (type.kind !== 'string') throw notFor(String(value))
    this.#ascii(value ? 'true' : 'false')
    this.text(target, repetition)
  }

  #ascii(text: string) {
    const json = this.#json
    json.text = Buffer.from(text, 'latin1')
    json.from = 0
    json.to = json.text.length
  }

  #number(target: ScalarTarget, repetition: number) {
    const json = this.#json
    const { leaf, type } = target
    switch (type.kind) {
      case 'int32':
        if (json.isWhole && json.isExact && (json.mantissa | 0) === json.mantissa)
          return leaf.appendInt32(repetition, json.mantissa)
        return this.#whole(leaf, repetition, type.kind)
      case 'int64':
        if (json.isWhole && json.isExact) return leaf.appendInt64(repetition, json.mantissa)
        return this.#whole(leaf, repetition, type.kind)
      case 'int8':
      case 'int16':
        return this.#whole(leaf, repetition, type.kind)
      case 'double':
        return this.#double(leaf, repetition, this.#value(), type.kind)
      case 'float':
        return this.#double(leaf, repetition, this.#value(), type.kind)
      case 'decimal': {
        const shift = type.scale - json.scale
        if (json.isExact && shift >= 0 && shift <= 7) {
          // 15 digits and 7 more may pass what a double holds: only what does not is taken from here.
          const value = json.mantissa * (POWERS_OF_TEN[shift] as number)
          if (Math.abs(value) < 1e15 && Math.abs(value) < (POWERS_OF_TEN[Math.min(15, type.precision)] as number))
            return leaf.appendSmallDecimal(repetition, value)
        }
        return this.#decimal(leaf, repetition, type, json.numberText())
      }
      case 'string':
        json.text = json.bytes
        json.from = json.numberFrom
        json.to = json.at
        return this.text(target, repetition)
      case 'timestamp':
        if (this.#rules.isLenient && json.isWhole && json.isExact) return this.#epoch(leaf, repetition, json.mantissa)
        return this.#timestamp(leaf, repetition, json.numberText())
      case 'boolean':
        if (!this.#rules.isLenient) return leaf.appendBoolean(repetition, false)
        throw notFor(json.numberText())
      case 'binary':
        if (!this.#rules.isLenient) throw noBinary()
        throw notFor(json.numberText())
      default:
        throw notFor(json.numberText())
    }
  }

  /** The number that was read last, correctly rounded: a quotient of two exact doubles is. */
  #value(): number {
    const json = this.#json
    if (json.isExact && json.scale <= 22) {
      // Minus zero has a mantissa of plain zero when it is made by counting up.
      if (json.mantissa === 0) return json.isNegative ? -0 : 0
      return json.scale === 0 ? json.mantissa : json.mantissa / (POWERS_OF_TEN[json.scale] as number)
    }
    return Number(json.numberText())
  }

  #whole(leaf: Leaf, repetition: number, kind: IntegerKind): void {
    const json = this.#json
    const text = json.numberText()
    const value = json.isWhole ? BigInt(text) : truncated(parseDecimal(text) ?? { digits: 0n, scale: 0 })
    this.#integer(leaf, repetition, kind, value, text)
  }

  #integer(leaf: Leaf, repetition: number, kind: IntegerKind, value: bigint | undefined, text: string): void {
    const { min, max, name } = RANGES[kind]
    if (value === undefined || value < min || value > max)
      throw this.#rules.isLenient ? notFor(text) : malformedData(`Numeric value (${text}) out of range of ${name}`)
    if (kind === 'int64') leaf.appendBigInt64(repetition, value)
    else leaf.appendInt32(repetition, Number(value))
  }

  #double(leaf: Leaf, repetition: number, value: number, kind: 'float' | 'double') {
    if (kind === 'double') {
      if (!Number.isFinite(value)) throw notFor(this.#json.numberText())
      return leaf.appendDouble(repetition, value)
    }
    if (!Number.isFinite(Math.fround(value))) throw notFor(this.#json.numberText())
    leaf.appendFloat(repetition, value)
  }

  #numberText(leaf: Leaf, repetition: number, kind: IntegerKind | 'float' | 'double', text: string) {
    if (kind === 'float' || kind === 'double') {
      const value = parseDouble(text)
      // Text may say Infinity; a number too large for the column is another matter.
      if (
        value === undefined ||
        (!/Inf|NaN/.test(text) && !Number.isFinite(kind === 'float' ? Math.fround(value) : value))
      )
        throw notFor(text)
      return kind === 'float' ? leaf.appendFloat(repetition, value) : leaf.appendDouble(repetition, value)
    }
    const value = parseWhole(text)
    const { min, max } = RANGES[kind]
    if (value === undefined || value < min || value > max) throw notFor(text)
    this.#integer(leaf, repetition, kind, value, text)
  }

  #decimal(leaf: Leaf, repetition: number, type: { precision: number; scale: number }, text: string): void {
    const number = parseDecimal(text)
    const value = number && unscaled(number, type.scale, type.precision)
    if (value === undefined) throw notFor(text)
    leaf.appendDecimal(repetition, value)
  }

  #date(leaf: Leaf, repetition: number, text: string): void {
    const day = sqlDate(text)
    if (day === undefined) throw notFor(text)
    leaf.appendInt32(repetition, day)
  }

  #epoch(leaf: Leaf, repetition: number, units: number) {
    const instant = fromMillis(epochMillis(units))
    if (instant === undefined) throw malformedData(TIMESTAMP_FORMAT)
    leaf.appendInt96(repetition, instant.day, instant.nanos)
  }

  #timestamp(leaf: Leaf, repetition: number, text: string): void {
    const instant = this.#rules.timestamp(text)
    if (instant === undefined) throw malformedData(TIMESTAMP_FORMAT)
    leaf.appendInt96(repetition, instant.day, instant.nanos)
  }
}

/** What java.sql.Timestamp.valueOf says. */
const TIMESTAMP_FORMAT = 'Timestamp format must be yyyy-mm-dd hh:mm:ss[.fffffffff]'

type IntegerKind = 'int8' | 'int16' | 'int32' | 'int64'

const range = (bits: bigint, name: string) => ({ min: -(2n ** (bits - 1n)), max: 2n ** (bits - 1n) - 1n, name })
const RANGES: Readonly<Record<IntegerKind, { readonly min: bigint; readonly max: bigint; readonly name: string }>> = {
  int8: range(8n, 'Java byte'),
  int16: range(16n, 'Java short'),
  int32: range(32n, 'int'),
  int64: range(64n, 'long'),
}

const notNumeric = () => malformedData('Current token (VALUE_STRING) not numeric, can not use numeric value accessors')

const noBinary = () => malformedData('java.io.IOException: JsonSerDe does not support BINARY type')

/** JSON text without the blanks between its tokens; strings and numbers stay as they were written. */
function withoutBlanks(bytes: Buffer, from: number, to: number): Buffer {
  const out = Buffer.allocUnsafe(to - from)
  let length = 0
  let isInString = false
  for (let at = from; at < to; at++) {
    const byte = bytes[at] as number
    if (!isInString && byte <= 0x20) continue
    if (byte === quote) isInString = !isInString
    out[length++] = byte
    if (byte === CHARACTER.backslash) out[length++] = bytes[++at] as number
  }
  return out.subarray(0, length)
}
