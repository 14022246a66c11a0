/**
 * Tables that are made of the catalog: `information_schema` and `"t$partitions"`. Each is a view whose query is VALUES,
 * written when a statement names it, so that the analyser and the engine need to know nothing of them.
 *
 * Known gaps: the tables of roles and privileges, and the columns `comment` and `extra_info`.
 */

import type { Table } from '../catalog/types.ts'
import type { TableDefinition } from '../sql/analysis-context.ts'
import { SqlFailure } from '../sql/failure.ts'
import { parseExpression, parseQuery } from '../sql/parser/index.ts'
import type { Expression, Query } from '../sql/tree.ts'
import { bigint, type SqlType, typeText, varchar } from '../sql/types.ts'
import type { QueryCatalog } from './guarded-catalog.ts'

export const INFORMATION_SCHEMA = 'information_schema'
const PARTITIONS_SUFFIX = '$partitions'
const DEFAULT_PARTITION = '__HIVE_DEFAULT_PARTITION__'
/** More than this is refused by name: the rows stand in the statement. */
const ROWS_MAX = 100_000

type Cell = string | number | null
type Row = readonly Cell[]

/** What a table of the catalog is to queries: its columns with their types, and whether it is a view. */
export interface Described {
  readonly columns: TableDefinition['columns']
  /** The query of a view. */
  readonly viewText: string | undefined
}

interface World {
  readonly catalog: QueryCatalog
  readonly catalogName: string
  describe(table: Table): Described
}

interface MetadataTable {
  readonly columns: readonly { readonly name: string; readonly type: SqlType }[]
  rows(world: World): AsyncIterable<Row>
}

/** undefined: no such table, as far as this file knows. */
export async function findMetadataTable(
  schema: string,
  name: string,
  world: World,
): Promise<TableDefinition | undefined> {
  const table = schema === INFORMATION_SCHEMA ? INFORMATION_TABLES[name] : await partitionsTable(schema, name, world)
  if (table === undefined) return undefined
  const rows: Row[] = []
  for await (const row of table.rows(world)) {
    if (rows.push(row) > ROWS_MAX)
      throw new SqlFailure('NOT_SUPPORTED', `${schema}.${name} has more than ${ROWS_MAX} rows, which cannot be queried`)
  }
  return {
    database: schema,
    name,
    columns: table.columns.map((column) => ({ ...column, isPartition: false })),
    view: { query: queryOf(table.columns, rows), schema: undefined },
  }
}

const text = (name: string) => ({ name, type: varchar })

const INFORMATION_TABLES: Readonly<Record<string, MetadataTable | undefined>> = {
  schemata: {
    columns: [text('catalog_name'), text('schema_name')],
    async *rows({ catalog, catalogName }) {
      for (const { name } of await catalog.databases()) yield [catalogName, name]
      yield [catalogName, INFORMATION_SCHEMA]
    },
  },
  tables: {
    columns: [text('table_catalog'), text('table_schema'), text('table_name'), text('table_type')],
    async *rows(world) {
      for await (const table of allTables(world.catalog)) {
        const type = world.describe(table).viewText === undefined ? 'BASE TABLE' : 'VIEW'
        yield [world.catalogName, table.database, table.name, type]
      }
      for (const name of Object.keys(INFORMATION_TABLES)) {
        yield [world.catalogName, INFORMATION_SCHEMA, name, 'BASE TABLE']
      }
    },
  },
  columns: {
    columns: [
      text('table_catalog'),
      text('table_schema'),
      text('table_name'),
      text('column_name'),
      { name: 'ordinal_position', type: bigint },
      text('column_default'),
      text('is_nullable'),
      text('data_type'),
    ],
    async *rows(world) {
      for await (const table of allTables(world.catalog)) {
        for (const [index, column] of world.describe(table).columns.entries()) {
          const place = [world.catalogName, table.database, table.name]
          yield [...place, column.name, index + 1, null, 'YES', typeText(column.type)]
        }
      }
    },
  },
  views: {
    columns: [text('table_catalog'), text('table_schema'), text('table_name'), text('view_definition')],
    async *rows(world) {
      for await (const table of allTables(world.catalog)) {
        const { viewText } = world.describe(table)
        if (viewText !== undefined) yield [world.catalogName, table.database, table.name, viewText]
      }
    },
  },
}

async function* allTables(catalog: QueryCatalog): AsyncGenerator<Table> {
  for (const { name } of await catalog.databases()) yield* await catalog.tables(name)
}

/** One row a partition: its values, at the types of the partition columns. */
async function partitionsTable(schema: string, name: string, world: World): Promise<MetadataTable | undefined> {
  if (!name.endsWith(PARTITIONS_SUFFIX)) return undefined
  const table = await world.catalog.findTable(schema, name.slice(0, -PARTITIONS_SUFFIX.length))
  const columns = table && world.describe(table).columns.filter((column) => column.isPartition)
  if (table === undefined || columns === undefined || columns.length === 0) return undefined
  return {
    columns,
    async *rows({ catalog }) {
      for await (const { values } of catalog.partitions(table.database, table.name)) {
        yield values.map((value) => (value === DEFAULT_PARTITION ? null : value))
      }
    },
  }
}

// ---------------------------------------------------------------- rows as a query

const at = { line: 1, column: 1 }

function queryOf(columns: MetadataTable['columns'], rows: readonly Row[]): Query {
  if (rows.length === 0) return parseQuery(`SELECT ${columns.map(() => 'NULL').join(', ')} WHERE false`)
  const readers = columns.map(({ type }) => reader(type))
  const values = rows.map(
    (row): Expression => ({
      kind: 'RowConstructor',
      at,
      fields: row.map((cell, index) => ({ value: readers[index]?.(cell) ?? { kind: 'NullLiteral', at } })),
    }),
  )
  return { kind: 'Query', at, body: { kind: 'Values', at, rows: values }, orderBy: [] }
}

/** Cells are text or numbers as such; other types are cast from text. */
function reader(type: SqlType): (cell: Cell) => Expression {
  const literal = (cell: Cell): Expression => {
    if (cell === null) return { kind: 'NullLiteral', at }
    return typeof cell === 'number'
      ? { kind: 'LongLiteral', at, text: String(cell) }
      : { kind: 'StringLiteral', at, value: cell }
  }
  const cast = parseExpression(`CAST(NULL AS ${typeText(type)})`)
  if (type.kind === 'varchar' || type.kind === 'bigint' || cast.kind !== 'Cast') return literal
  return (cell) => ({ ...cast, operand: literal(cell) })
}
