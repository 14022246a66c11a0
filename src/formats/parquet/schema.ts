/**
 * The columns of a Parquet file as Hive types, from its footer alone.
 *
 *   file   = "PAR1" … footer ( length of footer: 4 bytes, little-endian ) "PAR1"
 */
import { parquetMetadata, parquetSchema, type SchemaElement, type SchemaTree } from 'hyparquet'
import { array, type InferredField, type InferredType, scalar, struct } from '../inferred-type.ts'

export interface ParquetSchema {
  readonly columns: readonly InferredField[]
  readonly records: number
}

/** Read at first: holds the footer of nearly every file. */
export const FOOTER_BYTES_FIRST = 64 * 1024
/** A footer larger than this is refused rather than held in memory. */
export const FOOTER_BYTES_MAX = 64 * 1024 * 1024
const TAIL_BYTES = 8

export class BadParquet extends Error {
  constructor(problem: string, cause?: unknown) {
    super(problem, { cause })
    this.name = 'BadParquet'
  }
}

/** `tail(length)` gives the last bytes of the file. Throws BadParquet. */
export async function parquetFileSchema(
  size: number,
  tail: (length: number) => Promise<Buffer>,
): Promise<ParquetSchema> {
  const end = await tail(Math.min(size, FOOTER_BYTES_FIRST))
  if (end.length < TAIL_BYTES || end.toString('latin1', end.length - 4) !== 'PAR1')
    throw new BadParquet('the Parquet file is cut short: it does not end in PAR1')
  const footerBytes = end.readUInt32LE(end.length - TAIL_BYTES) + TAIL_BYTES
  if (footerBytes > size) throw new BadParquet('the Parquet footer is longer than the file')
  if (footerBytes > FOOTER_BYTES_MAX)
    throw new BadParquet(`the Parquet footer has ${footerBytes} bytes, too many to read`)
  return decode(footerBytes <= end.length ? end : await tail(footerBytes))
}

/** A damaged footer may decode to anything, such as a tree whose elements are missing: the library does not look. */
function decode(footer: Buffer): ParquetSchema {
  try {
    const metadata = parquetMetadata(new Uint8Array(footer).buffer, { geoparquet: false })
    const records = Number(metadata.num_rows)
    if (!Number.isSafeInteger(records) || records < 0) throw new Error(`it has ${metadata.num_rows} rows`)
    return { columns: fieldsOf(parquetSchema(metadata)), records }
  } catch (error) {
    throw new BadParquet(`the Parquet footer cannot be read (${String(error)})`, error)
  }
}

function fieldsOf(tree: SchemaTree): InferredField[] {
  return tree.children.map((child) => ({ name: child.element.name.toLowerCase(), type: typeOf(child) }))
}

/** Repeated without a LIST around it is the oldest way to write an array. */
function typeOf(tree: SchemaTree): InferredType {
  const type = valueTypeOf(tree)
  return tree.element.repetition_type === 'REPEATED' ? array(type) : type
}

function valueTypeOf(tree: SchemaTree): InferredType {
  const { element, children } = tree
  if (children.length === 0) return scalar(scalarOf(element))
  const annotation = element.logical_type?.type ?? element.converted_type
  const [inner] = children
  if (annotation === 'LIST' && inner !== undefined) return array(elementOf(inner, element.name))
  if ((annotation === 'MAP' || annotation === 'MAP_KEY_VALUE') && inner?.children.length === 2) {
    const [key, value] = inner.children as [SchemaTree, SchemaTree]
    return { kind: 'map', key: typeOf(key), value: typeOf(value) }
  }
  return struct(fieldsOf(tree))
}

/**
 * The rules of the Parquet format for lists: the repeated group is only a wrapper when it has one member and is not
 * named `array` or `<list>_tuple`; otherwise it is the element itself.
 */
function elementOf(repeated: SchemaTree, listName: string): InferredType {
  const { name } = repeated.element
  const [only] = repeated.children
  const isWrapper = repeated.children.length === 1 && name !== 'array' && name !== `${listName}_tuple`
  return isWrapper && only !== undefined ? typeOf(only) : valueTypeOf(repeated)
}

function scalarOf(element: SchemaElement): string {
  const logical = element.logical_type
  const annotation = logical?.type ?? element.converted_type
  if (annotation === 'DECIMAL') return `decimal(${element.precision ?? 10},${element.scale ?? 0})`
  switch (element.type) {
    case 'BOOLEAN':
      return 'boolean'
    case 'INT32':
      return INT32_ANNOTATIONS[integerWidth(element) ?? String(annotation)] ?? 'int'
    case 'INT64':
      return String(annotation).startsWith('TIMESTAMP') ? 'timestamp' : 'bigint'
    case 'INT96':
      return 'timestamp'
    case 'FLOAT':
      return 'float'
    case 'DOUBLE':
      return 'double'
    case 'BYTE_ARRAY':
      return TEXT_ANNOTATIONS.includes(String(annotation)) ? 'string' : 'binary'
    default:
      return 'binary'
  }
}

const INT32_ANNOTATIONS: Readonly<Record<string, string>> = {
  DATE: 'date',
  INT_8: 'tinyint',
  INT_16: 'smallint',
  UINT_32: 'bigint',
}

const TEXT_ANNOTATIONS = ['UTF8', 'STRING', 'ENUM', 'JSON']

function integerWidth(element: SchemaElement): string | undefined {
  const logical = element.logical_type
  if (logical?.type !== 'INTEGER') return undefined
  return `${logical.isSigned ? 'INT' : 'UINT'}_${logical.bitWidth}`
}
