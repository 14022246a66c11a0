/**
 * DuckDB's own refusals as Athena would say them. Expressions raise theirs already in Trino's words; here are files
 * that cannot be read, limits, and whatever is left.
 */
import { EngineFailure } from '../engine.ts'
import { languageFailure } from './failure-text.ts'
import { DuckDbError } from './pool.ts'
import { FAILURE_START } from './print/text.ts'

/** Local path → `s3://…`: messages must name what the user knows. */
export type Locations = ReadonlyMap<string, string>

interface Rule {
  readonly pattern: RegExp
  failure(found: RegExpExecArray, locations: Locations): EngineFailure
}

const RULES: readonly Rule[] = [
  {
    pattern: /Malformed JSON in file "([^"]*)", at byte (\d+) in line (\d+): ([^\n]*)/,
    failure: ([, path = '', byte, line, reason = ''], locations) =>
      new EngineFailure(
        'HIVE_CURSOR_ERROR',
        `Row is not a valid JSON Object - JSONException: ${reason.trim()} at byte ${byte} of line ${line} of ${locations.get(path) ?? 'the file'}`,
      ),
  },
  {
    pattern: /JSON transform error in file "([^"]*)", in line (\d+): ([^\n]*)/,
    failure: ([, path = '', line, reason = ''], locations) => {
      const where = `line ${line} of ${locations.get(path) ?? 'the file'}`
      const duplicate = /duplicate key "(.*)"/i.exec(reason)?.[1]
      return duplicate === undefined
        ? new EngineFailure('HIVE_BAD_DATA', `Error parsing field value in ${where}: ${reason.trim()}`)
        : new EngineFailure(
            'HIVE_CURSOR_ERROR',
            `Row is not a valid JSON Object - JSONException: Duplicate key "${duplicate}" in ${where}`,
          )
    },
  },
  {
    pattern: /Input is not a GZIP stream(?:: (\S+))?|Failed to decode gzip stream|miniz|ZSTD[^\n]*/i,
    failure: ([text, path], locations) => {
      const [only] = locations.size === 1 ? locations.values() : [undefined]
      const where = (path === undefined ? undefined : locations.get(path)) ?? only ?? 'a file of the table'
      return new EngineFailure(
        'HIVE_CURSOR_ERROR',
        `Failed to read file at ${where}: incorrect header check (${path === undefined ? text : 'the object is not gzip'})`,
      )
    },
  },
  {
    pattern:
      /(?:No magic bytes found at end of file|too small to be a Parquet file|Invalid Input Error: [^\n]*parquet)[^\n']*'?([^'\n]*)'?/i,
    failure: ([, path = ''], locations) =>
      new EngineFailure(
        'HIVE_BAD_DATA',
        `Not valid Parquet file: ${locations.get(path) ?? 'a file of the table'} expected magic number: PAR1`,
      ),
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
    pattern: /Maximum line size of \d+ bytes exceeded/i,
    failure: () => new EngineFailure('HIVE_CURSOR_ERROR', 'Line too long in text file'),
  },
  {
    pattern: /unicode \(not utf-8\) encoded|Invalid unicode/i,
    failure: (_found, locations) => {
      const [only] = locations.size === 1 ? locations.values() : [undefined]
      return new EngineFailure('HIVE_BAD_DATA', `Text is not UTF-8 in ${only ?? 'a file of the table'}`)
    },
  },
]

/** undefined: neither a file nor an expression is to blame. */
export function failureOf(error: unknown, locations: Locations): EngineFailure | undefined {
  if (error instanceof EngineFailure) return error
  if (!(error instanceof DuckDbError)) return undefined
  const { message } = error
  return (message.includes(FAILURE_START) ? undefined : fileFailure(message, locations)) ?? languageFailure(message)
}

function fileFailure(message: string, locations: Locations): EngineFailure | undefined {
  for (const rule of RULES) {
    const found = rule.pattern.exec(message)
    if (found !== null) return rule.failure(found, locations)
  }
  return undefined
}
