/**
 * Reads JSON documents straight into the leaves of a Parquet file: no objects between. A key is looked for where it was in
 * the object before, so that records of one producer cost one comparison of bytes a key; values of keys that are no columns
 * are only moved over.
 *
 * Of a key that is there twice the last value counts, as for Jackson. Missing fields are null.
 */
import { isUtf8 } from 'node:buffer'
import type { Leaf } from '../../formats/parquet/write/leaf.ts'
import type { ColumnNode, ParquetSchema, Place } from '../../formats/parquet/write/schema.ts'
import { malformedData, parseError } from './bad-record.ts'
import { CHARACTER, JsonBytes } from './json-bytes.ts'
import type { Rules } from './rules.ts'
import { ScalarReader, type ScalarTarget } from './scalars.ts'
import { type ConversionColumn, leafKey, type TextLength } from './schema.ts'

const { quote, openBrace, closeBrace, openBracket, closeBracket, n } = CHARACTER

/** Keys that a schema does not name come from the data: what is remembered of them is bounded. */
const KEYS_MAX = 2048
const KEY_BYTES_MAX = 256

/** A key as it is written, and whose it is. */
interface Key {
  /** With its quotes. */
  readonly written: Uint8Array
  /** -1: no column's. */
  readonly field: number
  /** Found only by turning its dots into underscores: gives way to the key that has the very name. */
  readonly isConverted: boolean
}

type Plan =
  | ScalarPlan
  | (Place & { readonly kind: 'list'; readonly element: Plan })
  | (Place & {
      readonly kind: 'map'
      readonly key: ScalarPlan
      readonly value: Plan
      /** As of a struct. */
      readonly before: Float64Array
    })
  | StructPlan

interface ScalarPlan extends Place, ScalarTarget {
  readonly kind: 'scalar'
  /** Takes any text as it is. */
  readonly isText: boolean
}

interface StructPlan extends Place {
  readonly kind: 'struct'
  readonly fields: readonly Plan[]
  readonly fieldOfKey: ReadonlyMap<string, number>
  readonly keys: Map<string, Key>
  /** By position in the object. */
  readonly expected: Key[]
  /** Number of the object that had the field last, and whether by a converted key. */
  readonly seenIn: Int32Array
  readonly wasConverted: Uint8Array
  objects: number
  /** Entries and bytes of the fields' leaves before their value, two numbers a leaf, to take a value back. */
  readonly before: Float64Array
}

export class RowReader {
  readonly #json = new JsonBytes()
  readonly #rules: Rules
  readonly #leaves: readonly Leaf[]
  readonly #scalars: ScalarReader
  readonly #row: StructPlan

  constructor(schema: ParquetSchema, leaves: readonly Leaf[], columns: readonly ConversionColumn[], rules: Rules) {
    this.#rules = rules
    this.#leaves = leaves
    this.#scalars = new ScalarReader(this.#json, rules)
    const lengths = new Map(columns.flatMap((column) => [...column.lengths]))
    this.#row = structPlan(
      { kind: 'struct', fields: schema.columns, definition: 0, repetition: 0, firstLeaf: 0, endLeaf: leaves.length },
      leaves,
      lengths,
      rules,
    )
  }

  /**
   * Appends a row for every document of a record and says how many there were. Throws a BadRecord when one of them is bad;
   * then the caller takes back what is behind its mark.
   */
  read(record: Buffer): number {
    if (!isUtf8(record)) throw parseError('Invalid UTF-8')
    const json = this.#json
    json.open(record, startsWithMark(record) ? 3 : 0, record.length)
    let rows = 0
    for (let first = json.peek(); first !== -1; first = json.peek()) {
      if (first !== openBrace) {
        json.skipValue(0)
        throw malformedData(this.#rules.isLenient ? 'A JSON object is required.' : notAnObject)
      }
      this.#object(this.#row, 0, 0)
      rows++
    }
    if (rows === 0) throw parseError('No content to map due to end-of-input')
    return rows
  }

  #value(plan: Plan, repetition: number, depth: number) {
    const json = this.#json
    const first = json.peek()
    if (first === n) {
      json.word(first)
      return this.#none(plan, repetition, plan.definition - 1)
    }
    switch (plan.kind) {
      case 'scalar':
        if (first !== quote || !plan.isText) return this.#scalars.value(plan, repetition, first, depth)
        // The commonest value of all, without asking further.
        json.string()
        return plan.leaf.appendBytes(repetition, json.text, json.from, json.to)
      case 'struct':
        if (first === openBrace) return this.#object(plan, repetition, depth)
        if (!this.#rules.isLenient) throw expected('Object')
        if (first === openBracket) return this.#byPosition(plan, repetition, depth)
        return this.#blank(plan, repetition, first, depth)
      case 'list':
        if (first === openBracket) return this.#list(plan, repetition, depth)
        if (!this.#rules.isLenient) throw expected('Array')
        return this.#listOfOne(plan, repetition, first, depth)
      case 'map':
        if (first === openBrace) return this.#map(plan, repetition, depth)
        if (!this.#rules.isLenient) throw expected('Object')
        return this.#blank(plan, repetition, first, depth)
    }
  }

  #object(plan: StructPlan, repetition: number, depth: number): void {
    const json = this.#json
    json.deeper(depth)
    json.at++
    const object = ++plan.objects
    if (!json.isEmpty(closeBrace)) {
      let position = 0
      do {
        json.expectKey()
        const key = this.#key(plan, position++)
        json.colon()
        const { field } = key
        if (field === -1) json.skipValue(depth + 1)
        else if (plan.seenIn[field] !== object) {
          plan.seenIn[field] = object
          plan.wasConverted[field] = key.isConverted ? 1 : 0
          this.#fieldValue(plan, field, repetition, depth)
        } else this.#fieldAgain(plan, key, repetition, depth)
      } while (json.hasMore(closeBrace))
    }
    this.#missing(plan, object, repetition)
  }

  #missing(plan: StructPlan, object: number, repetition: number): void {
    const { fields, seenIn } = plan
    for (let field = 0; field < fields.length; field++) {
      if (seenIn[field] === object) continue
      const missing = fields[field] as Plan
      this.#none(missing, repetition, missing.definition - 1)
    }
  }

  #fieldValue(plan: StructPlan, field: number, repetition: number, depth: number): void {
    const value = plan.fields[field] as Plan
    remember(this.#leaves, value, plan.before, plan.firstLeaf)
    this.#value(value, repetition, depth + 1)
  }

  #fieldAgain(plan: StructPlan, key: Key, repetition: number, depth: number) {
    const { field, isConverted } = key
    if (isConverted && plan.wasConverted[field] === 0) return this.#json.skipValue(depth + 1)
    plan.wasConverted[field] = isConverted ? 1 : 0
    takeBack(this.#leaves, plan.fields[field] as Plan, plan.before, plan.firstLeaf)
    this.#fieldValue(plan, field, repetition, depth)
  }

  /** Moves over a key. */
  #key(plan: StructPlan, position: number): Key {
    const json = this.#json
    const { bytes, at } = json
    const expectedKey = plan.expected[position]
    if (expectedKey !== undefined) {
      const { written } = expectedKey
      let index = 0
      while (index < written.length && bytes[at + index] === written[index]) index++
      if (index === written.length && at + index <= json.end) {
        json.at = at + index
        return expectedKey
      }
    }
    return this.#otherKey(plan, position)
  }

  #otherKey(plan: StructPlan, position: number): Key {
    const json = this.#json
    const { bytes, at } = json
    json.string()
    const written = bytes.toString('latin1', at, json.at)
    const known = plan.keys.get(written)
    const key =
      known ?? keyOf(json.stringText(), Uint8Array.prototype.slice.call(bytes, at, json.at), plan, this.#rules)
    if (known === undefined && plan.keys.size < KEYS_MAX && written.length <= KEY_BYTES_MAX) plan.keys.set(written, key)
    if (position < KEYS_MAX && key.written.length <= KEY_BYTES_MAX) plan.expected[position] = key
    return key
  }

  #list(plan: Extract<Plan, { kind: 'list' }>, repetition: number, depth: number) {
    const json = this.#json
    json.deeper(depth)
    json.at++
    if (json.isEmpty(closeBracket)) return this.#none(plan, repetition, plan.definition)
    const { element } = plan
    this.#value(element, repetition, depth + 1)
    while (json.hasMore(closeBracket)) this.#value(element, element.repetition, depth + 1)
  }

  /** OpenX: an empty text is no list, anything else that is none is a list of itself. */
  #listOfOne(plan: Extract<Plan, { kind: 'list' }>, repetition: number, first: number, depth: number) {
    const { bytes, at, end } = this.#json
    if (first === quote && at + 1 < end && bytes[at + 1] === quote) {
      this.#json.string()
      return this.#none(plan, repetition, plan.definition - 1)
    }
    this.#value(plan.element, repetition, depth + 1)
  }

  /** OpenX: the items of a list are the fields of a struct, in order. */
  #byPosition(plan: StructPlan, repetition: number, depth: number): void {
    const json = this.#json
    json.deeper(depth)
    json.at++
    const object = ++plan.objects
    if (!json.isEmpty(closeBracket)) {
      let field = 0
      do {
        if (field >= plan.fields.length) json.skipValue(depth + 1)
        else {
          plan.seenIn[field] = object
          this.#value(plan.fields[field] as Plan, repetition, depth + 1)
        }
        field++
      } while (json.hasMore(closeBracket))
    }
    this.#missing(plan, object, repetition)
  }

  /** OpenX: a blank text is no struct and no map. */
  #blank(plan: Plan, repetition: number, first: number, depth: number) {
    const json = this.#json
    const from = json.at
    json.skipValue(depth)
    if (first === quote && json.stringText().trim() === '') return this.#none(plan, repetition, plan.definition - 1)
    throw malformedData(
      `Data is not JSONObject with value ${json.bytes.toString('utf8', from, Math.min(json.at, from + 200))}`,
    )
  }

  #map(plan: MapPlan, repetition: number, depth: number) {
    const json = this.#json
    json.deeper(depth)
    json.at++
    if (json.isEmpty(closeBrace)) return this.#none(plan, repetition, plan.definition)
    const from = json.at
    remember(this.#leaves, plan, plan.before, plan.firstLeaf)
    if (plan.key.type.kind === 'string' && this.#simpleMap(plan, repetition, depth)) return
    json.at = from
    takeBack(this.#leaves, plan, plan.before, plan.firstLeaf)
    this.#anyMap(plan, repetition, depth)
  }

  /** A few different keys in plain letters; false when there are others, and then it has to be begun anew. */
  #simpleMap(plan: MapPlan, repetition: number, depth: number): boolean {
    const json = this.#json
    const { leaf, length } = plan.key
    if (length !== undefined) return false
    const keysFrom = leaf.valueBytes
    let entry = repetition
    let count = 0
    do {
      json.expectKey()
      json.string()
      if (json.text !== json.bytes || ++count > SIMPLE_KEYS_MAX) return false
      const keyFrom = leaf.valueBytes
      leaf.appendBytes(entry, json.text, json.from, json.to)
      if (this.#rules.lowersMapKeys && !lowered(leaf, keyFrom)) return false
      if (isThere(leaf, keysFrom, keyFrom)) return false
      json.colon()
      this.#value(plan.value, entry, depth + 1)
      entry = plan.key.repetition
    } while (json.hasMore(closeBrace))
    return true
  }

  /** Twice over it: a key that comes again replaces the value before it, and Parquet readers expect each key once. */
  #anyMap(plan: MapPlan, repetition: number, depth: number) {
    const json = this.#json
    const valueAt = new Map<string, number>()
    do {
      json.expectKey()
      json.string()
      const key = this.#rules.lowersMapKeys ? json.stringText().toLowerCase() : json.stringText()
      json.colon()
      valueAt.set(identity(plan.key, key), json.at)
      json.skipValue(depth + 1)
    } while (json.hasMore(closeBrace))

    const behind = json.at
    let isFirst = true
    for (const [key, at] of valueAt) {
      const entry = isFirst ? repetition : plan.key.repetition
      isFirst = false
      json.text = Buffer.from(key)
      json.from = 0
      json.to = json.text.length
      this.#scalars.key(plan.key, entry)
      json.at = at
      this.#value(plan.value, entry, depth + 1)
    }
    json.at = behind
  }

  #none(plan: Plan, repetition: number, definition: number): void {
    for (let index = plan.firstLeaf; index < plan.endLeaf; index++)
      (this.#leaves[index] as Leaf).appendNone(repetition, definition)
  }
}

type MapPlan = Extract<Plan, { kind: 'map' }>
type Leaves = readonly Leaf[]

/** Where leaves are now. `slots` has two numbers for each leaf from `base` on. */
function remember(leaves: Leaves, { firstLeaf, endLeaf }: Place, slots: Float64Array, base: number): void {
  for (let index = firstLeaf, slot = (firstLeaf - base) * 2; index < endLeaf; index++) {
    const leaf = leaves[index] as Leaf
    slots[slot++] = leaf.entries
    slots[slot++] = leaf.valueBytes
  }
}

function takeBack(leaves: Leaves, { firstLeaf, endLeaf }: Place, slots: Float64Array, base: number): void {
  for (let index = firstLeaf, slot = (firstLeaf - base) * 2; index < endLeaf; index++) {
    const leaf = leaves[index] as Leaf
    leaf.entries = slots[slot++] as number
    leaf.valueBytes = slots[slot++] as number
  }
}

/** More than these are looked up, not compared one with another. */
const SIMPLE_KEYS_MAX = 16

/** The leaf's last text, which begins at `from`, in lower case; false when letters of it are not ASCII. */
function lowered({ values, valueBytes }: Leaf, from: number): boolean {
  for (let at = from + 4; at < valueBytes; at++) {
    const byte = values[at] as number
    if (byte >= 0x80) return false
    if (byte >= 0x41 && byte <= 0x5a) values[at] = byte + 0x20
  }
  return true
}

/** Whether the leaf's last text is one of those before it. */
function isThere({ values, view, valueBytes }: Leaf, from: number, last: number): boolean {
  const length = valueBytes - last
  for (let at = from; at < last; at += view.getInt32(at, true) + 4) {
    let index = 0
    // With their lengths in front, so that no text is a beginning of another.
    while (index < length && values[at + index] === values[last + index]) index++
    if (index === length) return true
  }
  return false
}

const notAnObject = 'java.io.IOException: Start token not found where expected'

const expected = (what: 'Object' | 'Array') => malformedData(`java.io.IOException: Start of ${what} expected`)

const startsWithMark = (bytes: Uint8Array): boolean => bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf

/** Keys that are the same value are the same key: `1` and `01` of a `map<int,…>`, `ab` and `ac` of a `map<char(1),…>`. */
function identity({ type, length }: ScalarTarget, key: string): string {
  if (length !== undefined) return Array.from(key).slice(0, length.max).join('')
  if (type.kind === 'boolean') return String(key.toLowerCase() === 'true')
  if (!['int8', 'int16', 'int32', 'int64'].includes(type.kind) || !/^[+-]?\d{1,40}$/.test(key)) return key
  return String(BigInt(key.startsWith('+') ? key.slice(1) : key))
}

/** `key` decoded, `written` with its quotes. */
function keyOf(key: string, written: Uint8Array, plan: StructPlan, rules: Rules): Key {
  const folded = rules.ignoresCase ? key.toLowerCase() : key
  const field = plan.fieldOfKey.get(folded)
  if (field !== undefined) return { written, field, isConverted: false }
  if (rules.convertsDots && folded.includes('.')) {
    const converted = plan.fieldOfKey.get(folded.replaceAll('.', '_'))
    if (converted !== undefined) return { written, field: converted, isConverted: true }
  }
  return { written, field: -1, isConverted: false }
}

type StructNode = Extract<ColumnNode, { kind: 'struct' }>
type Lengths = ReadonlyMap<string, TextLength>

function structPlan(node: StructNode, leaves: readonly Leaf[], lengths: Lengths, rules: Rules): StructPlan {
  const { fields, definition, repetition, firstLeaf, endLeaf } = node
  const fold = (key: string) => (rules.ignoresCase ? key.toLowerCase() : key)
  return {
    kind: 'struct',
    definition,
    repetition,
    firstLeaf,
    endLeaf,
    fields: fields.map((field) => planOf(field, leaves, lengths, rules)),
    fieldOfKey: new Map(fields.map(({ name }, index) => [fold(rules.keyOfColumn.get(name) ?? name), index])),
    keys: new Map(),
    expected: [],
    seenIn: new Int32Array(fields.length),
    wasConverted: new Uint8Array(fields.length),
    objects: 0,
    before: new Float64Array((endLeaf - firstLeaf) * 2),
  }
}

function planOf(node: ColumnNode, leaves: readonly Leaf[], lengths: Lengths, rules: Rules): Plan {
  const { definition, repetition, firstLeaf, endLeaf } = node
  switch (node.kind) {
    case 'struct':
      return structPlan(node, leaves, lengths, rules)
    case 'list': {
      const element = planOf(node.element, leaves, lengths, rules)
      return { kind: 'list', definition, repetition, firstLeaf, endLeaf, element }
    }
    case 'map': {
      const key = scalarPlan(node.key, leaves, lengths)
      const value = planOf(node.value, leaves, lengths, rules)
      const before = new Float64Array((endLeaf - firstLeaf) * 2)
      return { kind: 'map', definition, repetition, firstLeaf, endLeaf, key, value, before }
    }
    case 'scalar':
      return scalarPlan(node, leaves, lengths)
  }
}

function scalarPlan(node: ColumnNode, leaves: readonly Leaf[], lengths: Lengths): ScalarPlan {
  const { definition, repetition, firstLeaf, endLeaf } = node
  const leaf = leaves[firstLeaf]
  if (node.kind !== 'scalar' || leaf === undefined) throw new Error('a scalar column is expected')
  const { type } = node
  const length = lengths.get(leafKey(leaf.spec.path))
  const isText = type.kind === 'string' && length === undefined
  return { kind: 'scalar', definition, repetition, firstLeaf, endLeaf, leaf, type, length, isText }
}
