/**
 * A partition may declare its columns otherwise than its table, as crawlers write it when data changes. Queries take what
 * can be converted and refuse the rest (D6; which is which as Trino 476 has it, asked for every pair of Hive's types).
 */
import type { Column, Partition, Table } from '../catalog/types.ts'
import { EngineFailure, type ScanFormat } from '../engine/engine.ts'
import { SqlFailure } from '../sql/failure.ts'
import { parseHiveType } from '../sql/hive-type.ts'
import { type SqlType, typeText } from '../sql/types.ts'

/** Checks partitions of one table for the columns that a query reads, lower-case. */
export class PartitionSchemas {
  readonly #table: Table
  readonly #columns: readonly { readonly index: number; readonly column: Column }[]
  readonly #isByIndex: boolean
  /** Most partitions of a table declare the same. */
  readonly #known = new Set<string>()

  constructor(table: Table, columns: ReadonlySet<string>, format: ScanFormat) {
    this.#table = table
    this.#columns = (table.storage?.columns ?? [])
      .map((column, index) => ({ column, index }))
      .filter(({ column }) => columns.has(column.name.toLowerCase()))
    this.#isByIndex = format.kind === 'csv' && format.serde !== 'opencsv'
  }

  /** `name`: of the partition, `k=v/l=w`. Throws EngineFailure HIVE_PARTITION_SCHEMA_MISMATCH. */
  check({ storage }: Partition, name: string): void {
    const declared = storage?.columns ?? []
    if (declared.length === 0) return
    const key = declared.map((column) => `${column.name}\u0000${column.type}`).join('\u0001')
    if (this.#known.has(key)) return
    for (const { column, index } of this.#columns) {
      const own = this.#isByIndex ? declared[index] : declared.find((one) => sameName(one.name, column.name))
      if (own !== undefined && !isConverted(own.type, column.type)) throw this.#mismatch(column, own, name)
    }
    this.#known.add(key)
  }

  #mismatch(column: Column, own: Column, partition: string): EngineFailure {
    const { database, name } = this.#table
    return new EngineFailure(
      'HIVE_PARTITION_SCHEMA_MISMATCH',
      `There is a mismatch between the table and partition schemas. The types are incompatible and cannot be coerced. The column '${column.name}' in table '${database}.${name}' is declared as type '${column.type}', but partition '${partition}' declared column '${own.name}' as type '${own.type}'.`,
    )
  }
}

const sameName = (a: string, b: string) => a.toLowerCase() === b.toLowerCase()

/** Types that cannot be read are told of elsewhere. */
function isConverted(from: string, to: string): boolean {
  if (from.toLowerCase() === to.toLowerCase()) return true
  try {
    return canConvert(parseHiveType(from), parseHiveType(to))
  } catch (error) {
    if (error instanceof SqlFailure) return true
    throw error
  }
}

const EXACT: readonly SqlType['kind'][] = ['tinyint', 'smallint', 'integer', 'bigint']
const NUMBERS: readonly SqlType['kind'][] = [...EXACT, 'real', 'double']

/** What becomes of each kind, besides itself. */
const TARGETS: Readonly<Partial<Record<SqlType['kind'], readonly SqlType['kind'][]>>> = {
  boolean: ['varchar'],
  tinyint: ['smallint', 'integer', 'bigint', 'double', 'decimal', 'varchar'],
  smallint: ['integer', 'bigint', 'double', 'decimal', 'varchar'],
  integer: ['bigint', 'double', 'decimal', 'varchar'],
  bigint: ['double', 'decimal', 'varchar'],
  real: ['double', 'decimal', 'varchar'],
  double: ['real', 'decimal', 'varchar'],
  decimal: [...NUMBERS, 'decimal', 'varchar'],
  varchar: ['boolean', ...NUMBERS, 'varchar', 'char', 'date', 'timestamp'],
  char: ['char', 'varchar'],
  varbinary: ['varchar'],
  date: ['varchar'],
  timestamp: ['varchar', 'date'],
}

export function canConvert(from: SqlType, to: SqlType): boolean {
  if (from.kind === 'array' && to.kind === 'array') return canConvert(from.element, to.element)
  if (from.kind === 'map' && to.kind === 'map') return canConvert(from.key, to.key) && canConvert(from.value, to.value)
  // Fields are known by their place; what one of them has more is not there or not read.
  if (from.kind === 'row' && to.kind === 'row')
    return to.fields.every((field, index) => {
      const own = from.fields[index]
      return own === undefined || (sameName(own.name ?? '', field.name ?? '') && canConvert(own.type, field.type))
    })
  return typeText(from) === typeText(to) || TARGETS[from.kind]?.includes(to.kind) === true
}
