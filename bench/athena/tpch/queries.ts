/**
 * The 22 queries of TPC-H, in files of their own. They are Trino's SQL and mean the same in DuckDB, but for three things:
 * a date moved by an interval is a timestamp there; avg of decimals is a double; and so is their quotient.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const FOLDER = join(import.meta.dirname, 'queries')

export interface TpchQuery {
  /** `01` … `22` */
  readonly name: string
  readonly sql: string
  /** As whoever writes for DuckDB would have it: dates stay dates, so that they are compared as such. */
  readonly duckDbSql: string
}

export const QUERIES: readonly TpchQuery[] = readdirSync(FOLDER)
  .sort()
  .map((file) => {
    const sql = readFileSync(join(FOLDER, file), 'utf8')
    return {
      name: file.replace('.sql', ''),
      sql,
      duckDbSql: sql
        .replaceAll(/DATE '[^']+' [+-] INTERVAL '\d+' \w+/g, 'CAST($& AS DATE)')
        .replaceAll(/DECIMAL '([^']+)'/g, '$1'),
    }
  })

/**
 * For right answers from DuckDB: avg of numbers with two digits after the point, rounded half up as Trino has it. All
 * averages of these queries are of such numbers, and positive.
 */
export const EXACT_AVERAGE =
  'CREATE MACRO avg(x) AS CAST((CAST(sum(x) * 200 AS HUGEINT) + count(x)) // (2 * count(x)) AS DECIMAL(20, 0)) * 0.01'

/**
 * Whether a cell of the lake's answer is DuckDB's value. Decimals are compared digit by digit; where DuckDB has a double
 * (a quotient), what it rounds to is wanted.
 */
export function isSameCell(ours: string | null, theirs: unknown): boolean {
  if (ours === null || theirs === null) return ours === theirs
  if (typeof theirs !== 'number') return withoutZeros(ours) === withoutZeros(String(theirs))
  const digits = ours.split('.')[1]?.length ?? 0
  return Math.abs(Number(ours) - theirs) <= Math.max(0.5001 * 10 ** -digits, Math.abs(theirs) * DOUBLE_ERROR)
}

/** Of a quotient of sums. */
const DOUBLE_ERROR = 1e-14

/** Trino's and DuckDB's results may differ in scale. */
function withoutZeros(text: string): string {
  return /^-?\d+\.\d+$/.test(text) ? text.replace(/\.?0+$/, '') : text
}
