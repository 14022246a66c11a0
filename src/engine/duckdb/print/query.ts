/**
 * A typed query as one DuckDB statement. Result columns are named c0, c1, … (`columns` says what each holds, in the form
 * of `representation.ts`); source columns are named by symbol; nothing a user wrote stands in the text but escaped
 * literals.
 */
import type { TypedQuery } from '../../../sql/typed-tree.ts'
import type { SqlType } from '../../../sql/types.ts'
import { type Decimals, rootContext, type ScanSource, type Session } from './context.ts'
import { blockText, printRelation, select } from './relation.ts'
import { quoted, type SqlText } from './text.ts'

export interface PrintedColumn {
  /** Name in the statement's result: `c0`, `c1`, …. */
  readonly column: string
  /** As the user sees it. */
  readonly label: string
  readonly type: SqlType
}

export interface PrintedQuery {
  readonly sql: SqlText
  readonly columns: readonly PrintedColumn[]
}

/**
 * `scans` gives for a Scan node's id a complete SELECT whose columns are named by the node's symbols. Throws
 * EngineFailure NOT_SUPPORTED for what has no faithful translation.
 */
export function printQuery(
  query: TypedQuery,
  scans: ScanSource,
  session: Session,
  decimals: Decimals = 'wide',
): PrintedQuery {
  const block = printRelation(query.relation, rootContext(scans, session, decimals))
  const columns = query.output.map((field, index) => ({
    column: `c${index}`,
    label: field.name,
    type: field.type,
  }))
  const items = query.output.map((field, index) => `${quoted(field.symbol)} AS ${quoted(`c${index}`)}`)
  return { sql: blockText(select(block, items)), columns }
}
