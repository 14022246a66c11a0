/**
 * What a Parquet file's columns are, and how nesting becomes levels (Dremel). Groups have the shapes that Hive writes, which
 * Athena, Spark, DuckDB and Arrow read as lists and maps:
 *
 *   list    optional group c (LIST) { repeated group bag { optional T array_element } }
 *   map     optional group c (MAP) { repeated group map (MAP_KEY_VALUE) { required K key; optional V value } }
 *   struct  optional group c { … }
 *
 * Timestamps are INT96 as Firehose and Hive write them: nanoseconds of the day and a Julian day. Arrow, DuckDB and Athena
 * read them as timestamps without being told. Decimals are fixed-length bytes, big-endian, as Hive writes them.
 */
import type { ThriftWriter } from './thrift.ts'

export type ColumnType =
  | { readonly kind: ScalarKind }
  | { readonly kind: 'decimal'; readonly precision: number; readonly scale: number }
  | { readonly kind: 'list'; readonly element: ColumnType }
  /** `key` is a scalar. */
  | { readonly kind: 'map'; readonly key: ColumnType; readonly value: ColumnType }
  | { readonly kind: 'struct'; readonly fields: readonly ColumnField[] }

export type ScalarKind =
  | 'boolean'
  | 'int8'
  | 'int16'
  | 'int32'
  | 'int64'
  | 'float'
  | 'double'
  | 'string'
  | 'binary'
  | 'date'
  | 'timestamp'

export interface ColumnField {
  readonly name: string
  readonly type: ColumnType
}

export const PHYSICAL = { boolean: 0, int32: 1, int64: 2, int96: 3, float: 4, double: 5, bytes: 6, fixed: 7 } as const
export type Physical = (typeof PHYSICAL)[keyof typeof PHYSICAL]

/** Bytes of one value; 0 when they differ. Booleans are a byte each until a page is written. */
const WIDTHS: Readonly<Record<Physical, number>> = { 0: 1, 1: 4, 2: 8, 3: 12, 4: 4, 5: 8, 6: 0, 7: 0 }

const CONVERTED = { utf8: 0, map: 1, mapKeyValue: 2, list: 3, decimal: 5, date: 6, int8: 15, int16: 16 }
const SCALARS: Readonly<Record<ScalarKind, { readonly physical: Physical; readonly converted?: number }>> = {
  boolean: { physical: PHYSICAL.boolean },
  int8: { physical: PHYSICAL.int32, converted: CONVERTED.int8 },
  int16: { physical: PHYSICAL.int32, converted: CONVERTED.int16 },
  int32: { physical: PHYSICAL.int32 },
  int64: { physical: PHYSICAL.int64 },
  float: { physical: PHYSICAL.float },
  double: { physical: PHYSICAL.double },
  string: { physical: PHYSICAL.bytes, converted: CONVERTED.utf8 },
  binary: { physical: PHYSICAL.bytes },
  date: { physical: PHYSICAL.int32, converted: CONVERTED.date },
  timestamp: { physical: PHYSICAL.int96 },
}

const REQUIRED = 0
const OPTIONAL = 1
const REPEATED = 2

/** One column chunk's worth of values. */
export interface LeafSpec {
  readonly path: readonly string[]
  readonly physical: Physical
  /** Bytes of one value; 0 when they differ. */
  readonly width: number
  readonly maxDefinition: number
  readonly maxRepetition: number
}

/** A value's place in the levels. */
export interface Place {
  /** Level at which the value is there; one less says that it is null. The key of a map is never null. */
  readonly definition: number
  /** For the second and later items of a list or map. */
  readonly repetition: number
  /** Its leaves in `ParquetSchema.leaves`, from the first to before the end. */
  readonly firstLeaf: number
  readonly endLeaf: number
}

export type ColumnNode =
  | (Place & {
      readonly kind: 'scalar'
      readonly type: Exclude<ColumnType, { kind: 'list' } | { kind: 'map' } | { kind: 'struct' }>
    })
  | (Place & { readonly kind: 'list'; readonly element: ColumnNode })
  | (Place & { readonly kind: 'map'; readonly key: ColumnNode; readonly value: ColumnNode })
  | (Place & { readonly kind: 'struct'; readonly fields: readonly (ColumnNode & { readonly name: string })[] })

export interface ParquetSchema {
  readonly columns: readonly (ColumnNode & { readonly name: string })[]
  readonly leaves: readonly LeafSpec[]
  /** In the order of the file: groups before what is in them. */
  readonly elements: readonly SchemaElement[]
}

interface SchemaElement {
  readonly name: string
  readonly repetition?: number
  readonly physical?: Physical
  readonly typeLength?: number
  readonly children?: number
  readonly converted?: number
  readonly precision?: number
  readonly scale?: number
}

export function parquetSchema(columns: readonly ColumnField[]): ParquetSchema {
  const builder = new SchemaBuilder()
  builder.elements.push({ name: 'hive_schema', children: columns.length })
  const nodes = columns.map((column) => builder.field(column, { definition: 0, repetition: 0, path: [] }))
  return { columns: nodes, leaves: builder.leaves, elements: builder.elements }
}

interface Parent {
  readonly definition: number
  readonly repetition: number
  readonly path: readonly string[]
}

class SchemaBuilder {
  readonly leaves: LeafSpec[] = []
  readonly elements: SchemaElement[] = []

  field({ name, type }: ColumnField, parent: Parent): ColumnNode & { readonly name: string } {
    return { name, ...this.node(name, type, parent, OPTIONAL) }
  }

  node(name: string, type: ColumnType, parent: Parent, repetition: number): ColumnNode {
    const firstLeaf = this.leaves.length
    const definition = parent.definition + (repetition === REQUIRED ? 0 : 1)
    const path = [...parent.path, name]
    const place = (): Place => ({ definition, repetition: parent.repetition, firstLeaf, endLeaf: this.leaves.length })
    switch (type.kind) {
      case 'list': {
        this.elements.push({ name, repetition, children: 1, converted: CONVERTED.list })
        this.elements.push({ name: 'bag', repetition: REPEATED, children: 1 })
        const inside = { definition: definition + 1, repetition: parent.repetition + 1, path: [...path, 'bag'] }
        const element = this.node('array_element', type.element, inside, OPTIONAL)
        return { kind: 'list', element, ...place() }
      }
      case 'map': {
        this.elements.push({ name, repetition, children: 1, converted: CONVERTED.map })
        this.elements.push({ name: 'map', repetition: REPEATED, children: 2, converted: CONVERTED.mapKeyValue })
        const inside = { definition: definition + 1, repetition: parent.repetition + 1, path: [...path, 'map'] }
        const key = this.node('key', type.key, inside, REQUIRED)
        const value = this.node('value', type.value, inside, OPTIONAL)
        return { kind: 'map', key, value, ...place() }
      }
      case 'struct': {
        this.elements.push({ name, repetition, children: type.fields.length })
        const inside = { definition, repetition: parent.repetition, path }
        const fields = type.fields.map((field) => this.field(field, inside))
        return { kind: 'struct', fields, ...place() }
      }
      default: {
        const scalar = scalarElement(type)
        const { physical, typeLength } = scalar
        this.elements.push({ name, repetition, ...scalar })
        this.leaves.push({
          path,
          physical,
          width: typeLength ?? WIDTHS[physical],
          maxDefinition: definition,
          maxRepetition: parent.repetition,
        })
        return { kind: 'scalar', type, ...place() }
      }
    }
  }
}

type ScalarType = Extract<ColumnNode, { kind: 'scalar' }>['type']

function scalarElement(type: ScalarType): Omit<SchemaElement, 'name'> & { readonly physical: Physical } {
  if (type.kind !== 'decimal') return SCALARS[type.kind]
  const { precision, scale } = type
  const typeLength = decimalBytes(precision)
  return { physical: PHYSICAL.fixed, typeLength, converted: CONVERTED.decimal, precision, scale }
}

/** Bytes of two's complement that hold every number of so many digits. */
export function decimalBytes(precision: number): number {
  return Math.ceil((Math.log2(10) * precision + 1) / 8)
}

export function writeSchemaElement(out: ThriftWriter, element: SchemaElement): void {
  const { physical, typeLength, repetition, children, converted, scale, precision } = element
  if (physical !== undefined) out.i32(1, physical)
  if (typeLength !== undefined) out.i32(2, typeLength)
  if (repetition !== undefined) out.i32(3, repetition)
  out.binary(4, element.name)
  if (children !== undefined) out.i32(5, children)
  if (converted !== undefined) out.i32(6, converted)
  if (scale !== undefined) out.i32(7, scale)
  if (precision !== undefined) out.i32(8, precision)
}
