/**
 * Types as the catalog keeps them (Hive's text) and as queries compute with them.
 *
 *   tinyint smallint int|integer bigint boolean float|real double string binary timestamp date
 *   decimal[(p[,s])] char(n) varchar(n) array<t> map<k,v> struct<name:t,…>
 *
 * int is integer, float is real, string is varchar, binary is varbinary, timestamp is timestamp(3), struct is row. Case and
 * blanks do not matter: crawlers, Iceberg and people write them differently.
 */
import { SqlFailure } from './failure.ts'
import type { RowField, SqlType } from './types.ts'
import * as types from './types.ts'

/** Levels of nesting in one type. */
const DEPTH_MAX = 100
const DECIMAL_PRECISION_MAX = 38
const CHAR_LENGTH_MAX = 255
const VARCHAR_LENGTH_MAX = 65_535

/** `array<struct<a:int,b:decimal(10,2)>>` as a type; NOT_SUPPORTED when it is none that queries can read. */
export function parseHiveType(text: string): SqlType {
  const reader = new TypeReader(text)
  const type = reader.type(0)
  reader.expectEnd()
  return type
}

/** A type as the catalog keeps it; NOT_SUPPORTED when Hive has none like it. */
export function hiveTypeText(type: SqlType): string {
  switch (type.kind) {
    case 'integer':
      return 'int'
    case 'real':
      return 'float'
    case 'varbinary':
      return 'binary'
    case 'boolean':
    case 'tinyint':
    case 'smallint':
    case 'bigint':
    case 'double':
    case 'date':
    case 'timestamp':
      return type.kind
    case 'decimal':
      return `decimal(${type.precision},${type.scale})`
    case 'varchar':
      if (type.length === undefined) return 'string'
      if (type.length > VARCHAR_LENGTH_MAX) throw unsupported(type, 'VARCHAR(<=65535), VARCHAR')
      return `varchar(${type.length})`
    case 'char':
      if (type.length > CHAR_LENGTH_MAX) throw unsupported(type, 'CHAR(<=255)')
      return `char(${type.length})`
    case 'array':
      return `array<${hiveTypeText(type.element)}>`
    case 'map':
      return `map<${hiveTypeText(type.key)},${hiveTypeText(type.value)}>`
    case 'row':
      return `struct<${type.fields.map((field) => fieldText(type, field)).join(',')}>`
    default:
      throw new SqlFailure('NOT_SUPPORTED', `Unsupported Hive type: ${types.typeText(type)}`)
  }
}

function fieldText(row: SqlType, field: RowField): string {
  if (field.name !== undefined) return `${field.name}:${hiveTypeText(field.type)}`
  throw new SqlFailure(
    'NOT_SUPPORTED',
    `Anonymous row type is not supported in Hive. Please give each field a name: ${types.typeText(row)}`,
  )
}

function unsupported(type: SqlType, supported: string): SqlFailure {
  const name = type.kind.toUpperCase()
  return new SqlFailure(
    'NOT_SUPPORTED',
    `Unsupported Hive type: ${types.typeText(type)}. Supported ${name} types: ${supported}.`,
  )
}

const PRIMITIVES: Readonly<Record<string, SqlType | undefined>> = {
  __proto__: null as never,
  tinyint: types.tinyint,
  smallint: types.smallint,
  int: types.integer,
  integer: types.integer,
  bigint: types.bigint,
  boolean: types.boolean,
  float: types.real,
  real: types.real,
  double: types.double,
  string: types.varchar,
  binary: types.varbinary,
  timestamp: types.timestamp(),
  date: types.date,
  decimal: types.decimal(10, 0),
}

/** Reads one type from left to right. */
class TypeReader {
  readonly #text: string
  #index = 0

  constructor(text: string) {
    this.#text = text
  }

  type(depth: number): SqlType {
    if (depth > DEPTH_MAX) throw this.#failure()
    const word = this.#match(/[a-z]\w*/iy).toLowerCase()
    switch (word) {
      case 'array': {
        this.#expect('<')
        const element = this.type(depth + 1)
        this.#expect('>')
        return types.array(element)
      }
      case 'map': {
        this.#expect('<')
        const key = this.type(depth + 1)
        this.#expect(',')
        const value = this.type(depth + 1)
        this.#expect('>')
        return types.map(key, value)
      }
      case 'struct':
        return types.row(this.#fields(depth))
      default:
        return this.#primitive(word)
    }
  }

  expectEnd(): void {
    this.#skipBlanks()
    if (this.#index < this.#text.length) throw this.#failure()
  }

  #primitive(word: string): SqlType {
    const numbers = this.#numbers()
    const [first, second] = numbers
    if (first !== undefined) {
      if (word === 'decimal' && numbers.length <= 2) return this.#decimal(first, second ?? 0)
      if (numbers.length === 1 && first > 0) {
        if (word === 'char' && first <= CHAR_LENGTH_MAX) return types.charOf(first)
        if (word === 'varchar' && first <= VARCHAR_LENGTH_MAX) return types.varcharOf(first)
      }
      throw this.#failure()
    }
    const type = PRIMITIVES[word]
    if (type === undefined) throw this.#failure()
    return type
  }

  #decimal(precision: number, scale: number): SqlType {
    if (precision < 1 || precision > DECIMAL_PRECISION_MAX || scale > precision) throw this.#failure()
    return types.decimal(precision, scale)
  }

  /** `(10, 2)`, or nothing. */
  #numbers(): number[] {
    const numbers: number[] = []
    if (!this.#accept('(')) return numbers
    do numbers.push(Number(this.#match(/\d+/y)))
    while (this.#accept(','))
    this.#expect(')')
    return numbers
  }

  /** Names of fields may hold anything but what ends them: crawlers take them from the data. */
  #fields(depth: number): RowField[] {
    const fields: RowField[] = []
    this.#expect('<')
    do {
      const name = this.#match(/`(?:[^`]|``)+`|[^:,<>`]+/y).trim()
      this.#expect(':')
      fields.push({ name: bare(name).toLowerCase(), type: this.type(depth + 1) })
    } while (this.#accept(','))
    this.#expect('>')
    return fields
  }

  #accept(symbol: string): boolean {
    this.#skipBlanks()
    if (this.#text[this.#index] !== symbol) return false
    this.#index += 1
    return true
  }

  #expect(symbol: string): void {
    if (!this.#accept(symbol)) throw this.#failure()
  }

  #match(rule: RegExp): string {
    this.#skipBlanks()
    rule.lastIndex = this.#index
    const found = rule.exec(this.#text)?.[0]
    if (found === undefined) throw this.#failure()
    this.#index += found.length
    return found
  }

  #skipBlanks(): void {
    while (/\s/.test(this.#text.charAt(this.#index))) this.#index += 1
  }

  #failure(): SqlFailure {
    return new SqlFailure('NOT_SUPPORTED', `Unsupported Hive type: ${this.#text}`)
  }
}

const bare = (name: string): string => (name.startsWith('`') ? name.slice(1, -1).replaceAll('``', '`') : name)
