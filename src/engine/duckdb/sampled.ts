/**
 * Reading JSON that is known by its first records only. Such a scan proves as it goes that the rest is alike: lines
 * are strict JSON, and the columns it reads are never NULL (a key spelled otherwise would be). Where that fails the
 * query is run again over surveyed files. Not proven: that no key stands twice in a record, unless it is read.
 */
import type { SqlType } from '../../sql/types.ts'
import type { ScanSource } from '../engine.ts'
import type { JsonFacts } from './facts.ts'
import { keyOfColumn } from './scan-json.ts'

/** undefined: these columns cannot be read from a sample. */
export function sampledFacts(
  source: ScanSource,
  wanted: readonly string[],
  keys: readonly string[] | undefined,
): JsonFacts | undefined {
  const { format } = source
  if (format.kind !== 'json' || keys === undefined || format.dotsInKeys || !format.caseInsensitive) return undefined
  const spelling = new Map<string, string>()
  for (const key of keys) {
    if (spelling.has(key.toLowerCase())) return undefined
    spelling.set(key.toLowerCase(), key)
  }
  const isKnown = source.dataColumns.every(
    ({ name, type }) =>
      !wanted.includes(name) || (isScalar(type) && spelling.has(keyOfColumn(format, name).toLowerCase())),
  )
  return isKnown ? { kind: 'json', isRegular: true, spelling, isSampled: true } : undefined
}

/** Keys inside a value may be spelled in many ways without any of them being missing. */
function isScalar(type: SqlType): boolean {
  return type.kind !== 'row' && type.kind !== 'array' && type.kind !== 'map'
}

/** TRY turns any failure below it into NULL, also the one that says the sample was wrong. */
export function hidesFailures(sql: string): boolean {
  return /\bTRY\s*\(/i.test(sql)
}
