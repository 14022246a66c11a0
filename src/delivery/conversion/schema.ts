/**
 * The schema of a conversion: a version of a table in the lake's catalog, looked up when a batch is converted. The columns are
 * those of the table's storage; partition columns are in the keys of objects, not in their rows.
 */
import type { Catalog } from '../../catalog/catalog.ts'
import type { Table } from '../../catalog/types.ts'
import type { ColumnField, ColumnType } from '../../formats/parquet/write/schema.ts'
import { isRefusal } from '../../platform/refusal.ts'
import { SqlFailure } from '../../sql/failure.ts'
import { parseHiveType } from '../../sql/hive-type.ts'
import type { SqlType } from '../../sql/types.ts'
import type { Conversion } from '../destination.ts'
import { BadRecord } from './bad-record.ts'

export const LATEST = 'LATEST'

/** A column as rows are read into it: the file's type, and how much text fits. */
export interface ConversionColumn extends ColumnField {
  /** Of `char(n)` and `varchar(n)`, by `leafKey` of the leaf's path in the file. */
  readonly lengths: ReadonlyMap<string, TextLength>
}

/** Names of columns may have dots in them. */
export const leafKey = (path: readonly string[]): string => path.join('\u0000')

export interface TextLength {
  readonly max: number
  /** `char`: blanks at the end do not count, and Hive does not write them. */
  readonly isChar: boolean
}

/** What is asked of the catalog. */
export type SchemaSource = Pick<Catalog, 'findTable' | 'tableVersions'>

export interface ResolvedSchema {
  readonly versionId: string
  readonly columns: readonly ConversionColumn[]
}

/**
 * Throws a BadRecord with AWS's code `EntityNotFound` or `InvalidSchema`: then every record of the batch fails with it.
 * To convert the same batch again to the same outcome, keep `versionId` and put it in place of `LATEST`.
 */
export async function resolveSchema(catalog: SchemaSource, schema: Conversion['schema']): Promise<ResolvedSchema> {
  const table = await versionOf(catalog, schema)
  const columns = table.storage?.columns ?? []
  if (columns.length === 0) throw invalidSchema('The specified table has no columns.')
  const names = new Set<string>()
  return {
    versionId: table.versionId,
    columns: columns.map(({ name, type }) => {
      const lower = name.toLowerCase()
      if (names.has(lower)) throw invalidSchema(`Column ${lower} is there twice.`)
      names.add(lower)
      return conversionColumn(lower, type)
    }),
  }
}

async function versionOf(
  catalog: SchemaSource,
  { database, table: name, version }: Conversion['schema'],
): Promise<Table> {
  const table = await catalog.findTable(database, name)
  if (table === undefined) throw notFound(`Table ${name} of database ${database} not found.`)
  if (version === LATEST || version === table.versionId) return table
  const versions = await catalog.tableVersions(database, name).catch((error: unknown) => {
    if (isRefusal(error) && error.code === 'tableNotFound') return []
    throw error
  })
  const found = versions.find(({ versionId }) => versionId === version)
  if (found === undefined) throw notFound(`Version ${version} of table ${name} of database ${database} not found.`)
  return found
}

export function conversionColumn(name: string, hiveType: string): ConversionColumn {
  const lengths = new Map<string, TextLength>()
  return { name, type: columnType(parsed(name, hiveType), [name], lengths), lengths }
}

function parsed(name: string, hiveType: string): SqlType {
  try {
    return parseHiveType(hiveType)
  } catch (error) {
    if (!(error instanceof SqlFailure)) throw error
    throw invalidSchema(`Error parsing the schema: column ${name} has the type ${hiveType}, which cannot be read.`)
  }
}

function columnType(type: SqlType, path: readonly string[], lengths: Map<string, TextLength>): ColumnType {
  switch (type.kind) {
    case 'boolean':
    case 'double':
    case 'date':
    case 'timestamp':
      return { kind: type.kind }
    case 'tinyint':
      return { kind: 'int8' }
    case 'smallint':
      return { kind: 'int16' }
    case 'integer':
      return { kind: 'int32' }
    case 'bigint':
      return { kind: 'int64' }
    case 'real':
      return { kind: 'float' }
    case 'varbinary':
      return { kind: 'binary' }
    case 'decimal':
      return { kind: 'decimal', precision: type.precision, scale: type.scale }
    case 'varchar':
      if (type.length !== undefined) lengths.set(leafKey(path), { max: type.length, isChar: false })
      return { kind: 'string' }
    case 'char':
      lengths.set(leafKey(path), { max: type.length, isChar: true })
      return { kind: 'string' }
    case 'array':
      return { kind: 'list', element: columnType(type.element, [...path, 'bag', 'array_element'], lengths) }
    case 'map': {
      if (['array', 'map', 'row', 'varbinary'].includes(type.key.kind))
        throw invalidSchema(`A map in column ${path.join('.')} has keys that are no single texts or numbers.`)
      return {
        kind: 'map',
        key: columnType(type.key, [...path, 'map', 'key'], lengths),
        value: columnType(type.value, [...path, 'map', 'value'], lengths),
      }
    }
    case 'row': {
      const names = type.fields.map((field) => field.name ?? '')
      const twice = names.find((name, index) => names.indexOf(name) !== index)
      if (twice !== undefined) throw invalidSchema(`Field ${twice} of ${path.join('.')} is there twice.`)
      return {
        kind: 'struct',
        fields: type.fields.map(({ type: field }, index) => {
          const name = names[index] ?? ''
          return { name, type: columnType(field, [...path, name], lengths) }
        }),
      }
    }
    default:
      throw invalidSchema(
        `Column ${path.join('.')} has the type ${type.kind}, which Parquet files of Firehose do not hold.`,
      )
  }
}

const invalidSchema = (problem: string) =>
  new BadRecord('DataFormatConversion.InvalidSchema', `The schema is invalid. ${problem}`)

const notFound = (problem: string) => new BadRecord('DataFormatConversion.EntityNotFound', problem)
