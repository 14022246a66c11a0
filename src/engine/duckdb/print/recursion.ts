/**
 * WITH RECURSIVE as the language runs it: the step is taken a bounded number of times, and a recursion that still gives
 * rows after that fails. So it is written out, each step reading the rows of the one before.
 */
import type { Relation } from '../../../sql/typed-tree.ts'
import { comparable } from './comparison.ts'
import type { PrintContext } from './context.ts'
import { numbered } from './relation.ts'
import { literal, quoted, raise, type SqlText } from './text.ts'

type WithTable = Extract<Relation, { readonly kind: 'With' }>['tables'][number]

/** The language's default depth. */
const STEPS_MAX = 10

export function printRecursion(
  { id, fields, relation: base }: WithTable,
  { step, distinct }: NonNullable<WithTable['recursive']>,
  context: PrintContext,
): SqlText[] {
  const name = (index: number) => `${id} ${index}`
  const tables = [`${quoted(name(0))} AS MATERIALIZED (${numbered(base, context)})`]
  for (let index = 1; index <= STEPS_MAX; index++) {
    const tableNames = new Map(context.tableNames).set(id, name(index - 1))
    tables.push(`${quoted(name(index))} AS MATERIALIZED (${numbered(step, { ...context, tableNames })})`)
  }
  const columns = fields.map((_, index) => `c${index}`).join(', ')
  const words = literal(
    `Recursion depth limit exceeded (${STEPS_MAX}). Use 'max_recursion_depth' session property to modify the limit.`,
  )
  // The condition mentions a column, so that it is tested for rows only and not while planning.
  const complaint = `CASE WHEN c0 IS NULL THEN ${words} ELSE ${words} || '' END`
  const parts = Array.from({ length: STEPS_MAX }, (_, index) => `SELECT ${columns} FROM ${quoted(name(index))}`)
  parts.push(`SELECT ${columns} FROM ${quoted(name(STEPS_MAX))} WHERE ${raise('NOT_SUPPORTED', complaint, 'BOOLEAN')}`)
  const rows = parts.join(' UNION ALL ')
  const keys = fields.map((field, index) => comparable(`c${index}`, field.type)).join(', ')
  tables.push(`${quoted(id)} AS (${distinct ? `SELECT DISTINCT ON (${keys}) ${columns} FROM (${rows})` : rows})`)
  return tables
}
