/** Finds out what the beginning of an object is and reads it. */
import { type ObjectAddress, objectBytes, objectSlice } from '../../drivers/s3.ts'

/** Of an object at most; what gzip unpacks to may be more. */
export const READ_BYTES = 256 * 1024
const ROWS_MAX = 50
const TEXT_MAX = 40_000

export type Previewed =
  | {
      readonly kind: 'rows'
      readonly format: string
      readonly columns: readonly string[]
      readonly rows: readonly (readonly (string | null)[])[]
      readonly isCut: boolean
    }
  | { readonly kind: 'text'; readonly format: string; readonly text: string; readonly isCut: boolean }
  | { readonly kind: 'binary'; readonly format: string; readonly isCut: boolean }

export async function previewOf(address: ObjectAddress, sizeBytes: number): Promise<Previewed> {
  const bytes = await objectBytes(address, READ_BYTES)
  const isCut = sizeBytes > bytes.byteLength
  if (startsWith(bytes, 'PAR1')) return parquetRows(address, sizeBytes)
  const isGzip = bytes[0] === 0x1f && bytes[1] === 0x8b
  const plain = isGzip ? await unpacked(bytes) : bytes
  const packed = isGzip ? ' in gzip' : ''
  const text = textOf(plain)
  if (text === undefined) return { kind: 'binary', format: 'Binary', isCut }
  const lines = wholeLines(text, isCut)
  return (
    jsonRows(lines, packed, isCut) ??
    csvRows(lines, address.key, packed, isCut) ?? {
      kind: 'text',
      format: `Text${packed}`,
      text: text.slice(0, TEXT_MAX),
      isCut: isCut || text.length > TEXT_MAX,
    }
  )
}

function startsWith(bytes: Uint8Array, text: string): boolean {
  return [...text].every((letter, index) => bytes[index] === letter.charCodeAt(0))
}

/** As far as it goes: the end of what was read may be the middle of a member. */
async function unpacked(bytes: Uint8Array): Promise<Uint8Array> {
  const stream = new Blob([bytes as Uint8Array<ArrayBuffer>]).stream().pipeThrough(new DecompressionStream('gzip'))
  const reader = stream.getReader()
  const pieces: Uint8Array[] = []
  let length = 0
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done || length > READ_BYTES * 4) break
      pieces.push(value)
      length += value.byteLength
    }
  } catch {
    // Cut short: what came until then is shown.
  }
  const whole = new Uint8Array(length)
  let at = 0
  for (const piece of pieces) {
    whole.set(piece, at)
    at += piece.byteLength
  }
  return whole
}

/** undefined: it is not UTF-8, but for a letter that was cut at the end. */
function textOf(bytes: Uint8Array): string | undefined {
  for (let cut = 0; cut < 4; cut++) {
    try {
      const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(0, bytes.byteLength - cut))
      return text.includes('\u0000') ? undefined : text
    } catch {
      // Perhaps only the last letter is not whole.
    }
  }
  return undefined
}

function wholeLines(text: string, isCut: boolean): readonly string[] {
  const lines = text.split(/\r?\n/)
  if (isCut && lines.length > 1) lines.pop()
  return lines.filter((line) => line.trim() !== '')
}

function jsonRows(lines: readonly string[], packed: string, isCut: boolean): Previewed | undefined {
  const objects: Record<string, unknown>[] = []
  for (const line of lines.slice(0, ROWS_MAX)) {
    try {
      const value: unknown = JSON.parse(line)
      if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined
      objects.push(value as Record<string, unknown>)
    } catch {
      return undefined
    }
  }
  if (objects.length === 0) return undefined
  const columns = [...new Set(objects.flatMap((one) => Object.keys(one)))]
  const rows = objects.map((one) => columns.map((name) => cellText(one[name])))
  return { kind: 'rows', format: `JSON lines${packed}`, columns, rows, isCut: isCut || lines.length > ROWS_MAX }
}

function csvRows(lines: readonly string[], key: string, packed: string, isCut: boolean): Previewed | undefined {
  const name = key.replace(/\.gz$/, '')
  const separator = name.endsWith('.tsv') ? '\t' : name.endsWith('.csv') ? ',' : undefined
  if (separator === undefined || lines.length === 0) return undefined
  const [columns = [], ...rows] = lines.slice(0, ROWS_MAX + 1).map((line) => splitLine(line, separator))
  return { kind: 'rows', format: `CSV${packed}`, columns, rows, isCut: isCut || lines.length > ROWS_MAX + 1 }
}

function splitLine(line: string, separator: string): string[] {
  const fields: string[] = []
  let field = ''
  let isQuoted = false
  for (let at = 0; at < line.length; at++) {
    const letter = line[at] as string
    if (isQuoted) {
      if (letter === '"' && line[at + 1] === '"') {
        field += '"'
        at++
      } else if (letter === '"') isQuoted = false
      else field += letter
    } else if (letter === '"') isQuoted = true
    else if (letter === separator) {
      fields.push(field)
      field = ''
    } else field += letter
  }
  return [...fields, field]
}

async function parquetRows(address: ObjectAddress, sizeBytes: number): Promise<Previewed> {
  const [{ parquetMetadataAsync, parquetReadObjects }, { gunzipSync }, { decompress }] = await Promise.all([
    import('hyparquet'),
    import('fflate'),
    import('fzstd'),
  ])
  const compressors = { GZIP: (input: Uint8Array) => gunzipSync(input), ZSTD: (input: Uint8Array) => decompress(input) }
  const file = { byteLength: sizeBytes, slice: (from: number, to = sizeBytes) => objectSlice(address, from, to) }
  const metadata = await parquetMetadataAsync(file)
  const objects = await parquetReadObjects({ file, metadata, compressors, rowEnd: ROWS_MAX })
  const columns = metadata.schema
    .slice(1)
    .flatMap(({ name }) => (objects[0] === undefined || name in objects[0] ? [name] : []))
  const rows = objects.map((one) => columns.map((name) => cellText(one[name])))
  return { kind: 'rows', format: 'Parquet', columns, rows, isCut: Number(metadata.num_rows) > ROWS_MAX }
}

function cellText(value: unknown): string | null {
  if (value === null || value === undefined) return null
  if (typeof value === 'string') return value
  if (value instanceof Date) return value.toISOString()
  return typeof value === 'object'
    ? JSON.stringify(value, (_, inner: unknown) => (typeof inner === 'bigint' ? String(inner) : inner))
    : String(value)
}
