/**
 * Finds the records in a piece of XML and the type of each, by the conventions of Glue's XML reader: an attribute `id` is
 * `_id`, text beside attributes or children is `_value`, an element that repeats within its parent is an array.
 *
 * Which element is a record is known only at the end, so records are gathered for every name that children of the root
 * have, unless the row tag is given.
 */
import { SaxesParser, type SaxesTagPlain } from 'saxes'
import { Conflicts } from '../conflicts.ts'
import { COLUMNS_MAX } from '../file-schema.ts'
import {
  array,
  bigint,
  boolean,
  double,
  type InferredField,
  type InferredType,
  int,
  string,
  struct,
  unknown,
  widen,
} from '../inferred-type.ts'

export interface XmlRecords {
  readonly rowTag: string
  readonly columns: readonly InferredField[]
  readonly records: number
  /** Characters up to the end of the last record. */
  readonly consumed: number
  /** Why reading ended before the text did. */
  readonly problem: string | undefined
  readonly conflicts: readonly string[]
  /** Empty elements of the row tag, which AWS does not take for records. */
  readonly empty: number
}

export interface XmlOptions {
  /** undefined: told from the document. */
  readonly rowTag: string | undefined
  /** The text ends where the file ends. */
  readonly isWhole: boolean
}

/** Elements nested deeper are text; nested deeper than the second bound they are not read. */
export const TYPED_DEPTH_MAX = 32
export const DEPTH_MAX = 500
const ATTRIBUTE_PREFIX = '_'
const VALUE = '_value'
/** Longer text is no number. */
const NUMBER_LENGTH_MAX = 64

/** Answers with the reason where there is no record. */
export function xmlRecords(text: string, options: XmlOptions): XmlRecords | { readonly reason: string } {
  const reader = new Reader(options.rowTag)
  const problem = reader.read(text, options.isWhole)
  const found = reader.best()
  if (found !== undefined && found.columns.length > COLUMNS_MAX)
    return { reason: `its records have more than ${COLUMNS_MAX} different fields` }
  if (found?.columns.length === 0) return { reason: `its elements ${found.rowTag} hold nothing` }
  if (found === undefined) {
    const missing =
      options.rowTag === undefined ? 'no two elements that could be records are' : `no element ${options.rowTag} is`
    return { reason: problem === undefined ? `${missing} complete in it` : `it is not well-formed XML (${problem})` }
  }
  return { ...found, problem, conflicts: reader.conflicts.notes(), empty: reader.empty }
}

interface Element {
  readonly name: string
  readonly fields: Map<string, InferredType>
  /** Names of children that have come more than once. */
  readonly repeated: Set<string>
  text: string
  readonly isRecord: boolean
}

interface Rows {
  readonly columns: Map<string, InferredType>
  records: number
  consumed: number
  /** Some record has attributes or children. */
  isStructured: boolean
}

/** Ends the reading of a text that is not well-formed. */
class Stop extends Error {}

class Reader {
  readonly #rowTag: string | undefined
  readonly #open: Element[] = []
  readonly #rows = new Map<string, Rows>()
  readonly #parser = new SaxesParser({ xmlns: false, position: true })
  #root: { readonly name: string; readonly rows: Rows } | undefined
  readonly conflicts = new Conflicts()
  empty = 0

  constructor(rowTag: string | undefined) {
    this.#rowTag = rowTag
    this.#parser.on('opentag', (tag) => this.#enter(tag))
    this.#parser.on('closetag', (tag) => this.#leave(tag))
    this.#parser.on('text', (text) => this.#text(text))
    this.#parser.on('cdata', (text) => this.#text(text))
    this.#parser.on('error', (error) => {
      throw new Stop(error.message)
    })
  }

  /** Answers with what is wrong with the text. */
  read(text: string, isWhole: boolean): string | undefined {
    try {
      this.#parser.write(text)
      if (isWhole) this.#parser.close()
      return undefined
    } catch (error) {
      if (error instanceof Stop) return error.message
      throw error
    }
  }

  best(): Pick<XmlRecords, 'rowTag' | 'columns' | 'records' | 'consumed'> | undefined {
    const chosen = this.#rowTag === undefined ? this.#bestChildren() : [...this.#rows][0]
    if (chosen === undefined) return undefined
    const [rowTag, { columns, records, consumed }] = chosen
    return { rowTag, columns: [...columns].map(([name, type]) => ({ name, type })), records, consumed }
  }

  /**
   * The children of the root that are alike; if there are none, the root itself is the record. Of a root that has not
   * ended, one child says nothing yet unless another of its name has begun: the others may all be different.
   */
  #bestChildren(): readonly [string, Rows] | undefined {
    const [most] = [...this.#rows].sort(([, a], [, b]) => b.records - a.records)
    if (most !== undefined && (most[1].records > 1 || this.#open[1]?.name === most[0])) return most
    if (this.#root === undefined) return undefined
    return most !== undefined && this.#rows.size === 1 && most[1].isStructured
      ? most
      : [this.#root.name, this.#root.rows]
  }

  #enter(tag: SaxesTagPlain): void {
    if (this.#open.length >= DEPTH_MAX) throw new Stop(`elements are nested more than ${DEPTH_MAX} deep`)
    const isInRecord = this.#open.some((element) => element.isRecord)
    const isRow = this.#rowTag === undefined ? this.#open.length === 1 : tag.name === this.#rowTag && !isInRecord
    const fields = new Map<string, InferredType>()
    for (const [name, value] of Object.entries(tag.attributes)) {
      if (name === 'xmlns' || name.startsWith('xmlns:')) continue
      fields.set(`${ATTRIBUTE_PREFIX}${name.toLowerCase()}`, valueType(value))
    }
    const isEmptyRow = isRow && this.#rowTag !== undefined && tag.isSelfClosing
    if (isEmptyRow) this.empty += 1
    this.#open.push({ name: tag.name, fields, repeated: new Set(), text: '', isRecord: isRow && !isEmptyRow })
  }

  #text(text: string): void {
    const element = this.#open.at(-1)
    if (element !== undefined && element.text.length <= NUMBER_LENGTH_MAX)
      element.text += text.trimStart().slice(0, 200)
  }

  #leave(_tag: SaxesTagPlain): void {
    const element = this.#open.pop()
    if (element === undefined) return
    const parent = this.#open.at(-1)
    if (element.isRecord) this.#addRow(element)
    if (parent === undefined) this.#root = { name: element.name, rows: rowsOf(element, this.#parser.position) }
    // Outside of records nothing is gathered but what may make the root one.
    else if (this.#rowTag === undefined || this.#open.some((around) => around.isRecord)) this.#addChild(parent, element)
  }

  #addChild(parent: Element, element: Element): void {
    const name = element.name.toLowerCase()
    const type = this.#typeOf(element)
    const known = parent.fields.get(name)
    if (known === undefined) {
      parent.fields.set(name, type)
      return
    }
    const before = parent.repeated.has(name) && known.kind === 'array' ? known.element : known
    parent.repeated.add(name)
    const isNoted = !element.isRecord
    const path = isNoted ? [...this.#namesInRecord(), name] : []
    parent.fields.set(name, array(isNoted ? this.#merged(before, type, path) : widen(before, type)))
  }

  #typeOf(element: Element): InferredType {
    const type = elementType(element)
    if (this.#open.length <= TYPED_DEPTH_MAX || type.kind !== 'struct') return type
    this.conflicts.givenAsText(this.#namesInRecord(), `is nested more than ${TYPED_DEPTH_MAX} deep`)
    return string
  }

  #merged(known: InferredType, next: InferredType, path: readonly string[]): InferredType {
    const [left, right] = [asBeside(known, next), asBeside(next, known)]
    this.conflicts.add(left, right, path)
    return widen(left, right)
  }

  /** Of the elements around, within the record. */
  #namesInRecord(): string[] {
    const record = this.#open.findIndex((around) => around.isRecord)
    return this.#open.slice(record + 1).map((around) => around.name.toLowerCase())
  }

  #addRow(element: Element): void {
    const rows: Rows = this.#rows.get(element.name) ?? {
      columns: new Map(),
      records: 0,
      consumed: 0,
      isStructured: false,
    }
    if (rows.columns.size > COLUMNS_MAX) throw new Stop('too many different fields')
    for (const { name, type } of rowFields(element)) {
      rows.columns.set(name, this.#merged(rows.columns.get(name) ?? unknown, type, [name]))
    }
    rows.records += 1
    rows.consumed = this.#parser.position
    rows.isStructured ||= element.fields.size > 0
    this.#rows.set(element.name, rows)
  }
}

function rowsOf(element: Element, consumed: number): Rows {
  const columns = new Map(rowFields(element).map(({ name, type }) => [name, type]))
  return { columns, records: 1, consumed, isStructured: element.fields.size > 0 }
}

/** `type` as it is beside `other`: a child that repeats in some records only is an array in all, however deep. */
function asBeside(type: InferredType, other: InferredType): InferredType {
  if (other.kind === 'array' && type.kind !== 'unknown')
    return array(asBeside(type.kind === 'array' ? type.element : type, other.element))
  if (other.kind !== 'struct' || type.kind !== 'struct') return type
  const others = new Map(other.fields.map((field) => [field.name, field.type]))
  return struct(
    type.fields.map((field) => ({ ...field, type: asBeside(field.type, others.get(field.name) ?? unknown) })),
  )
}

/** Of a record. One that is empty has none. */
function rowFields(element: Element): InferredField[] {
  return [...fieldsWithText(element)].map(([name, type]) => ({ name, type }))
}

function elementType(element: Element): InferredType {
  if (element.fields.size === 0) return valueType(element.text)
  return struct(rowFields(element))
}

function fieldsWithText({ fields, text }: Element): ReadonlyMap<string, InferredType> {
  const value = valueType(text)
  return value === unknown || fields.has(VALUE) ? fields : new Map([...fields, [VALUE, value]])
}

const INT = { min: -(2n ** 31n), max: 2n ** 31n - 1n }
const BIGINT = { min: -(2n ** 63n), max: 2n ** 63n - 1n }

function valueType(text: string): InferredType {
  const value = text.trim()
  if (value === '') return unknown
  if (value.length > NUMBER_LENGTH_MAX) return string
  if (value === 'true' || value === 'false') return boolean
  if (/^[+-]?\d+$/.test(value)) {
    const number = BigInt(value.replace('+', ''))
    if (number >= INT.min && number <= INT.max) return int
    return number >= BIGINT.min && number <= BIGINT.max ? bigint : double
  }
  return /^[+-]?(\d+\.\d*|\.\d+|\d+(?=[eE]))([eE][+-]?\d+)?$/.test(value) ? double : string
}
