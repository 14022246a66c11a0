/**
 * A table's SerDe and properties as the way to read its files (D10). What cannot be read is named, and the query that
 * uses the table is refused with that sentence.
 */
import type { Storage, Table } from '../catalog/types.ts'
import type { ScanFormat } from '../engine/engine.ts'

export type Readable =
  | { readonly format: ScanFormat }
  | { readonly unreadable: string }
  /** The catalog's words make no sense: HIVE_INVALID_METADATA with this sentence once the table is read or written. */
  | { readonly invalid: string }

type Parameters = Readonly<Record<string, string>>

const FORMATS: Readonly<Record<string, (serde: Parameters, table: Parameters) => ScanFormat>> = {
  'org.openx.data.jsonserde.JsonSerDe': (serde, table) => jsonFormat('openx', serde, table),
  'org.apache.hive.hcatalog.data.JsonSerDe': (serde, table) => jsonFormat('hive', serde, table),
  'org.apache.hadoop.hive.serde2.JsonSerDe': (serde, table) => jsonFormat('hive', serde, table),
  'org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe': lazyFormat,
  'org.apache.hadoop.hive.serde2.OpenCSVSerde': openCsvFormat,
  'org.apache.hadoop.hive.serde2.RegexSerDe': (serde, table) => ({
    ...linesFormat(serde, table),
    serde: 'regex',
    regex: { pattern: serde['input.regex'] ?? '', ignoreCase: isTrue(serde['input.regex.case.insensitive']) },
  }),
  'com.amazonaws.glue.serde.GrokSerDe': (serde, table) => ({
    ...linesFormat(serde, table),
    serde: 'grok',
    grok: { pattern: serde['input.format'] ?? '', customPatterns: serde['input.grokCustomPatterns'] ?? '' },
  }),
  'org.apache.hadoop.hive.serde2.avro.AvroSerDe': () => ({ kind: 'avro' }),
  'com.amazon.emr.hive.serde.CloudTrailSerde': () => ({ kind: 'cloudtrail' }),
  'org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe': (serde) => ({
    kind: 'parquet',
    byIndex: isTrue(serde['parquet.column.index.access']),
  }),
}

/** What Athena reads and this lake does not, or what neither does: the name of the format and what can be done. */
const ALTERNATIVES: Readonly<Record<string, string>> = {
  'org.apache.hadoop.hive.ql.io.orc.OrcSerde':
    'ORC tables cannot be queried by this lake: store the data as Parquet (STORED AS PARQUET)',
  'com.amazon.ionhiveserde.IonHiveSerDe':
    'Amazon Ion tables cannot be queried by this lake: store the data as JSON lines or Parquet',
  'com.ibm.spss.hive.serde2.xml.XmlSerDe':
    'XML tables cannot be queried, by Athena neither: store the data as JSON lines or Parquet',
}

const OTHER_FILES = /\.(SequenceFile|SymlinkText|RCFile|Orc)InputFormat$/

const HEADER_LINES = 'skip.header.line.count'
const INTEGER_MAX = 2 ** 31 - 1

export function readable(table: Pick<Table, 'parameters' | 'storage'>): Readable {
  const { parameters, storage } = table
  if (parameters['table_type']?.toUpperCase() === 'ICEBERG') return unreadable('Iceberg tables')
  if (storage === undefined) return { unreadable: 'The table has no storage descriptor' }
  const library = storage.serde?.library ?? ''
  const format = FORMATS[library]
  const alternative = ALTERNATIVES[library]
  if (alternative !== undefined) return { unreadable: alternative }
  // Their SerDe may be one of text, but their files are not text, or name other files.
  const inputFormat = storage.inputFormat ?? ''
  if (OTHER_FILES.test(inputFormat)) return unreadable(`Tables of ${inputFormat}`)
  if (format === undefined) return unreadable(library === '' ? 'Tables without a SerDe' : `Tables of SerDe ${library}`)
  if (library.endsWith('.RegexSerDe') && storage.serde?.parameters['input.regex'] === undefined)
    return { invalid: "Schema does not have required 'input.regex' property" }
  if (library.endsWith('.GrokSerDe') && storage.serde?.parameters['input.format'] === undefined)
    return { invalid: "Schema does not have required 'input.format' property" }
  const made = format(storage.serde?.parameters ?? {}, parameters)
  if (made.kind !== 'csv' || made.skipHeaderLines <= INTEGER_MAX) return { format: made }
  // Trino's text; it reads the number as a Java int.
  const count = headerLinesText(storage.serde?.parameters ?? {}, parameters)
  return { invalid: `Invalid value for ${HEADER_LINES} property: ${count}` }
}

/** Partitions are read with the table's SerDe; one that says otherwise cannot be. */
export function hasSameSerde(table: Storage | undefined, partition: Storage | undefined): boolean {
  const library = partition?.serde?.library
  return library === undefined || library === table?.serde?.library
}

function unreadable(what: string): Readable {
  return { unreadable: `${what} cannot be queried by this lake` }
}

function isTrue(text: string | undefined): boolean {
  return text?.trim().toLowerCase() === 'true'
}

function jsonFormat(serde: 'openx' | 'hive', parameters: Parameters, table: Parameters): ScanFormat {
  const mapping = Object.entries(parameters).flatMap(([name, key]) =>
    name.startsWith('mapping.') ? [[name.slice('mapping.'.length).toLowerCase(), key] as const] : [],
  )
  return {
    kind: 'json',
    serde,
    ignoreMalformed: isTrue(parameters['ignore.malformed.json'] ?? table['ignore.malformed.json']),
    caseInsensitive: parameters['case.insensitive']?.toLowerCase() !== 'false',
    dotsInKeys: isTrue(parameters['dots.in.keys']),
    mapping: serde === 'openx' ? Object.fromEntries(mapping) : {},
    timestampFormats: timestampFormats(parameters),
  }
}

const DEFAULT_FIELD_DELIMITER = '\u0001'
const DEFAULT_COLLECTION_DELIMITER = '\u0002'
const DEFAULT_MAP_KEY_DELIMITER = '\u0003'
const DEFAULT_NULL_TEXT = '\\N'

function lazyFormat(serde: Parameters, table: Parameters): ScanFormat {
  const escapeCharacter = serde['escape.delim']
  return {
    kind: 'csv',
    serde: 'lazy',
    fieldDelimiter: delimiter(serde['field.delim'] ?? serde['serialization.format'], DEFAULT_FIELD_DELIMITER),
    ...(escapeCharacter !== undefined && { escape: delimiter(escapeCharacter, '\\') }),
    // Hive has misspelt the first name for years, and writes it so.
    collectionDelimiter: delimiter(
      serde['colelction.delim'] ?? serde['collection.delim'],
      DEFAULT_COLLECTION_DELIMITER,
    ),
    mapKeyDelimiter: delimiter(serde['mapkey.delim'], DEFAULT_MAP_KEY_DELIMITER),
    nullText: serde['serialization.null.format'] ?? table['serialization.null.format'] ?? DEFAULT_NULL_TEXT,
    skipHeaderLines: headerLines(serde, table),
    timestampFormats: timestampFormats(serde),
  }
}

function openCsvFormat(serde: Parameters, table: Parameters): ScanFormat {
  return {
    kind: 'csv',
    serde: 'opencsv',
    fieldDelimiter: delimiter(serde['separatorChar'], ','),
    quote: delimiter(serde['quoteChar'], '"'),
    escape: delimiter(serde['escapeChar'], '\\'),
    collectionDelimiter: DEFAULT_COLLECTION_DELIMITER,
    mapKeyDelimiter: DEFAULT_MAP_KEY_DELIMITER,
    nullText: DEFAULT_NULL_TEXT,
    skipHeaderLines: headerLines(serde, table),
    timestampFormats: timestampFormats(serde),
  }
}

/** What the formats whose lines are matched by an expression have in common. */
function linesFormat(serde: Parameters, table: Parameters) {
  return {
    kind: 'csv' as const,
    fieldDelimiter: DEFAULT_FIELD_DELIMITER,
    collectionDelimiter: DEFAULT_COLLECTION_DELIMITER,
    mapKeyDelimiter: DEFAULT_MAP_KEY_DELIMITER,
    nullText: DEFAULT_NULL_TEXT,
    skipHeaderLines: headerLines(serde, table),
    timestampFormats: [],
  }
}

const ESCAPES: Readonly<Record<string, string>> = { t: '\t', n: '\n', r: '\r', '\\': '\\', "'": "'", '"': '"' }

/** A character, an escape like `\t` or `\u0001`, an octal one like `\001`, or the number of a character: `1`, `9`. */
function delimiter(text: string | undefined, fallback: string): string {
  if (text === undefined || text === '') return fallback
  const escaped = /^\\(?:u([0-9a-fA-F]{4})|([0-7]{3})|(.))$/s.exec(text)
  if (escaped !== null) {
    const [, hex, octal, letter = ''] = escaped
    if (hex !== undefined) return String.fromCharCode(Number.parseInt(hex, 16))
    if (octal !== undefined) return String.fromCharCode(Number.parseInt(octal, 8))
    return ESCAPES[letter] ?? letter
  }
  return /^\d{1,3}$/.test(text) ? String.fromCharCode(Number(text)) : text
}

/** Infinity: not a whole number. */
function headerLines(serde: Parameters, table: Parameters): number {
  const text = headerLinesText(serde, table)
  return /^\+?\d+$/.test(text) ? Number(text) : Number.POSITIVE_INFINITY
}

function headerLinesText(serde: Parameters, table: Parameters): string {
  return table[HEADER_LINES] ?? serde[HEADER_LINES] ?? '0'
}

function timestampFormats(serde: Parameters): readonly string[] {
  return (serde['timestamp.formats'] ?? '').split(',').filter((format) => format !== '')
}
