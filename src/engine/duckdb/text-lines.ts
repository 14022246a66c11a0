/** Files of text as rows of one column `line` and the file's path: for what is split by our own rules. */
import { EngineFailure, type ScanFile } from '../engine.ts'
import { type Compression, compressionOf } from './facts.ts'
import { literal, type SqlText } from './print/text.ts'
import { FILE_COLUMN } from './scan.ts'

/** A longer line is refused. A buffer this large is held by each thread that reads. */
const LINE_BYTES_MAX = 16 * 1024 * 1024

/** A blank line is a NULL `line`. */
export function linesOf(files: readonly ScanFile[], compression: Compression, skipLines: number): SqlText {
  const options = [
    `[${files.map((file) => literal(file.path)).join(', ')}]`,
    'auto_detect = false',
    'header = false',
    `columns = {'line': 'VARCHAR'}`,
    `delim = ''`,
    `quote = ''`,
    `escape = ''`,
    `skip = ${skipLines}`,
    `compression = '${compression}'`,
    `max_line_size = ${LINE_BYTES_MAX}`,
    `buffer_size = ${LINE_BYTES_MAX}`,
    `filename = '${FILE_COLUMN}'`,
  ]
  return `read_csv(${options.join(', ')})`
}

/** Files by how they are compressed; one that cannot be unpacked refuses the query. */
export function byCompression(files: readonly ScanFile[]): ReadonlyMap<Compression, readonly ScanFile[]> {
  const groups = new Map<Compression, ScanFile[]>()
  for (const file of files) {
    const compression = readableCompression(file)
    const group = groups.get(compression)
    if (group === undefined) groups.set(compression, [file])
    else group.push(file)
  }
  return groups
}

export function readableCompression(file: ScanFile): Compression {
  if (file.unpackedBytes !== undefined) return 'uncompressed'
  const compression = compressionOf(file)
  if (compression !== 'unreadable') return compression
  throw new EngineFailure('NOT_SUPPORTED', `Text files of this compression cannot be read: ${file.location}`)
}
