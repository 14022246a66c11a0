/**
 * DuckDB's own refusals as Athena would say them. Expressions raise theirs already in Trino's words; here are files
 * that cannot be read, limits, and whatever is left.
 */
import { EngineFailure } from '../engine.ts'
import { languageFailure } from './failure-text.ts'
import { DuckDbError } from './pool.ts'
import { FAILURE_START, MESSAGE_END } from './print/text.ts'

/** Local path → `s3://…`: messages must name what the user knows. */
export type Locations = ReadonlyMap<string, string>

interface Rule {
  readonly pattern: RegExp
  /** `where`: the object that is to blame, as far as it is known. */
  failure(found: RegExpExecArray, where: string): EngineFailure
}

const GZIP_DAMAGE = /Input is not a GZIP stream|Failed to decode gzip stream|miniz/i

const JSON_ROW = 'Row is not a valid JSON Object - JSONException:'

const RULES: readonly Rule[] = [
  {
    pattern: /Malformed JSON in file "[^"]*", at byte (\d+) in line (\d+): ([^\n]*)/,
    failure: ([, byte, line, reason = ''], where) =>
      new EngineFailure(
        'HIVE_CURSOR_ERROR',
        `${JSON_ROW} ${reason.trim()} at byte ${byte} of line ${line} of ${where}`,
      ),
  },
  {
    pattern: /JSON transform error in file "[^"]*", in line (\d+): ([^\n]*)/,
    failure: ([, line, reason = ''], where) => {
      const duplicate = /duplicate key "(.*)"/i.exec(reason)?.[1]
      return duplicate === undefined
        ? new EngineFailure('HIVE_BAD_DATA', `Error parsing field value in line ${line} of ${where}: ${reason.trim()}`)
        : new EngineFailure('HIVE_CURSOR_ERROR', `${JSON_ROW} Duplicate key "${duplicate}" in line ${line} of ${where}`)
    },
  },
  {
    pattern: new RegExp(`${GZIP_DAMAGE.source}|ZSTD`, 'i'),
    failure: ([text], where) => new EngineFailure('HIVE_CURSOR_ERROR', `Failed to read file at ${where}: ${text}`),
  },
  {
    pattern: /No magic bytes found at end of file|too small to be a Parquet file|Invalid Input Error: [^\n]*parquet/i,
    failure: (_found, where) =>
      new EngineFailure('HIVE_BAD_DATA', `Not valid Parquet file: ${where} expected magic number: PAR1`),
  },
  {
    pattern: /Out of Memory Error/,
    failure: () =>
      new EngineFailure(
        'EXCEEDED_LOCAL_MEMORY_LIMIT',
        'Query exceeded the memory limit of the engine. Aggregate or join less at once, or give the lake more memory.',
      ),
  },
  {
    pattern: /No space left on device|failed to offload data block/i,
    failure: () =>
      new EngineFailure(
        'GENERIC_INSUFFICIENT_RESOURCES',
        'The disk of the lake is full: the answer, or what did not fit in memory, could not be written.',
      ),
  },
  {
    pattern: /Maximum line size of \d+ bytes exceeded|maximum_object_size/i,
    failure: (_found, where) => new EngineFailure('HIVE_CURSOR_ERROR', `Line too long in text file: ${where}`),
  },
  {
    pattern: /unicode \(not utf-8\) encoded|Invalid unicode/i,
    failure: (_found, where) => new EngineFailure('HIVE_BAD_DATA', `Text is not UTF-8 in ${where}`),
  },
]

/** undefined: neither a file nor an expression is to blame. */
export function failureOf(error: unknown, locations: Locations): EngineFailure | undefined {
  if (error instanceof EngineFailure) return error
  if (!(error instanceof DuckDbError)) return undefined
  const { message } = error
  if (!message.includes(FAILURE_START)) return fileFailure(message, locations) ?? languageFailure(message)
  const failure = languageFailure(message)
  const file = BLAMED_FILE.exec(message)?.[1]
  const location = file === undefined ? undefined : locations.get(file)
  return failure === undefined || location === undefined
    ? failure
    : new EngineFailure(failure.code, `${failure.message} in ${location}`)
}

/** What `line-functions.ts` puts behind a message. */
const BLAMED_FILE = new RegExp(`${MESSAGE_END} in file "([^"]*)"`)

/** A gzip file is damaged; DuckDB does not say which. */
export function saysGzipDamage(error: unknown): boolean {
  return error instanceof DuckDbError && GZIP_DAMAGE.test(error.message)
}

function fileFailure(message: string, locations: Locations): EngineFailure | undefined {
  for (const rule of RULES) {
    const found = rule.pattern.exec(message)
    if (found !== null) return rule.failure(found, locationIn(message, locations))
  }
  return undefined
}

/** The object whose local path the text names; of a single object it is certain anyway. */
function locationIn(text: string, locations: Locations): string {
  for (const [path, location] of locations) if (text.includes(path)) return location
  const [only] = locations.size === 1 ? locations.values() : [undefined]
  return only ?? 'a file of the table'
}
