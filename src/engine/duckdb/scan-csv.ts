/**
 * Text of one row a line. LazySimple: fields end at the delimiter, nothing quotes; OpenCSV: fields may be quoted, all are
 * strings first; Regex and Grok: fields are groups. All read line by line; missing fields are NULL, surplus ones are dropped.
 */
import type { SqlType } from '../../sql/types.ts'
import { EngineFailure, type ScanFormat, type ScanSource } from '../engine.ts'
import { type CellRules, cellValue } from './cell.ts'
import type { GrokRules } from './grok-line.ts'
import { literal, quoted, type SqlText } from './print/text.ts'
import { wholeLine } from './regex-line.ts'
import { storageType } from './representation.ts'
import { FILE_COLUMN, type FileReader } from './scan.ts'
import { byCompression, linesOf } from './text-lines.ts'

type CsvFormat = Extract<ScanFormat, { kind: 'csv' }>

const LAZY_CELLS: CellRules = { emptyIsNull: true, dates: 'iso', timestamps: 'jdbc', binary: 'base64OrPlain' }
const OPENCSV_CELLS: CellRules = { emptyIsNull: false, dates: 'epochDays', timestamps: 'epochMillis', binary: 'plain' }

export function readCsv(format: CsvFormat, columns: ScanSource['dataColumns']): FileReader {
  return (files, wanted) => {
    const outputs = columns.flatMap(({ name, type }, index) =>
      wanted.includes(name) ? [`${fieldValue(format, type, index)} AS ${quoted(name)}`] : [],
    )
    const reads = [...byCompression(files)].map(([compression, alike]) => {
      const lines = linesOf(alike, compression, format.skipHeaderLines)
      const fields = `SELECT ${fieldsOfLine(format, columns)} AS fields, ${FILE_COLUMN} FROM (SELECT coalesce(line, '') AS line, ${FILE_COLUMN} FROM ${lines})`
      return `SELECT ${[...outputs, FILE_COLUMN].join(', ')} FROM (${fields}) AS s`
    })
    return reads.join(' UNION ALL ')
  }
}

/** Splitting alone is native; only lines with an escape or a quote in them go through JavaScript. */
function fieldsOfLine(format: CsvFormat, columns: ScanSource['dataColumns']): SqlText {
  if (format.grok !== undefined) {
    const rules: GrokRules = { ...format.grok, columns: columns.map((column) => column.name) }
    return `from_json(lake_grok_fields(line, ${literal(JSON.stringify(rules))}), '["VARCHAR"]')`
  }
  if (format.regex !== undefined) {
    const pattern = wholeLine(format.regex.pattern, format.regex.ignoreCase)
    return `from_json(lake_regex_fields(line, ${literal(pattern)}), '["VARCHAR"]')`
  }
  const split = `string_split(line, ${literal(format.fieldDelimiter)})`
  if (format.serde === 'opencsv') {
    const [quote, escaping] = [format.quote ?? '"', format.escape ?? '\\']
    const careful = `from_json(lake_quoted_fields(line, ${[format.fieldDelimiter, quote, escaping].map(literal).join(', ')}), '["VARCHAR"]')`
    return `CASE WHEN contains(line, ${literal(quote)}) THEN ${careful} ELSE ${split} END`
  }
  if (format.escape === undefined) return split
  const careful = `from_json(lake_escaped_fields(line, ${literal(format.fieldDelimiter)}, ${literal(format.escape)}), '["VARCHAR"]')`
  return `CASE WHEN contains(line, ${literal(format.escape)}) THEN ${careful} ELSE ${split} END`
}

function fieldValue(format: CsvFormat, type: SqlType, index: number): SqlText {
  const cell = `s.fields[${index + 1}]`
  if (format.serde === 'opencsv') {
    const value = cellValue(cell, plainType(type, 'OpenCSVSerde'), index, OPENCSV_CELLS)
    return type.kind === 'varchar' ? `coalesce(${value}, '')` : value
  }
  if (format.serde === 'grok') return cellValue(cell, plainType(type, 'GrokSerDe'), index, LAZY_CELLS)
  if (format.serde === 'regex') return cellValue(cell, plainType(type, 'RegexSerDe'), index, LAZY_CELLS)
  return delimitedValue(`nullif(${cell}, ${literal(format.nullText)})`, type, { format, index }, 0)
}

/** The delimiters of nested levels: those that can be told, then Hive's \004 and so on. */
export function levelDelimiter(
  { collectionDelimiter, mapKeyDelimiter }: Pick<CsvFormat, 'collectionDelimiter' | 'mapKeyDelimiter'>,
  level: number,
): string {
  return [collectionDelimiter, mapKeyDelimiter][level] ?? String.fromCharCode(level + 2)
}

/** Collections nest by one delimiter a level; a map takes two, for its items and between key and value. */
function delimitedValue(
  text: SqlText,
  type: SqlType,
  field: { readonly format: CsvFormat; readonly index: number },
  level: number,
): SqlText {
  if (type.kind !== 'array' && type.kind !== 'map' && type.kind !== 'row')
    return cellValue(text, type, field.index, LAZY_CELLS)
  const { format } = field
  const parts = `string_split(${text}, ${literal(levelDelimiter(format, level))})`
  const inner = (part: SqlText, partType: SqlType, partLevel: number) =>
    delimitedValue(`nullif(${part}, ${literal(format.nullText)})`, partType, field, partLevel)
  const item = `p${level}`
  switch (type.kind) {
    case 'array': {
      const value = inner(item, type.element, level + 1)
      return `CASE WHEN ${text} = '' THEN []::${storageType(type)} WHEN ${text} IS NOT NULL THEN list_transform(${parts}, lambda ${item}: ${value}) END`
    }
    case 'map': {
      const between = literal(levelDelimiter(format, level + 1))
      const key = inner(`split_part(${item}, ${between}, 1)`, type.key, level + 2)
      const value = inner(`split_part(${item}, ${between}, 2)`, type.value, level + 2)
      return `CASE WHEN ${text} = '' THEN MAP {}::${storageType(type)} WHEN ${text} IS NOT NULL THEN map_from_entries(list_transform(${parts}, lambda ${item}: {'k': ${key}, 'v': ${value}})) END`
    }
    case 'row': {
      const members = type.fields.map(
        (member, index) =>
          `${quoted(member.name ?? `f${index + 1}`)} := ${inner(`${parts}[${index + 1}]`, member.type, level + 1)}`,
      )
      return `CASE WHEN ${text} IS NOT NULL THEN struct_pack(${members.join(', ')}) END`
    }
  }
}

function plainType(type: SqlType, serde: string): SqlType {
  if (type.kind !== 'array' && type.kind !== 'map' && type.kind !== 'row') return type
  throw new EngineFailure('NOT_SUPPORTED', `${serde} has no arrays, maps and structs`)
}
