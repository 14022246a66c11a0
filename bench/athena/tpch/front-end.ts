/** From the text of a query to DuckDB's SQL, in this process, over whatever relations its tables are. */
import type { Decimals } from '../../../src/engine/duckdb/print/context.ts'
import { printQuery } from '../../../src/engine/duckdb/print/query.ts'
import { renderText } from '../../../src/engine/duckdb/render.ts'
import type { ScanNode } from '../../../src/engine/duckdb/scan.ts'
import { scansOf } from '../../../src/query/scans.ts'
import { analyse } from '../../../src/sql/analyser/index.ts'
import type { AnalysisContext, TableDefinition } from '../../../src/sql/analysis-context.ts'
import { parseHiveType } from '../../../src/sql/hive-type.ts'
import { parseStatement } from '../../../src/sql/parser/index.ts'
import { type Columns, TABLES } from './tables.ts'

const DATABASE = 'tpch'

const definitions = new Map(
  Object.entries(TABLES).map(([name, columns]: [string, Columns]): [string, TableDefinition] => [
    name,
    {
      database: DATABASE,
      name,
      columns: Object.entries(columns).map(([column, type]) => ({
        name: column,
        type: parseHiveType(type),
        isPartition: false,
      })),
    },
  ]),
)

const CONTEXT: AnalysisContext = {
  catalog: 'awsdatacatalog',
  schema: DATABASE,
  hasSchema: () => true,
  findTable: (_, name) => definitions.get(name),
  parameters: [],
}
const SESSION = { nowMs: 0, user: 'bench', catalog: 'awsdatacatalog', schema: DATABASE }

/** Columns of the answer are text, as the engine writes them into a result. */
export function toDuckDb(sql: string, scan: (node: ScanNode) => string, decimals: Decimals = 'narrow'): string {
  const statement = parseStatement(sql)
  if (statement.kind !== 'QueryStatement') throw new Error(`not a query: ${sql}`)
  const query = analyse(statement.query, CONTEXT)
  const nodes = new Map(scansOf(query.relation).map((node) => [node.scanId, node]))
  const printed = printQuery(
    query,
    (scanId) => {
      const node = nodes.get(scanId)
      if (node === undefined) throw new Error(`no scan ${scanId}`)
      return scan(node)
    },
    SESSION,
    decimals,
  )
  const texts = printed.columns.map(({ column, type }) => `${renderText(`r.${column}`, type)} AS ${column}`)
  return `SELECT ${texts.join(', ')} FROM (${printed.sql}) AS r`
}

/** A scan of a relation of DuckDB that has the table's name. */
export function scanByName(node: ScanNode): string {
  const columns = node.fields.map((field) => `"${field.column}" AS "${field.symbol}"`)
  return `SELECT ${columns.join(', ') || 'true AS lake_row'} FROM ${node.table}`
}
