/**
 * DuckDB's EXPLAIN (FORMAT JSON), with or without ANALYZE, as a plan in Trino's words. DuckDB names no tables, because it
 * sees functions over files: a scan is told by the columns that it reads, as long as only one table
 * of that format has them.
 */
import type { EngineQuery, ScanFormat } from '../engine.ts'
import type { PlanNode, QueryPlan } from '../plan.ts'
import { FAILURE_START } from './print/text.ts'
import { FILE_COLUMN } from './scan.ts'
import { scansOf } from './tree-walk.ts'

type Info = Readonly<Record<string, string | readonly string[]>>

interface DuckDbNode {
  readonly name?: string
  readonly operator_name?: string
  readonly operator_type?: string
  readonly operator_timing?: number
  readonly operator_cardinality?: number
  readonly extra_info?: Info
  readonly children: readonly DuckDbNode[]
}

interface DuckDbProfile extends DuckDbNode {
  readonly cpu_time: number
  readonly system_peak_buffer_memory: number
}

type PlannedQuery = Pick<EngineQuery, 'query' | 'sources' | 'session'>

/** Of EXPLAIN: an array with the root. */
export function planOf(json: string, query: PlannedQuery): QueryPlan {
  const [root] = JSON.parse(json) as readonly DuckDbNode[]
  if (root === undefined) throw new Error('DuckDB gave an empty plan.')
  return { root: planNode(root, tablesOf(query), false) }
}

export interface Profile {
  readonly root: PlanNode
  readonly cpuMs: number
  readonly peakMemoryBytes: number
}

/** Of EXPLAIN ANALYZE: an object with the query's figures; the EXPLAIN_ANALYZE operator around the plan is DuckDB's own. */
export function profileOf(json: string, query: PlannedQuery): Profile {
  const profile = JSON.parse(json) as DuckDbProfile
  let root: DuckDbNode | undefined = profile.children[0]
  if (root?.operator_type === 'EXPLAIN_ANALYZE') root = root.children[0]
  if (root === undefined) throw new Error('DuckDB gave an empty profile.')
  return {
    root: planNode(root, tablesOf(query), true),
    cpuMs: profile.cpu_time * 1000,
    peakMemoryBytes: profile.system_peak_buffer_memory,
  }
}

interface ScannedTable {
  readonly name: string
  readonly format: ScanFormat['kind']
  readonly columns: ReadonlySet<string>
  readonly details: readonly string[]
}

function tablesOf({ query, sources, session }: PlannedQuery): readonly ScannedTable[] {
  const tables = new Map<string, ScannedTable>()
  for (const scan of scansOf(query.relation)) {
    const name = `${session.catalog.toLowerCase()}:${scan.database}:${scan.table}`
    const source = sources.get(scan.scanId)
    if (source === undefined) continue
    const bytes = source.files.reduce((sum, file) => sum + file.sizeBytes, 0)
    const details = [`Files: ${source.files.length}, ${bytes} bytes`]
    if (source.partitionColumns.length > 0) details.push(`Partitions: ${source.partitions.length}`)
    const columns = new Set(source.dataColumns.map((column) => column.name))
    // Scanned twice with different filters, its files are not the same: then only the name is told.
    const known = tables.get(name)
    const differs = known !== undefined && known.details.join() !== details.join()
    tables.set(name, { name, format: source.format.kind, columns, details: differs ? [] : details })
  }
  return [...tables.values()]
}

function planNode(node: DuckDbNode, tables: readonly ScannedTable[], isProfile: boolean): PlanNode {
  const operator = (isProfile ? node.operator_name : node.name)?.trim() ?? ''
  const info = node.extra_info ?? {}
  const format = SCANS[operator]
  const scan = format === undefined ? undefined : scannedTable(format, info, tables)
  const expected = Number(info['Estimated Cardinality'])
  return {
    name: nameOf(operator, info),
    descriptor: {
      ...(scan !== undefined && { table: scan.name }),
      ...Object.fromEntries(
        Object.entries(DESCRIPTORS).flatMap(([label, key]) =>
          info[label] === undefined ? [] : [[key, readable(listed(info[label]).join(', '))]],
        ),
      ),
    },
    details: scan?.details ?? [],
    ...(Number.isFinite(expected) && { estimatedRows: expected }),
    ...(isProfile && {
      figures: { cpuMs: (node.operator_timing ?? 0) * 1000, outputRows: node.operator_cardinality ?? 0 },
    }),
    children: node.children.map((child) => planNode(child, tables, isProfile)),
  }
}

/** DuckDB's labels that say what an operator does → Trino's. */
const DESCRIPTORS: Readonly<Record<string, string>> = {
  Projections: 'columns',
  Expression: 'filterPredicate',
  Filters: 'filterPredicate',
  Conditions: 'criteria',
  Groups: 'keys',
  Aggregates: 'aggregations',
  Top: 'count',
  Limit: 'count',
  'Order By': 'orderBy',
}

/** DuckDB's operators that read files → what they read. */
const SCANS: Readonly<Record<string, ScanFormat['kind'] | undefined>> = {
  READ_JSON: 'json',
  READ_CSV: 'csv',
  READ_PARQUET: 'parquet',
}

const NAMES: Readonly<Record<string, string>> = {
  PROJECTION: 'Project',
  FILTER: 'Filter',
  TOP_N: 'TopN',
  ORDER_BY: 'Sort',
  LIMIT: 'Limit',
  STREAMING_LIMIT: 'Limit',
  LIMIT_PERCENT: 'Limit',
  HASH_GROUP_BY: 'Aggregate',
  PERFECT_HASH_GROUP_BY: 'Aggregate',
  UNGROUPED_AGGREGATE: 'Aggregate',
  SIMPLE_AGGREGATE: 'Aggregate',
  PARTITIONED_AGGREGATE: 'Aggregate',
  WINDOW: 'Window',
  STREAMING_WINDOW: 'Window',
  UNNEST: 'Unnest',
  INOUT_FUNCTION: 'Unnest',
  CROSS_PRODUCT: 'CrossJoin',
  UNION: 'Union',
  COLUMN_DATA_SCAN: 'Values',
  EXPRESSION_SCAN: 'Values',
  DUMMY_SCAN: 'Values',
  EMPTY_RESULT: 'Values',
  RECURSIVE_CTE: 'Recursion',
  RESERVOIR_SAMPLE: 'Sample',
  STREAMING_SAMPLE: 'Sample',
}

function nameOf(operator: string, info: Info): string {
  if (SCANS[operator] !== undefined) return 'TableScan'
  const known = NAMES[operator]
  if (known !== undefined) return known
  if (operator.endsWith('JOIN')) return `${camel(String(info['Join Type'] ?? ''))}Join`
  return camel(operator)
}

function camel(name: string): string {
  return name.toLowerCase().replace(/(?:^|[_ ])([a-z])/g, (_, letter: string) => letter.toUpperCase())
}

function scannedTable(
  format: ScanFormat['kind'],
  info: Info,
  tables: readonly ScannedTable[],
): ScannedTable | undefined {
  const columns = listed(info['Projections'] ?? [])
  const candidates = tables.filter(
    (table) => table.format === format && columns.every((column) => table.columns.has(column.toLowerCase())),
  )
  return candidates.length === 1 ? candidates[0] : undefined
}

/** Without the column that tells where a row came from: it is the engine's own. */
function listed(value: string | readonly string[]): readonly string[] {
  return (typeof value === 'string' ? [value] : value).filter((item) => item !== FILE_COLUMN)
}

const SHOWN_MAX = 160

/** Expressions that make typed values of text are longer than anybody reads. */
function readable(text: string): string {
  const plain = text.replaceAll('\n', ', ')
  const from = plain.indexOf(FAILURE_START)
  const end = from < 0 ? SHOWN_MAX : Math.min(from, SHOWN_MAX)
  return plain.length <= end ? plain : `${plain.slice(0, end)}…`
}
