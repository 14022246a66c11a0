/**
 * The columns of an Avro file as Hive types, from the writer's schema, as Hive's AvroSerDe reads it (Hive wiki,
 * "AvroSerDe"): the types that Hive does not have are given as text, with a note.
 */
import { array, type InferredField, type InferredType, scalar, string, struct, widen } from '../inferred-type.ts'
import { BadAvro } from './container.ts'

export interface AvroSchema {
  readonly columns: readonly InferredField[]
  readonly notes: readonly string[]
}

/** Named types may be used again and again within each other: what they come to when written out is bounded. */
const TYPES_MAX = 50_000
const DEPTH_MAX = 64

/** Throws BadAvro. */
export function avroSchema(schemaText: string): AvroSchema {
  const root = parse(schemaText)
  const scope: Scope = { named: new Map(), notes: [], count: 0 }
  if (!isObject(root) || root['type'] !== 'record')
    throw new BadAvro('the Avro schema is not that of a record, so its files have no columns')
  const columns = fieldsOf(root, { scope, namespace: '', path: [], depth: 0, within: [] })
  return { columns, notes: scope.notes }
}

function parse(schemaText: string): unknown {
  try {
    return JSON.parse(schemaText)
  } catch (error) {
    throw new BadAvro('the Avro schema is not JSON', error)
  }
}

interface Scope {
  readonly named: Map<string, Named>
  readonly notes: string[]
  /** Types written out so far. */
  count: number
}

interface Named {
  readonly schema: Json
  readonly namespace: string
}

interface Place {
  readonly scope: Scope
  readonly namespace: string
  readonly path: readonly string[]
  readonly depth: number
  /** Full names of the records around. */
  readonly within: readonly string[]
}

type Json = Readonly<Record<string, unknown>>

const PRIMITIVES: Readonly<Record<string, string>> = {
  boolean: 'boolean',
  int: 'int',
  long: 'bigint',
  float: 'float',
  double: 'double',
  bytes: 'binary',
  string: 'string',
}

function typeOf(schema: unknown, place: Place): InferredType {
  place.scope.count += 1
  if (place.scope.count > TYPES_MAX) throw new BadAvro(`the Avro schema has more than ${TYPES_MAX} types`)
  if (place.depth > DEPTH_MAX) return asText(place, `is nested more than ${DEPTH_MAX} deep`)
  return typeWithin(schema, { ...place, depth: place.depth + 1 })
}

function typeWithin(schema: unknown, place: Place): InferredType {
  if (typeof schema === 'string') return namedType(schema, place)
  if (Array.isArray(schema)) return unionType(schema, place)
  if (!isObject(schema)) throw new BadAvro(`the Avro schema has no type at ${at(place)}`)
  const { type } = schema
  if (typeof type !== 'string') return typeOf(type, place)
  const plain = complexType(type, schema, place)
  return logicalType(schema) ?? plain
}

function complexType(type: string, schema: Json, place: Place): InferredType {
  switch (type) {
    case 'record':
    case 'error':
      return recordType(schema, place)
    case 'enum':
      define(schema, place)
      return string
    case 'fixed':
      define(schema, place)
      return scalar('binary')
    case 'array':
      return array(typeOf(schema['items'], deeper(place, 'item')))
    case 'map':
      return { kind: 'map', key: string, value: typeOf(schema['values'], deeper(place, 'value')) }
    default:
      return namedType(type, place)
  }
}

/** On the types that they may annotate; on others the specification wants them overlooked. */
function logicalType(schema: Json): InferredType | undefined {
  const { type, logicalType } = schema
  if (type === 'int' && logicalType === 'date') return scalar('date')
  if (type === 'long' && /^(local-)?timestamp-(millis|micros)$/.test(String(logicalType))) return scalar('timestamp')
  if (!['bytes', 'fixed'].includes(String(type)) || logicalType !== 'decimal') return undefined
  const [precision, scale] = [schema['precision'], schema['scale'] ?? 0]
  const isDecimal = isWhole(precision) && isWhole(scale) && precision >= 1 && precision <= 38 && scale <= precision
  return isDecimal ? scalar(`decimal(${precision},${scale})`) : undefined
}

function recordType(schema: Json, place: Place): InferredType {
  return struct(fieldsOf(schema, place))
}

function fieldsOf(schema: Json, place: Place): readonly InferredField[] {
  const { fullName, namespace } = define(schema, place)
  const { fields } = schema
  if (!Array.isArray(fields)) throw new BadAvro(`the Avro record ${fullName} has no fields`)
  const within = [...place.within, fullName]
  const found = new Map<string, InferredType>()
  for (const field of fields as readonly unknown[]) {
    if (!isObject(field) || typeof field['name'] !== 'string')
      throw new BadAvro(`the Avro record ${fullName} has a field without a name`)
    const name = field['name']
    const type = typeOf(field['type'], { ...deeper(place, name), namespace, within })
    const lower = name.toLowerCase()
    const known = found.get(lower)
    if (known !== undefined)
      place.scope.notes.push(`${fullName} has several fields that differ only in case: they are one, ${lower}`)
    found.set(lower, known === undefined ? type : widen(known, type))
  }
  return [...found].map(([name, type]) => ({ name, type }))
}

/** `["null", T]` is T that may be null. Hive's own `uniontype` is not read by Athena. */
function unionType(branches: readonly unknown[], place: Place): InferredType {
  const present = branches.filter((branch) => branch !== 'null')
  if (present.length === 1) return typeOf(present[0], place)
  if (present.length === 0) return string
  // What they name may be used further on.
  for (const branch of present) typeOf(branch, place)
  return asText(place, `is a union of ${present.length} types`)
}

function namedType(name: string, place: Place): InferredType {
  const primitive = PRIMITIVES[name]
  if (primitive !== undefined) return scalar(primitive)
  if (name === 'null') return string
  const { named } = place.scope
  const fullName = [fullNameOf(name, place.namespace), name].find((candidate) => named.has(candidate))
  const found = fullName === undefined ? undefined : named.get(fullName)
  if (fullName === undefined || found === undefined)
    throw new BadAvro(`the Avro schema names the type ${name} at ${at(place)} and does not define it`)
  if (place.within.includes(fullName)) return asText(place, `is a ${fullName} within itself`)
  return typeOf(found.schema, { ...place, namespace: found.namespace })
}

function define(schema: Json, place: Place): { fullName: string; namespace: string } {
  const { name, namespace } = schema
  if (typeof name !== 'string') throw new BadAvro(`the Avro schema has a type without a name at ${at(place)}`)
  const fullName = fullNameOf(name, typeof namespace === 'string' ? namespace : place.namespace)
  const inherited = fullName.includes('.') ? fullName.slice(0, fullName.lastIndexOf('.')) : ''
  place.scope.named.set(fullName, { schema, namespace: place.namespace })
  return { fullName, namespace: inherited }
}

function fullNameOf(name: string, namespace: string): string {
  return name.includes('.') || namespace === '' ? name : `${namespace}.${name}`
}

function asText(place: Place, why: string): InferredType {
  const note = `${at(place)} ${why}, which Hive has no type for: it is given as string`
  if (!place.scope.notes.includes(note)) place.scope.notes.push(note)
  return string
}

function deeper(place: Place, name: string): Place {
  return { ...place, path: [...place.path, name] }
}

function at({ path }: Place): string {
  return path.length === 0 ? 'its top' : path.join('.')
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isWhole(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0
}
