/** Runs one statement the way the engine does, in this process: parse, analyse, print, execute, render. */
import { DuckDBInstance } from '@duckdb/node-api'
import { languageFailure } from '../../src/engine/duckdb/failure-text.ts'
import { installFunctions, installGeospatial } from '../../src/engine/duckdb/functions/install.ts'
import { installLineFunctions } from '../../src/engine/duckdb/line-functions.ts'
import { withNarrowDecimals } from '../../src/engine/duckdb/narrow-decimals.ts'
import { printQuery } from '../../src/engine/duckdb/print/query.ts'
import { renderText } from '../../src/engine/duckdb/render.ts'
import { installMacros } from '../../src/engine/duckdb/render-macros.ts'
import { EngineFailure } from '../../src/engine/engine.ts'
import { analyse } from '../../src/sql/analyser/index.ts'
import type { AnalysisContext } from '../../src/sql/analysis-context.ts'
import { SqlFailure } from '../../src/sql/failure.ts'
import { parseStatement } from '../../src/sql/parser/index.ts'
import { typeText } from '../../src/sql/types.ts'

export type Outcome =
  | { readonly kind: 'rows'; readonly types: readonly string[]; readonly rows: readonly (readonly (string | null)[])[] }
  | { readonly kind: 'failure'; readonly code: string; readonly message: string }

const CONTEXT: AnalysisContext = {
  catalog: 'awsdatacatalog',
  schema: 'default',
  hasSchema: () => true,
  findTable: () => undefined,
  parameters: [],
}
/** 2024-05-06 07:08:09.123 UTC. */
const SESSION = { nowMs: 1_714_979_289_123, user: 'tester', catalog: 'awsdatacatalog', schema: 'default' }

export async function openStatements(): Promise<(sql: string) => Promise<Outcome>> {
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' })
  const connection = await instance.connect()
  await connection.run("SET default_null_order = 'nulls_last'")
  await installFunctions(connection)
  await installMacros(connection)
  installLineFunctions(connection)
  return async (sql) => {
    try {
      const statement = parseStatement(sql)
      if (statement.kind !== 'QueryStatement') throw new Error(`not a query: ${sql}`)
      const noTables = () => {
        throw new Error('semantics cases read no tables')
      }
      const query = analyse(statement.query, CONTEXT)
      const { columns } = printQuery(query, noTables, SESSION)
      const texts = columns.map(({ column, type }) => `${renderText(`r.${column}`, type)} AS ${column}`)
      const reader = await withNarrowDecimals(
        (decimals) => `SELECT ${texts.join(', ')} FROM (${printQuery(query, noTables, SESSION, decimals).sql}) AS r`,
        async (text) => {
          await installGeospatial(connection, text)
          return connection.runAndReadAll(text)
        },
      )
      const rows = reader.getRows().map((row) => row.map((value) => (value === null ? null : String(value))))
      return { kind: 'rows', types: columns.map(({ type }) => typeText(type)), rows }
    } catch (error) {
      const failure = failureOf(error)
      if (failure === undefined) throw error
      return failure
    }
  }
}

function failureOf(error: unknown): Outcome | undefined {
  if (error instanceof SqlFailure || error instanceof EngineFailure) {
    return { kind: 'failure', code: error.code, message: error.message }
  }
  const known = error instanceof Error ? languageFailure(error.message) : undefined
  return known === undefined ? undefined : { kind: 'failure', code: known.code, message: known.message }
}
