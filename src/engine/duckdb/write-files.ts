/**
 * Prints the statements that write a query's rows into files of a format. Values take the forms that Hive's SerDes have
 * for them; names of columns are the user's, as identifiers.
 *
 *   Parquet   as DuckDB holds them; char(n) with its blanks
 *   JSON      an object a line; timestamps and binary as text (base64), NaN and the infinities as text
 *   Avro      first as lines of JSON, in the forms of `formats/avro/write/encoder.ts`
 *   csv       OpenCSV: every value between quotes
 *   text      LazySimple: fields between delimiters, binary in base64, lists and maps between delimiters of their level
 */
import { type AvroType, isAvroName } from '../../formats/avro/write/encoder.ts'
import type { SqlType } from '../../sql/types.ts'
import { EngineFailure, type WriteFormat } from '../engine.ts'
import type { PrintedColumn } from './print/query.ts'
import { literal, quoted, type SqlText } from './print/text.ts'
import { renderText } from './render.ts'
import { rowFieldKeys } from './representation.ts'
import { levelDelimiter } from './scan-csv.ts'

/** Each thread writes a file of its own: compression is most of the work. One that grows past this is followed by another. */
const MANY_FILES = "PER_THREAD_OUTPUT true, FILE_SIZE_BYTES '256MB'"
/** In a folder all the same: a size that no file reaches. */
const ONE_FILE = "PER_THREAD_OUTPUT false, FILE_SIZE_BYTES '1000TB'"

/** Columns of a relation `r` as they stand in files, in the order given. */
export function fileColumns(columns: readonly PrintedColumn[], format: WriteFormat): SqlText {
  return columns
    .map(({ column, label, type }) => {
      // Avro's own file has the names; lines between are read by their order.
      const name = format.kind === 'avro' ? column : quoted(label)
      return `${fileValue(`r.${column}`, type, format)} AS ${name}`
    })
    .join(', ')
}

/** Values of partition columns as their folders name them. */
export function folderColumns(columns: readonly PrintedColumn[]): SqlText {
  return columns.map(({ column, type }) => `${renderText(`r.${column}`, type)} AS ${column}`).join(', ')
}

/** Writes `rows` into files in the folder, which must not exist. */
export function copyInto(
  folder: string,
  rows: SqlText,
  { format, isOneFile }: { readonly format: WriteFormat; readonly isOneFile: boolean },
): SqlText {
  return `COPY (${rows}) TO ${literal(folder)} (${copyOptions(format).join(', ')}, ${isOneFile ? ONE_FILE : MANY_FILES})`
}

function copyOptions(format: WriteFormat): string[] {
  const { compression } = format
  switch (format.kind) {
    case 'parquet':
      return [
        'FORMAT parquet',
        `COMPRESSION ${compression === 'none' ? 'uncompressed' : compression}`,
        ...(format.compressionLevel === undefined ? [] : [`COMPRESSION_LEVEL ${format.compressionLevel}`]),
      ]
    case 'json':
      return ['FORMAT json', `COMPRESSION ${compression}`]
    case 'avro':
      return ['FORMAT json', 'COMPRESSION none']
    case 'csv':
      return [
        'FORMAT csv',
        'HEADER false',
        'FORCE_QUOTE *',
        `DELIM ${literal(format.fieldDelimiter)}`,
        `QUOTE ${literal(format.quote)}`,
        `ESCAPE ${literal(format.escape)}`,
        "NULLSTR ''",
        `COMPRESSION ${compression}`,
      ]
    case 'text':
      return [
        'FORMAT csv',
        'HEADER false',
        `DELIM ${literal(format.fieldDelimiter)}`,
        "QUOTE ''",
        "ESCAPE ''",
        `NULLSTR ${literal(format.nullText)}`,
        `COMPRESSION ${compression}`,
      ]
  }
}

function fileValue(value: SqlText, type: SqlType, format: WriteFormat): SqlText {
  switch (format.kind) {
    case 'csv':
      return value
    case 'parquet':
      return type.kind === 'char' ? renderText(value, type) : value
    case 'json':
      return jsonValue(value, type, 0)
    case 'avro':
      return avroValue(value, type, 0)
    case 'text':
      return lazyValue(value, type, format, 0)
  }
}

function jsonValue(value: SqlText, type: SqlType, depth: number): SqlText {
  switch (type.kind) {
    case 'char':
    case 'timestamp':
      return renderText(value, type)
    case 'varbinary':
      return `to_base64(${value})`
    case 'real':
    case 'double':
      return `CASE WHEN isfinite(${value}) THEN to_json(${value}) ELSE to_json(lake_java_number(${value})) END`
    case 'array': {
      const item = `e${depth}`
      return `list_transform(${value}, lambda ${item}: ${jsonValue(item, type.element, depth + 1)})`
    }
    case 'row': {
      const keys = rowFieldKeys(type.fields)
      const fields = type.fields.map((field, index) => {
        const key = keys[index] ?? ''
        return `${quoted(field.name ?? key)} := ${jsonValue(`${value}.${quoted(key)}`, field.type, depth)}`
      })
      return `CASE WHEN ${value} IS NOT NULL THEN struct_pack(${fields.join(', ')}) END`
    }
    case 'map': {
      const entry = `e${depth}`
      const pair = `struct_pack(k := ${renderText(`${entry}."key"`, type.key)}, v := ${jsonValue(`${entry}."value"`, type.value, depth + 1)})`
      return `CASE WHEN ${value} IS NOT NULL THEN map_from_entries(list_transform(map_entries(${value}), lambda ${entry}: ${pair})) END`
    }
    default:
      return value
  }
}

function avroValue(value: SqlText, type: SqlType, depth: number): SqlText {
  switch (type.kind) {
    case 'bigint':
    case 'decimal':
      return `CAST(${value} AS VARCHAR)`
    case 'char':
      return renderText(value, type)
    case 'varbinary':
      return `to_base64(${value})`
    case 'date':
      return `(${value} - DATE '1970-01-01')`
    case 'timestamp':
      return `epoch_ms(${value})`
    case 'real':
    case 'double':
      return `CASE WHEN isfinite(${value}) THEN to_json(${value}) ELSE to_json(lake_java_number(${value})) END`
    case 'array': {
      const item = `e${depth}`
      return `list_transform(${value}, lambda ${item}: ${avroValue(item, type.element, depth + 1)})`
    }
    case 'row': {
      const keys = rowFieldKeys(type.fields)
      const fields = type.fields.map((field, index) => {
        const key = quoted(keys[index] ?? '')
        return `${key} := ${avroValue(`${value}.${key}`, field.type, depth)}`
      })
      return `CASE WHEN ${value} IS NOT NULL THEN struct_pack(${fields.join(', ')}) END`
    }
    case 'map': {
      const entry = `e${depth}`
      const pair = `struct_pack(k := ${renderText(`${entry}."key"`, type.key)}, v := ${avroValue(`${entry}."value"`, type.value, depth + 1)})`
      return `CASE WHEN ${value} IS NOT NULL THEN map_from_entries(list_transform(map_entries(${value}), lambda ${entry}: ${pair})) END`
    }
    default:
      return value
  }
}

/** Throws EngineFailure for a name that Avro does not have. */
export function avroName(name: string): string {
  if (isAvroName(name)) return name
  throw new EngineFailure(
    'NOT_SUPPORTED',
    `A column named ${quoted(name)} cannot be written as AVRO: letters, digits and _ can`,
  )
}

/** As a file of Avro has it. Keys of its maps are text, whatever they were. */
export function avroType(type: SqlType): AvroType {
  switch (type.kind) {
    case 'boolean':
    case 'date':
    case 'timestamp':
      return { kind: type.kind }
    case 'tinyint':
    case 'smallint':
    case 'integer':
      return { kind: 'int' }
    case 'bigint':
      return { kind: 'long' }
    case 'real':
      return { kind: 'float' }
    case 'double':
      return { kind: 'double' }
    case 'varbinary':
      return { kind: 'bytes' }
    case 'decimal':
      return { kind: 'decimal', precision: type.precision, scale: type.scale }
    case 'array':
      return { kind: 'array', item: avroType(type.element) }
    case 'map':
      return { kind: 'map', value: avroType(type.value) }
    case 'row': {
      const keys = rowFieldKeys(type.fields)
      return {
        kind: 'record',
        fields: type.fields.map((field, index) => ({ name: avroName(keys[index] ?? ''), type: avroType(field.type) })),
      }
    }
    default:
      return { kind: 'string' }
  }
}

type TextFormat = Extract<WriteFormat, { kind: 'text' }>

function lazyValue(value: SqlText, type: SqlType, format: TextFormat, level: number): SqlText {
  const nested = (inner: SqlText, innerType: SqlType, innerLevel: number) =>
    `coalesce(${lazyValue(inner, innerType, format, innerLevel)}, ${literal(format.nullText)})`
  const delimiter = literal(levelDelimiter(format, level))
  switch (type.kind) {
    case 'varbinary':
      return `to_base64(${value})`
    case 'array': {
      const item = `e${level}`
      const items = `list_transform(${value}, lambda ${item}: ${nested(item, type.element, level + 1)})`
      return `CASE WHEN ${value} IS NOT NULL THEN coalesce(array_to_string(${items}, ${delimiter}), '') END`
    }
    case 'map': {
      const entry = `e${level}`
      const between = literal(levelDelimiter(format, level + 1))
      const pair = `${nested(`${entry}."key"`, type.key, level + 2)} || ${between} || ${nested(`${entry}."value"`, type.value, level + 2)}`
      const pairs = `list_transform(map_entries(${value}), lambda ${entry}: ${pair})`
      return `CASE WHEN ${value} IS NOT NULL THEN coalesce(array_to_string(${pairs}, ${delimiter}), '') END`
    }
    case 'row': {
      const keys = rowFieldKeys(type.fields)
      const parts = type.fields.map((field, index) =>
        nested(`${value}.${quoted(keys[index] ?? '')}`, field.type, level + 1),
      )
      return `CASE WHEN ${value} IS NOT NULL THEN ${parts.join(` || ${delimiter} || `)} END`
    }
    default:
      return renderText(value, type)
  }
}
