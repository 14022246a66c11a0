/**
 * `SELECT … FROM t LIMIT n` needs no more files than hold n rows. Such a query is tried over the first files of its
 * table, then over more, so that looking at a large table costs what a small one does.
 */
import type { Relation } from '../../sql/typed-tree.ts'
import type { EngineQuery } from '../engine.ts'

const FIRST_FILES = 1
const GROWTH = 8

export interface Attempt {
  readonly query: EngineQuery
  /** Fewer rows than this: the answer may be incomplete, try the next. */
  readonly enoughRows: number
}

/** At least one; the last one is over all files. */
export function attempts(query: EngineQuery): Attempt[] {
  const whole = { query, enoughRows: 0 }
  const wanted = limitedScan(query.query.relation)
  const source = wanted === undefined ? undefined : query.sources.get(wanted.scanId)
  if (wanted === undefined || source === undefined) return [whole]
  const found: Attempt[] = []
  for (let count = FIRST_FILES; count < source.files.length; count *= GROWTH) {
    const part = { ...source, files: source.files.slice(0, count) }
    found.push({ query: { ...query, sources: new Map([[wanted.scanId, part]]) }, enoughRows: wanted.rows })
  }
  return [...found, whole]
}

/** Only projections and limits above a scan: any rows of the table will do, and none are left out. */
function limitedScan(root: Relation): { scanId: number; rows: number } | undefined {
  let rows: number | undefined
  let relation = root
  while (relation.kind === 'Project' || relation.kind === 'Limit') {
    if (relation.kind === 'Limit') {
      // With an OFFSET or a second limit the number of rows in the answer no longer says whether they suffice.
      if (relation.count === undefined || relation.offset !== undefined || rows !== undefined) return undefined
      rows = Number(relation.count)
    }
    relation = relation.input
  }
  return relation.kind === 'Scan' && rows !== undefined ? { scanId: relation.scanId, rows } : undefined
}
