/**
 * The statements that make an instance ready and then shut it in. Order matters: paths first, then no outside access,
 * then no more settings; afterwards other files, extensions and SET are refused by DuckDB itself, whatever a statement
 * says.
 */
import type { ChildSettings } from './child-protocol.ts'
import { literal } from './print/text.ts'

/** Settings that decide meaning: Trino's order of NULLs, its integer division, UTC, and rows in the order of the query. */
export function prepareStatements(settings: ChildSettings): readonly string[] {
  return [
    `SET threads = ${settings.threads}`,
    `SET memory_limit = '${Math.floor(settings.memoryLimitBytes / (1024 * 1024))}MiB'`,
    `SET temp_directory = ${literal(`${settings.writableDirectory}/spill`)}`,
    `SET default_null_order = 'nulls_last'`,
    'SET integer_division = true',
    'SET preserve_insertion_order = true',
    `SET TimeZone = 'UTC'`,
    `SET Calendar = 'gregorian'`,
    'SET autoinstall_known_extensions = false',
    'SET autoload_known_extensions = false',
  ]
}

export function confineStatements(settings: ChildSettings, paths: readonly string[]): readonly string[] {
  return [
    `SET allowed_directories = [${literal(settings.writableDirectory)}]`,
    `SET allowed_paths = [${paths.map(literal).join(', ')}]`,
    'SET enable_external_access = false',
    'SET lock_configuration = true',
  ]
}
