/**
 * Which object is to blame when a gzip file is damaged. DuckDB says only that one of them is; so, once a query has
 * failed for it, each is unpacked until one does not go to its end.
 */
import { EngineFailure, type ScanFile } from '../engine.ts'
import type { GzipSize } from './child-protocol.ts'
import { compressionOf } from './facts.ts'
import { saysGzipDamage } from './failures.ts'

export function damagedFile(file: ScanFile | undefined, reason: string): EngineFailure {
  return new EngineFailure(
    'HIVE_CURSOR_ERROR',
    `Failed to read file at ${file?.location ?? 'an unknown location'}: the gzip data is damaged or cut short (${reason})`,
  )
}

/** The failure with the name of the object, or `error` as it is. `measure` is the engine process's. */
export async function blamingFile(
  error: unknown,
  files: readonly ScanFile[],
  measure: (paths: readonly string[]) => Promise<readonly GzipSize[]>,
): Promise<unknown> {
  if (!saysGzipDamage(error)) return error
  for (const file of files) {
    if (compressionOf(file) !== 'gzip') continue
    const [measured] = await measure([file.path])
    if (measured?.damage !== undefined) return damagedFile(file, measured.damage)
  }
  return error
}
