/** Makes a DuckDB connection able to run printed statements: settings, macros, functions written in JavaScript. */
import {
  BIGINT,
  BLOB,
  BOOLEAN,
  DOUBLE,
  DuckDBBlobValue,
  type DuckDBConnection,
  type DuckDBDataChunk,
  DuckDBListValue,
  DuckDBScalarFunction,
  DuckDBStructValue,
  type DuckDBType,
  type DuckDBValue,
  type DuckDBVector,
  FLOAT,
  HUGEINT,
  INTEGER,
  LIST,
  SMALLINT,
  STRUCT,
  VARCHAR,
} from '@duckdb/node-api'
import { byteFunctions } from './javascript/bytes.ts'
import { datetimeFunctions } from './javascript/datetime.ts'
import type { JsFunction, JsTypeName } from './javascript/define.ts'
import { distributionFunctions } from './javascript/distributions.ts'
import { formatFunctions } from './javascript/format.ts'
import { jsonFunctions } from './javascript/json.ts'
import { listFunctions } from './javascript/lists.ts'
import { numberFunctions } from './javascript/numbers.ts'
import { regexpFunctions } from './javascript/regexp.ts'
import { sketchFunctions } from './javascript/sketches/functions.ts'
import { sqlJsonFunctions } from './javascript/sql-json/functions.ts'
import { summaryFunctions } from './javascript/summaries.ts'
import { textFunctions } from './javascript/text.ts'
import { urlFunctions } from './javascript/url.ts'
import { vectorFunctions } from './javascript/vectors.ts'
import { functionMacros } from './macros.ts'

export const javascriptFunctions: readonly JsFunction[] = [
  ...numberFunctions,
  ...distributionFunctions,
  ...textFunctions,
  ...regexpFunctions,
  ...urlFunctions,
  ...byteFunctions,
  ...jsonFunctions,
  ...sqlJsonFunctions,
  ...datetimeFunctions,
  ...formatFunctions,
  ...listFunctions,
  ...summaryFunctions,
  ...sketchFunctions,
  ...vectorFunctions,
]

/**
 * What printed SQL takes for granted: a session in UTC, and `/` that divides doubles as IEEE does. The optimiser that
 * rewrites correlated UNNEST loses columns when a struct is built above it, and fails the process; it stays off.
 */
const SETTINGS = ["SET TimeZone = 'UTC'", 'SET integer_division = false', "SET disabled_optimizers = 'unnest_rewriter'"]

/** To be called before the configuration is locked. */
export async function installFunctions(connection: DuckDBConnection): Promise<void> {
  for (const setting of SETTINGS) await connection.run(setting)
  for (const macro of functionMacros) await connection.run(macro)
  for (const definition of javascriptFunctions) connection.registerScalarFunction(scalarFunction(definition))
}

const GEOSPATIAL_PREFIX = 'js_geo_'
const withGeospatial = new WeakSet<DuckDBConnection>()

/** The geometry library is large: it is loaded by the first statement that computes with geometries or tiles. */
export async function installGeospatial(connection: DuckDBConnection, sql: string): Promise<void> {
  if (!sql.includes(GEOSPATIAL_PREFIX) || withGeospatial.has(connection)) return
  const { geospatialFunctions } = await import('./javascript/geospatial/functions.ts')
  for (const definition of geospatialFunctions) connection.registerScalarFunction(scalarFunction(definition))
  withGeospatial.add(connection)
}

const TYPES: Readonly<Record<JsTypeName, DuckDBType>> = {
  BOOLEAN,
  INTEGER,
  BIGINT,
  HUGEINT,
  FLOAT,
  DOUBLE,
  VARCHAR,
  BLOB,
  'BOOLEAN[]': LIST(BOOLEAN),
  'BIGINT[]': LIST(BIGINT),
  'BLOB[]': LIST(BLOB),
  'BIGINT[][]': LIST(LIST(BIGINT)),
  'DOUBLE[]': LIST(DOUBLE),
  'VARCHAR[]': LIST(VARCHAR),
  'STRUCT(k VARCHAR, v VARCHAR)[]': LIST(STRUCT({ k: VARCHAR, v: VARCHAR })),
  'STRUCT(key BIGINT, "value" SMALLINT)[]': LIST(STRUCT({ key: BIGINT, value: SMALLINT })),
  'STRUCT(key DOUBLE, "value" DOUBLE)[]': LIST(STRUCT({ key: DOUBLE, value: DOUBLE })),
  'STRUCT(key VARCHAR, "value" VARCHAR)[]': LIST(STRUCT({ key: VARCHAR, value: VARCHAR })),
  'STRUCT(key VARCHAR, "value" VARCHAR[])[]': LIST(STRUCT({ key: VARCHAR, value: LIST(VARCHAR) })),
  'STRUCT(plain VARCHAR, groups VARCHAR[])[]': LIST(STRUCT({ plain: VARCHAR, groups: LIST(VARCHAR) })),
  'STRUCT(us BIGINT, picos INTEGER, "zone" VARCHAR)': STRUCT({ us: BIGINT, picos: INTEGER, zone: VARCHAR }),
  'STRUCT(picos BIGINT, "offset" INTEGER)': STRUCT({ picos: BIGINT, offset: INTEGER }),
}

function scalarFunction(definition: JsFunction): DuckDBScalarFunction {
  const { name, takes, gives, seesNull, compute } = definition
  return DuckDBScalarFunction.create({
    name,
    parameterTypes: takes.map((type) => TYPES[type]),
    returnType: TYPES[gives],
    specialHandling: seesNull,
    mainFunction: (_info, input, output) => fill(input, output, seesNull, compute),
  })
}

function fill(
  input: DuckDBDataChunk,
  output: DuckDBVector,
  seesNull: boolean,
  compute: (args: readonly unknown[]) => unknown,
): void {
  const columns = Array.from({ length: input.columnCount }, (_, index) => input.getColumnVector(index))
  const { rowCount } = input
  for (let row = 0; row < rowCount; row++) {
    const args = columns.map((column) => fromDuckDb(column.getItem(row)))
    const result = !seesNull && args.includes(null) ? null : compute(args)
    output.setItem(row, toDuckDb(result))
  }
  output.flush()
}

function fromDuckDb(value: DuckDBValue): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (value instanceof DuckDBListValue) return value.items.map(fromDuckDb)
  if (value instanceof DuckDBStructValue) {
    return Object.fromEntries(Object.entries(value.entries).map(([key, each]) => [key, fromDuckDb(each)]))
  }
  return value instanceof DuckDBBlobValue ? value.bytes : value
}

function toDuckDb(value: unknown): DuckDBValue {
  if (typeof value !== 'object' || value === null) return (value ?? null) as DuckDBValue
  if (value instanceof Uint8Array) return new DuckDBBlobValue(Buffer.from(value))
  if (Array.isArray(value)) return new DuckDBListValue(value.map(toDuckDb))
  return new DuckDBStructValue(Object.fromEntries(Object.entries(value).map(([key, each]) => [key, toDuckDb(each)])))
}
