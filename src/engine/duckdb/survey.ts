/**
 * Finds the facts (`facts.ts`) of files not met before, by asking the engine process. JSON and gzip cost one more read
 * of the file, once in its life; Parquet its footer.
 */
import type { SqlType } from '../../sql/types.ts'
import type { ScanFile, ScanSource } from '../engine.ts'
import type { GzipSize } from './child-protocol.ts'
import { damagedFile } from './damaged-file.ts'
import { type FactsCache, type FileFacts, type JsonFacts, KEY_PATH_SEPARATOR, type ParquetColumn } from './facts.ts'
import { literal, type SqlText } from './print/text.ts'
import { FILE_COLUMN } from './scan.ts'
import { keyOfColumn } from './scan-json.ts'
import { byCompression, linesOf } from './text-lines.ts'

export interface SurveyAsk {
  rows(sql: SqlText): Promise<readonly (readonly unknown[])[]>
  /** Plain size of each file; files whose own word for it is not `expected` are unpacked to be sure. */
  measureGzip(paths: readonly string[], expected: readonly number[]): Promise<readonly GzipSize[]>
}

/** Facts of every file of `source` that the cache does not have. */
export async function survey(source: ScanSource, cache: FactsCache, ask: SurveyAsk): Promise<void> {
  const unknown = source.files.filter((file) => cache.get(factsKey(file, source)) === undefined)
  if (unknown.length === 0) return
  switch (source.format.kind) {
    case 'csv':
      return surveyText(unknown, source, cache, ask)
    case 'json':
      return surveyJson(unknown, source, cache, ask)
    case 'parquet':
      return surveyParquet(unknown, source, cache, ask)
    case 'avro':
    case 'cloudtrail':
      throw new Error('These files are converted before they are looked into.')
  }
}

/** One object may be read as several formats; nested keys are looked at only in columns that have any. */
export function factsKey(file: ScanFile, source: ScanSource): string {
  const nested = source.format.kind === 'json' ? nestedColumns(source).map((column) => column.name) : []
  return [source.format.kind, file.versionKey, ...nested].join(' ')
}

// ------------------------------------------------------------------------------------------------ text

/** DuckDB takes a gzip file that was cut short for a shorter one: so its lines are added up before they are believed. */
async function surveyText(
  files: readonly ScanFile[],
  source: ScanSource,
  cache: FactsCache,
  ask: SurveyAsk,
): Promise<void> {
  const zipped = byCompression(files).get('gzip') ?? []
  if (zipped.length > 0) {
    const lines = `SELECT ${FILE_COLUMN}, sum(strlen(coalesce(line, '')) + 1) FROM ${linesOf(zipped, 'gzip', 0)} GROUP BY ALL`
    const bytes = new Map((await ask.rows(lines)).map(([path, sum]) => [String(path), Number(sum)]))
    await plainSizes(zipped, (file) => bytes.get(file.path) ?? 0, ask)
  }
  for (const file of files) cache.set(factsKey(file, source), { kind: 'csv' })
}

/** By path. Throws EngineFailure for a file that cannot be unpacked to its end. */
async function plainSizes(
  files: readonly ScanFile[],
  expected: (file: ScanFile) => number,
  ask: SurveyAsk,
): Promise<ReadonlyMap<string, number>> {
  const sizes = new Map<string, number>()
  const paths = files.map((file) => file.path)
  for (const { path, plainBytes, damage } of await ask.measureGzip(paths, files.map(expected))) {
    if (damage !== undefined)
      throw damagedFile(
        files.find((file) => file.path === path),
        damage,
      )
    sizes.set(path, plainBytes)
  }
  return sizes
}

// ------------------------------------------------------------------------------------------------ JSON

/** A file with more different sets of keys than this is read line by line. */
const KEY_SETS_MAX = 10_000

interface KeySet {
  readonly keys: readonly string[] | null
  readonly rows: number
  readonly bytes: number
}

async function surveyJson(
  files: readonly ScanFile[],
  source: ScanSource,
  cache: FactsCache,
  ask: SurveyAsk,
): Promise<void> {
  for (const [compression, alike] of byCompression(files)) {
    const paths = alike.map((file) => literal(file.path)).join(', ')
    const records = `read_json_objects([${paths}], format = 'newline_delimited', ignore_errors = true, compression = '${compression}', filename = 'lake_file')`
    const parsed = `SELECT lake_file, json_keys(json) AS keys, strlen(json) + 1 AS bytes FROM ${records}`
    const grouped = `SELECT lake_file, hash(keys) AS h, any_value(to_json(keys)), count(*), sum(bytes) FROM (${parsed}) GROUP BY lake_file, h`
    const bounded = `${grouped} QUALIFY row_number() OVER (PARTITION BY lake_file) <= ${KEY_SETS_MAX + 1}`
    const sets = new Map<string, KeySet[]>()
    for (const [path, , keys, rows, bytes] of await ask.rows(bounded)) {
      const set = {
        keys: keys === null ? null : (JSON.parse(String(keys)) as string[]),
        rows: Number(rows),
        bytes: Number(bytes),
      }
      const found = sets.get(String(path))
      if (found === undefined) sets.set(String(path), [set])
      else found.push(set)
    }
    const plainSizes = await sizesOf(alike, compression, sets, ask)
    for (const file of alike) {
      const keySets = sets.get(file.path) ?? []
      const facts = jsonFacts(keySets, plainSizes.get(file.path))
      const spelled = facts.isRegular ? await nestedSpelling(file, compression, source, facts, ask) : facts
      cache.set(factsKey(file, source), spelled)
    }
  }
}

/**
 * What the lines add up to must be the file: otherwise there are blank lines, or the file is cut short. gzip says its
 * plain size at its end; where the sums differ the file is unpacked once to be sure.
 */
async function sizesOf(
  files: readonly ScanFile[],
  compression: string,
  sets: ReadonlyMap<string, readonly KeySet[]>,
  ask: SurveyAsk,
): Promise<ReadonlyMap<string, number>> {
  if (compression === 'uncompressed')
    return new Map(files.map((file) => [file.path, file.unpackedBytes ?? file.sizeBytes]))
  if (compression !== 'gzip') return new Map()
  return plainSizes(files, (file) => (sets.get(file.path) ?? []).reduce((sum, set) => sum + set.bytes, 0), ask)
}

export function jsonFacts(sets: readonly KeySet[], plainBytes: number | undefined): JsonFacts {
  const irregular: JsonFacts = { kind: 'json', isRegular: false, spelling: new Map() }
  const rows = sets.reduce((sum, set) => sum + set.rows, 0)
  const bytes = sets.reduce((sum, set) => sum + set.bytes, 0)
  // Every line ends with \n (the last one perhaps not), or every line with \r\n.
  const sizes = [bytes, bytes - 1, bytes + rows, bytes + rows - 2]
  if (plainBytes !== undefined && rows > 0 && !sizes.includes(plainBytes)) return irregular
  if (rows === 0 && (plainBytes ?? 0) > 0) return irregular
  if (sets.length > KEY_SETS_MAX) return irregular
  const spelling = new Map<string, string>()
  for (const { keys } of sets) {
    if (keys === null || keys.length === 0) return irregular
    if (new Set(keys.map((key) => key.toLowerCase())).size < keys.length) return irregular
    for (const key of keys) {
      const known = spelling.get(key.toLowerCase())
      if (known !== undefined && known !== key) return irregular
      spelling.set(key.toLowerCase(), key)
    }
  }
  return { kind: 'json', isRegular: true, spelling }
}

function nestedColumns(source: ScanSource): ScanSource['dataColumns'] {
  return source.dataColumns.filter((column) => hasFields(column.type))
}

function hasFields(type: SqlType): boolean {
  switch (type.kind) {
    case 'row':
      return true
    case 'array':
      return hasFields(type.element)
    case 'map':
      return hasFields(type.value)
    default:
      return false
  }
}

/** Adds the spelling of fields inside structs; a field spelled in two ways makes the file irregular. */
async function nestedSpelling(
  file: ScanFile,
  compression: string,
  source: ScanSource,
  facts: JsonFacts,
  ask: SurveyAsk,
): Promise<JsonFacts> {
  const { format } = source
  const columns = nestedColumns(source)
  if (format.kind !== 'json' || columns.length === 0) return facts
  const keys = columns.map((column) => keyOfColumn(format, column.name).toLowerCase())
  const structures = keys.map((key) => {
    const pointer = `/${(facts.spelling.get(key) ?? key).replaceAll('~', '~0').replaceAll('/', '~1')}`
    return `to_json(list(DISTINCT json_structure(json_extract(json, ${literal(pointer)}))))`
  })
  const records = `read_json_objects(${literal(file.path)}, format = 'newline_delimited', compression = '${compression}')`
  const [row] = await ask.rows(`SELECT ${structures.join(', ')} FROM ${records}`)
  const spelling = new Map(facts.spelling)
  for (const [index, column] of columns.entries()) {
    const found = row?.[index]
    if (typeof found !== 'string') continue
    for (const structure of JSON.parse(found) as unknown[]) {
      if (!collectSpelling(column.type, structure, [keys[index] ?? ''], spelling))
        return { kind: 'json', isRegular: false, spelling: new Map() }
    }
  }
  return { kind: 'json', isRegular: true, spelling }
}

/** False when a field is spelled in two ways, or the value is not of the shape that the type says. */
function collectSpelling(
  type: SqlType,
  structure: unknown,
  path: readonly string[],
  into: Map<string, string>,
): boolean {
  switch (type.kind) {
    case 'row': {
      if (structure === null || structure === 'NULL') return true
      if (typeof structure !== 'object' || Array.isArray(structure)) return false
      return Object.entries(structure).every(([key, inner]) => {
        const lower = [...path, key.toLowerCase()].join(KEY_PATH_SEPARATOR)
        const known = into.get(lower)
        if (known !== undefined && known !== key) return false
        into.set(lower, key)
        const field = type.fields.find((candidate) => candidate.name?.toLowerCase() === key.toLowerCase())
        return field === undefined || collectSpelling(field.type, inner, [...path, key.toLowerCase()], into)
      })
    }
    case 'array':
      return !Array.isArray(structure) || structure.every((item) => collectSpelling(type.element, item, path, into))
    case 'map':
      if (typeof structure !== 'object' || structure === null) return true
      return Object.values(structure).every((item) => collectSpelling(type.value, item, path, into))
    default:
      return true
  }
}

// --------------------------------------------------------------------------------------------- Parquet

async function surveyParquet(
  files: readonly ScanFile[],
  source: ScanSource,
  cache: FactsCache,
  ask: SurveyAsk,
): Promise<void> {
  const paths = `[${files.map((file) => literal(file.path)).join(', ')}]`
  const schema = await ask.rows(
    `SELECT file_name, name, type, num_children, converted_type, logical_type FROM parquet_schema(${paths})`,
  )
  const lengths = await ask.rows(
    `SELECT file_name, column_id, split_part(path_in_schema, ', ', 1), sum(total_compressed_size) FROM parquet_metadata(${paths}) GROUP BY ALL`,
  )
  const bytes = new Map<string, number>()
  for (const [path, , column, size] of lengths) {
    const key = `${path}\u0000${column}`
    bytes.set(key, (bytes.get(key) ?? 0) + Number(size))
  }
  const elements = new Map<string, (readonly unknown[])[]>()
  for (const row of schema) {
    const found = elements.get(String(row[0]))
    if (found === undefined) elements.set(String(row[0]), [row])
    else found.push(row)
  }
  for (const file of files) {
    const columns = topColumns(elements.get(file.path) ?? []).map((column) => ({
      ...column,
      compressedBytes: bytes.get(`${file.path}\u0000${column.name}`) ?? 0,
    }))
    const facts: FileFacts = { kind: 'parquet', columns }
    cache.set(factsKey(file, source), facts)
  }
}

/** Parquet's schema is a tree written in pre-order: each element says how many children follow. */
function topColumns(elements: readonly (readonly unknown[])[]): Omit<ParquetColumn, 'compressedBytes'>[] {
  const columns: Omit<ParquetColumn, 'compressedBytes'>[] = []
  let at = 1
  const readElement = (): string => {
    const [, name, type, children, converted, logical] = elements[at++] ?? []
    let text = `${name}:${type ?? ''}:${converted ?? ''}:${logical ?? ''}`
    for (let child = 0; child < Number(children ?? 0); child++) text += `(${readElement()})`
    return text
  }
  while (at < elements.length) {
    const [, name, type, , converted, logical] = elements[at] ?? []
    const isRawBytes =
      (type === 'BYTE_ARRAY' || type === 'FIXED_LEN_BYTE_ARRAY') &&
      (converted ?? null) === null &&
      (logical ?? null) === null
    columns.push({ name: String(name), isRawBytes, signature: readElement() })
  }
  return columns
}
