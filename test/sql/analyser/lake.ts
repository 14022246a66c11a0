/** A small lake for the analyser's tests, and the shortest ways to ask it. */

import { analyse } from '../../../src/sql/analyser/index.ts'
import type { AnalysisContext, TableDefinition } from '../../../src/sql/analysis-context.ts'
import { failureText, SqlFailure } from '../../../src/sql/failure.ts'
import { parseQuery } from '../../../src/sql/parser/index.ts'
import type { Expression } from '../../../src/sql/tree.ts'
import type { TypedQuery } from '../../../src/sql/typed-tree.ts'
import {
  array,
  bigint,
  date,
  decimal,
  double,
  integer,
  json,
  map,
  row,
  type SqlType,
  timestamp,
  typeText,
  varchar,
} from '../../../src/sql/types.ts'

function table(name: string, columns: Readonly<Record<string, SqlType>>, partitions: readonly string[] = []) {
  return {
    database: 'web',
    name,
    columns: Object.entries(columns).map(([column, type]) => ({
      name: column,
      type,
      isPartition: partitions.includes(column),
    })),
  } satisfies TableDefinition
}

function view(name: string, columns: Readonly<Record<string, SqlType>>, query: string): TableDefinition {
  return { ...table(name, columns), view: { query: parseQuery(query), schema: 'web' } }
}

export const TABLES: readonly TableDefinition[] = [
  table(
    'events',
    {
      event_id: varchar,
      user_id: bigint,
      page: varchar,
      price: decimal(10, 2),
      at: timestamp(3),
      device: row([
        { name: 'os', type: varchar },
        { name: 'screen', type: row([{ name: 'width', type: integer }]) },
      ]),
      tags: array(varchar),
      attributes: map(varchar, varchar),
      year: varchar,
      month: varchar,
    },
    ['year', 'month'],
  ),
  table('users', { user_id: integer, name: varchar, born: date, score: double, extra: json }),
  table('orders', {
    order_id: bigint,
    user_id: bigint,
    lines: array(
      row([
        { name: 'sku', type: varchar },
        { name: 'amount', type: integer },
      ]),
    ),
  }),
  view(
    'home_events',
    { event_id: varchar, user_id: bigint, year: varchar },
    "SELECT event_id, user_id, year FROM events WHERE page = 'home'",
  ),
  view('stale_view', { event_id: varchar, gone: varchar }, 'SELECT event_id FROM events'),
  view('loop', { a: bigint }, 'SELECT a FROM loop'),
  { ...table('ledger', { a: bigint }), unreadable: 'Table ledger is of a format that cannot be read' },
]

export function lake(overrides: Partial<AnalysisContext> = {}): AnalysisContext {
  return {
    catalog: 'awsdatacatalog',
    schema: 'web',
    hasSchema: (schema) => schema === 'web',
    findTable: (schema, name) => TABLES.find((known) => known.database === schema && known.name === name),
    parameters: [] as readonly Expression[],
    ...overrides,
  }
}

export function analysed(sql: string, context: AnalysisContext = lake()): TypedQuery {
  return analyse(parseQuery(sql), context)
}

/** `a bigint, _col1 varchar(3)`. */
export function outputText(query: TypedQuery): string {
  return query.output.map((field) => `${field.name} ${typeText(field.type)}`).join(', ')
}

/** The refusal as Athena words it; fails when there is none. */
export function refusal(sql: string, context: AnalysisContext = lake()): string {
  try {
    analysed(sql, context)
  } catch (failure) {
    if (failure instanceof SqlFailure) return failureText(failure)
    throw failure
  }
  throw new Error(`not refused: ${sql}`)
}
