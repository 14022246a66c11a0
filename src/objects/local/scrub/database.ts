/** What the database says about itself, asked on a thread of its own. */
import type { SqlValue } from '../../../platform/sqlite.ts'
import { askDatabase } from '../../../platform/sqlite-background.ts'
import type { Finding } from './scrub.ts'

interface Check {
  readonly sql: string
  /** undefined: this row is no problem. */
  says(row: Record<string, SqlValue>): string | undefined
  readonly advice: string
}

const RESTORE = 'Stop the lake and restore its newest backup.'

/** More rows than this of one check would tell nothing new. */
const ROWS_MAX = 1_000

const CHECKS: readonly Check[] = [
  {
    sql: 'PRAGMA integrity_check(100)',
    says: ({ integrity_check: verdict }) => (verdict === 'ok' ? undefined : `lake.db is damaged: ${verdict}`),
    advice: RESTORE,
  },
  {
    sql: 'PRAGMA foreign_key_check',
    says: ({ table, rowid, parent }) => `Row ${rowid} of ${table} names a row of ${parent} that is not there.`,
    advice: RESTORE,
  },
  {
    sql: `WITH used (id) AS (
            SELECT blob_id FROM object_version WHERE blob_id IS NOT NULL
            UNION ALL
            SELECT json_extract(part.value, '$[1]') FROM object_version, json_each(parts) AS part WHERE parts IS NOT NULL
            UNION ALL
            SELECT blob_id FROM upload_part),
          counted AS (SELECT id, count(*) AS uses FROM used GROUP BY id)
          SELECT blob.id, blob.uses AS stored, coalesce(counted.uses, 0) AS counted
          FROM blob LEFT JOIN counted USING (id) WHERE blob.uses <> coalesce(counted.uses, 0) LIMIT ${ROWS_MAX}`,
    says: ({ id, stored, counted }) => `Blob ${id} is used ${counted} times; its row says ${stored}.`,
    advice: 'A count too high keeps room that nothing needs; with one too low, delete no copy until you have a backup.',
  },
  {
    sql: `SELECT bucket.name, CAST(object_version.key AS TEXT) AS key FROM object_version JOIN bucket ON bucket.id = bucket_id
          GROUP BY bucket_id, key HAVING sum(latest) <> 1 OR max(CASE WHEN latest = 1 THEN object_version.id END) <> max(object_version.id)
          LIMIT ${ROWS_MAX}`,
    says: ({ name, key }) => `The newest version of s3://${name}/${key} is not the one marked as the latest.`,
    advice: 'Put the object again.',
  },
  {
    sql: `SELECT id FROM blob_discarded WHERE id IN (SELECT id FROM blob) LIMIT ${ROWS_MAX}`,
    says: ({ id }) => `Blob ${id} is in use and waits to be removed.`,
    advice: `Do not restart the lake. ${RESTORE}`,
  },
]

export interface Totals {
  readonly versions: number
  readonly bytes: number
}

/** Everything that is wrong with the metadata, then how much there is to read. */
export async function* databaseFindings(
  path: string,
  signal: AbortSignal,
): AsyncGenerator<Finding, Totals | undefined> {
  let answers: Record<string, SqlValue>[][]
  try {
    answers = await askDatabase(path, [...CHECKS.map(({ sql }) => sql), totalsOf(undefined)], signal)
  } catch (error) {
    if (!DAMAGED.has((error as { code?: string }).code)) throw error
    const says = `lake.db is damaged: ${(error as Error).message}`
    yield { problem: { kind: 'inconsistent', says, advice: RESTORE } }
    return undefined
  }
  for (const [index, check] of CHECKS.entries()) {
    for (const row of answers[index] ?? []) {
      const says = check.says(row)
      if (says !== undefined) yield { problem: { kind: 'inconsistent', says, advice: check.advice } }
    }
  }
  return toTotals(answers.at(-1)?.[0])
}

export async function bucketTotals(path: string, bucketId: number, signal: AbortSignal): Promise<Totals> {
  const [[row] = []] = await askDatabase(path, [totalsOf(bucketId)], signal)
  return toTotals(row)
}

function totalsOf(bucketId: number | undefined): string {
  const where = bucketId === undefined ? '' : ` AND bucket_id = ${bucketId}`
  return `SELECT count(*) AS versions, coalesce(sum(size), 0) AS bytes FROM object_version WHERE marker = 0${where}`
}

function toTotals(row: Record<string, SqlValue> | undefined): Totals {
  return { versions: Number(row?.['versions'] ?? 0), bytes: Number(row?.['bytes'] ?? 0) }
}

const DAMAGED: ReadonlySet<string | undefined> = new Set(['SQLITE_CORRUPT', 'SQLITE_NOTADB'])
