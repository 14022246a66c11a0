/**
 * JSON lines as the OpenX and Hive SerDes read them. Files whose lines are plain (see `json-survey.ts`) are read by
 * DuckDB's own reader, each key as that file spells it; all other files line by line through `lake_json_line`.
 */

import type { SqlType } from '../../sql/types.ts'
import type { ScanFile, ScanFormat, ScanSource } from '../engine.ts'
import { type CellRules, fromRead, readType } from './cell.ts'
import { type Compression, type JsonFacts, KEY_PATH_SEPARATOR } from './facts.ts'
import { jsonRulesText } from './line-functions.ts'
import { literal, quoted, raise, type SqlText } from './print/text.ts'
import { storageType } from './representation.ts'
import { type FactsOf, FILE_COLUMN, type FileReader } from './scan.ts'
import { linesOf, readableCompression } from './text-lines.ts'

type JsonFormat = Extract<ScanFormat, { kind: 'json' }>
type DataColumns = ScanSource['dataColumns']

const JSON_CELLS: CellRules = { emptyIsNull: false, dates: 'iso', timestamps: 'openx', binary: 'base64' }

type KeyOf = (path: readonly string[]) => string

export function readJson(format: JsonFormat, columns: DataColumns, factsOf: FactsOf): FileReader {
  return (files, wanted) => {
    const groups = new Map<
      string,
      { files: ScanFile[]; compression: Compression; keyOf: KeyOf | undefined; isSampled: boolean }
    >()
    for (const file of files) {
      const facts = factsOf(file)
      const isPlain = facts.kind === 'json' && facts.isRegular && !format.dotsInKeys
      const keyOf = isPlain ? spelledKey(format, facts) : undefined
      const compression = readableCompression(file)
      const spelled = keyOf === undefined ? '' : columnsArgument(columns, keyOf)
      const isSampled = facts.kind === 'json' && facts.isSampled === true
      const id = `${compression} ${isSampled} ${spelled}`
      const group = groups.get(id) ?? { files: [], compression, keyOf, isSampled }
      group.files.push(file)
      groups.set(id, group)
    }
    const reads = [...groups.values()].map(({ files: alike, compression, keyOf, isSampled }) =>
      keyOf === undefined
        ? readByLine(format, columns, wanted, alike, compression)
        : readPlainly(columns, wanted, alike, compression, keyOf, isSampled),
    )
    return reads.join(' UNION ALL ')
  }
}

/** The key of a column at the top, the field's own name below; then as the file spells it. */
function spelledKey(format: JsonFormat, facts: JsonFacts): KeyOf {
  return (path) => {
    const [column = '', ...fields] = path
    const key = [keyOfColumn(format, column), ...fields]
    if (!format.caseInsensitive) return key.at(-1) ?? ''
    const found = facts.spelling.get(key.map((part) => part.toLowerCase()).join(KEY_PATH_SEPARATOR))
    return found ?? key.at(-1) ?? ''
  }
}

export function keyOfColumn(format: JsonFormat, column: string): string {
  return format.mapping[column] ?? column
}

/** All columns of the table, also those not asked for: with fewer DuckDB guesses at the shape of the records. */
function columnsArgument(columns: DataColumns, keyOf: KeyOf): SqlText {
  const types = new Map(columns.map(({ name, type }) => [keyOf([name]), readType(type, keyOf, [name])]))
  return `{${[...types].map(([key, type]) => `${literal(key)}: ${literal(type)}`).join(', ')}}`
}

function readPlainly(
  columns: DataColumns,
  wanted: readonly string[],
  files: readonly ScanFile[],
  compression: Compression,
  keyOf: KeyOf,
  isSampled: boolean,
): SqlText {
  const options = [
    `[${files.map((file) => literal(file.path)).join(', ')}]`,
    `format = 'newline_delimited'`,
    'records = true',
    `compression = '${compression}'`,
    `columns = ${columnsArgument(columns, keyOf)}`,
    `filename = '${FILE_COLUMN}'`,
  ]
  const outputs = outputsOf(columns, wanted, keyOf, (key) => `s.${quoted(key)}`, isSampled ? proven : asRead)
  return `SELECT ${outputs} FROM read_json(${options.join(', ')}) AS s`
}

function readByLine(
  format: JsonFormat,
  columns: DataColumns,
  wanted: readonly string[],
  files: readonly ScanFile[],
  compression: Compression,
): SqlText {
  const rules = jsonRulesText({
    serde: format.serde,
    foldCase: format.caseInsensitive,
    dotsInKeys: format.dotsInKeys,
  })
  const fold = (key: string) => (format.caseInsensitive ? key.toLowerCase() : key)
  const keyOf: KeyOf = (path) =>
    path.length === 1 ? fold(keyOfColumn(format, path[0] ?? '')) : fold(path.at(-1) ?? '')
  const structure = Object.fromEntries(columns.map(({ name, type }) => [keyOf([name]), readType(type, keyOf, [name])]))
  const record = `lake_json_line(coalesce(line, ''), ${literal(rules)}, '${format.ignoreMalformed}', ${FILE_COLUMN})`
  const records = `SELECT json_transform(${record}, ${literal(JSON.stringify(structure))}) AS j, ${FILE_COLUMN} FROM ${linesOf(files, compression, 0)}`
  const outputs = outputsOf(columns, wanted, keyOf, (key) => `s.j.${quoted(key)}`)
  return `SELECT ${outputs} FROM (${records}) AS s`
}

const asRead = (_read: SqlText, value: SqlText) => value

/** Where the sample had a value there must be one, or the key may be spelled otherwise in this record. */
const proven = (read: SqlText, value: SqlText, type: SqlType) =>
  `CASE WHEN ${read} IS NULL THEN ${raise('UNLIKE_SAMPLE', `s.${FILE_COLUMN}`, storageType(type))} ELSE ${value} END`

function outputsOf(
  columns: DataColumns,
  wanted: readonly string[],
  keyOf: KeyOf,
  read: (key: string) => SqlText,
  check: (read: SqlText, value: SqlText, type: SqlType) => SqlText = asRead,
): SqlText {
  const outputs = columns.flatMap(({ name, type }, index) => {
    if (!wanted.includes(name)) return []
    const cell = read(keyOf([name]))
    const value = fromRead(cell, type, index, JSON_CELLS, keyOf, [name])
    return [`${check(cell, value, type)} AS ${quoted(name)}`]
  })
  return [...outputs, `s.${FILE_COLUMN} AS ${FILE_COLUMN}`].join(', ')
}
