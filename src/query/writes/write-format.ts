/**
 * Formats that queries write: by the properties of CREATE TABLE AS and UNLOAD (D8), or by the SerDe of a table that is
 * inserted into. What is not written is refused by name.
 */
import type { Storage, Table } from '../../catalog/types.ts'
import type { WriteFormat } from '../../engine/engine.ts'
import { SqlFailure } from '../../sql/failure.ts'
import { parseHiveType } from '../../sql/hive-type.ts'
import type { Position } from '../../sql/tree.ts'
import { typeText } from '../../sql/types.ts'
import { readable } from '../serde.ts'

type Kind = WriteFormat['kind']

const COMPRESSIONS: Readonly<Record<Kind, readonly string[]>> = {
  avro: ['deflate', 'snappy', 'none'],
  parquet: ['gzip', 'snappy', 'zstd', 'lz4', 'none'],
  json: ['gzip', 'zstd', 'none'],
  text: ['gzip', 'zstd', 'none'],
  csv: ['gzip', 'zstd', 'none'],
}

/** Avro has no gzip of its own; deflate is the same without gzip's frame. */
const DEFAULT_COMPRESSIONS: Readonly<Record<Kind, string>> = {
  parquet: 'gzip',
  avro: 'deflate',
  json: 'gzip',
  text: 'gzip',
  csv: 'gzip',
}

/** Readers know compressed text by its name; Parquet says it itself. */
const SUFFIXES: Readonly<Record<string, string>> = { gzip: '.gz', zstd: '.zst', none: '' }

const NAMES: Readonly<Record<string, Kind>> = { PARQUET: 'parquet', AVRO: 'avro', JSON: 'json', TEXTFILE: 'text' }
const LEVEL_MAX = 22
const NOT_WRITTEN = ['ORC', 'ION']

export interface FormatOptions {
  /** As written: `PARQUET`, `json`. */
  readonly format: string
  readonly compression: string | undefined
  readonly compressionLevel: number | undefined
  readonly fieldDelimiter: string | undefined
  readonly at: Position
}

export function writeFormat({ format, compression, compressionLevel, fieldDelimiter, at }: FormatOptions): WriteFormat {
  const name = format.toUpperCase()
  const kind = Object.hasOwn(NAMES, name) ? NAMES[name] : undefined
  if (kind === undefined) {
    const what = NOT_WRITTEN.includes(name) ? `is not written by this lake` : 'is not a format'
    throw new SqlFailure('NOT_SUPPORTED', `Format ${name} ${what}: PARQUET, AVRO, JSON and TEXTFILE are`, at)
  }
  if (fieldDelimiter !== undefined && kind !== 'text')
    throw new SqlFailure('INVALID_TABLE_PROPERTY', `field_delimiter is for TEXTFILE, not for ${name}`, at)
  const written = made(
    kind,
    compression ?? DEFAULT_COMPRESSIONS[kind],
    kind === 'text' && fieldDelimiter !== undefined ? { fieldDelimiter } : {},
    at,
  )
  return compressionLevel === undefined ? written : atLevel(written, compressionLevel, at)
}

/** Athena has levels of ZSTD alone (documentation, "Use ZSTD compression levels"); the engine has them in Parquet alone. */
function atLevel(format: WriteFormat, compressionLevel: number, at: Position): WriteFormat {
  if (format.compression !== 'zstd')
    throw new SqlFailure('INVALID_TABLE_PROPERTY', 'compression_level is for ZSTD compression only', at)
  if (!Number.isInteger(compressionLevel) || compressionLevel < 1 || compressionLevel > LEVEL_MAX)
    throw new SqlFailure('INVALID_TABLE_PROPERTY', `compression_level must be between 1 and ${LEVEL_MAX}`, at)
  if (format.kind !== 'parquet')
    throw new SqlFailure(
      'NOT_SUPPORTED',
      `compression_level of ${format.kind.toUpperCase()} is not supported by this lake: of PARQUET it is`,
      at,
    )
  return { ...format, compressionLevel }
}

/** That of the table's files. */
export function formatOfTable(table: Table, at: Position): WriteFormat {
  const { parameters } = table
  const format = readable(table)
  const refuse = (what: string) =>
    new SqlFailure('NOT_SUPPORTED', `INSERT INTO ${what} is not supported by this lake`, at)
  const readOnly = () =>
    new SqlFailure(
      'HIVE_UNSUPPORTED_FORMAT',
      `Output format ${table.storage?.outputFormat} with SerDe ${table.storage?.serde?.library} is not supported.`,
    )
  if ('unreadable' in format) throw new SqlFailure('NOT_SUPPORTED', format.unreadable, at)
  if ('invalid' in format) throw new SqlFailure('HIVE_INVALID_METADATA', format.invalid, at)
  const said = parameters['write.compression'] ?? parameters['parquet.compression'] ?? parameters['compression']
  const compression = said ?? 'gzip'
  switch (format.format.kind) {
    case 'parquet':
      return made('parquet', compression, {}, at)
    case 'avro':
      return made('avro', said ?? DEFAULT_COMPRESSIONS.avro, {}, at)
    case 'cloudtrail':
      throw readOnly()
    case 'json':
      if (format.format.serde === 'openx') throw readOnly()
      return made('json', compression, {}, at)
    case 'csv': {
      const { serde, escape: escapes, fieldDelimiter, collectionDelimiter, mapKeyDelimiter, nullText } = format.format
      if (serde === 'regex' || serde === 'grok') throw readOnly()
      if (serde === 'opencsv') checkAllText(table, at)
      else if (escapes !== undefined) throw refuse('a table whose SerDe has escape.delim')
      if (format.format.skipHeaderLines > 0) throw refuse('a table with skip.header.line.count')
      return serde === 'opencsv'
        ? made('csv', compression, { fieldDelimiter, quote: format.format.quote, escape: escapes }, at)
        : made('text', compression, { fieldDelimiter, collectionDelimiter, mapKeyDelimiter, nullText }, at)
    }
  }
}

/** Its SerDe reads numbers and dates as it does not write them (AWS documentation, "INSERT INTO"; text of Trino). */
function checkAllText({ storage }: Table, at: Position): void {
  const others = (storage?.columns ?? []).filter(({ type }) => type.toLowerCase() !== 'string')
  if (others.length === 0) return
  const listed = others.map(({ name, type }) => `${name} ${typeText(parseHiveType(type))}`).join(', ')
  throw new SqlFailure(
    'NOT_SUPPORTED',
    `Hive CSV storage format only supports VARCHAR (unbounded). Unsupported columns: ${listed}`,
    at,
  )
}

export function fileSuffix({ kind, compression }: WriteFormat): string {
  return kind === 'parquet' || kind === 'avro' ? '' : (SUFFIXES[compression] ?? '')
}

const PARQUET = 'org.apache.hadoop.hive.ql.io.parquet'
const AVRO = 'org.apache.hadoop.hive.ql.io.avro'
const TEXT_INPUT = 'org.apache.hadoop.mapred.TextInputFormat'
const TEXT_OUTPUT = 'org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat'

/** What the catalog says of files of this format. */
export function storageFormat(format: WriteFormat): Pick<Storage, 'inputFormat' | 'outputFormat' | 'serde'> {
  switch (format.kind) {
    case 'parquet':
      return {
        inputFormat: `${PARQUET}.MapredParquetInputFormat`,
        outputFormat: `${PARQUET}.MapredParquetOutputFormat`,
        serde: { library: `${PARQUET}.serde.ParquetHiveSerDe`, parameters: {} },
      }
    case 'avro':
      return {
        inputFormat: `${AVRO}.AvroContainerInputFormat`,
        outputFormat: `${AVRO}.AvroContainerOutputFormat`,
        serde: { library: 'org.apache.hadoop.hive.serde2.avro.AvroSerDe', parameters: {} },
      }
    case 'json':
      return {
        inputFormat: TEXT_INPUT,
        outputFormat: TEXT_OUTPUT,
        serde: { library: 'org.apache.hive.hcatalog.data.JsonSerDe', parameters: {} },
      }
    case 'csv':
      return {
        inputFormat: TEXT_INPUT,
        outputFormat: TEXT_OUTPUT,
        serde: {
          library: 'org.apache.hadoop.hive.serde2.OpenCSVSerde',
          parameters: { separatorChar: format.fieldDelimiter, quoteChar: format.quote, escapeChar: format.escape },
        },
      }
    case 'text':
      return {
        inputFormat: TEXT_INPUT,
        outputFormat: TEXT_OUTPUT,
        serde: {
          library: 'org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe',
          parameters: { 'field.delim': format.fieldDelimiter, 'serialization.format': format.fieldDelimiter },
        },
      }
  }
}

function made(
  kind: Kind,
  compressionText: string,
  options: Readonly<Record<string, unknown>>,
  at: Position,
): WriteFormat {
  const lower = compressionText.toLowerCase()
  const compression = lower === 'uncompressed' ? 'none' : lower
  if (!COMPRESSIONS[kind].includes(compression)) {
    const offered = COMPRESSIONS[kind].map((one) => one.toUpperCase()).join(', ')
    throw new SqlFailure(
      'NOT_SUPPORTED',
      `Compression ${compressionText.toUpperCase()} of ${kind.toUpperCase()} is not written by this lake: ${offered} are`,
      at,
    )
  }
  return { kind, compression, ...(kind === 'text' && TEXT_DEFAULTS), ...options } as WriteFormat
}

type TextOptions = Omit<Extract<WriteFormat, { kind: 'text' }>, 'kind' | 'compression'>

const TEXT_DEFAULTS: TextOptions = {
  fieldDelimiter: '\u0001',
  collectionDelimiter: '\u0002',
  mapKeyDelimiter: '\u0003',
  nullText: '\\N',
}
