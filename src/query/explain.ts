/**
 * EXPLAIN and EXPLAIN ANALYZE (AWS's guide, "Using EXPLAIN and EXPLAIN ANALYZE"): the plan that the engine will run, as
 * text, JSON or a graph; with ANALYZE the query is run, its rows are thrown away, and every operator tells what it took.
 */
import type { PlanNode } from '../engine/plan.ts'
import { analyse } from '../sql/analyser/index.ts'
import { SqlFailure } from '../sql/failure.ts'
import type { Query, TrinoStatement } from '../sql/tree.ts'
import { boolean } from '../sql/types.ts'
import { type Outcome, textOutcome } from './outcome.ts'
import { planLines } from './plan-lines.ts'
import { resultColumn } from './result-column.ts'
import { checkCutoff, type SelectParts, type SelectRequest, withSources } from './select.ts'
import { loadTables } from './tables.ts'

type Explain = Extract<TrinoStatement, { kind: 'Explain' }>

export async function explain(
  statement: Explain,
  requestOf: (query: { readonly query: Query }) => SelectRequest,
  parts: SelectParts,
  signal: AbortSignal,
): Promise<Outcome> {
  const { analyze, options } = statement
  if (options['TYPE'] === 'IO') throw refusal(statement, 'EXPLAIN (TYPE IO)')
  const { query, writes } = explained(statement)
  const request = requestOf({ query })
  if (options['TYPE'] === 'VALIDATE') return validate(request, parts)
  if (analyze && writes !== undefined) throw refusal(statement, `EXPLAIN ANALYZE of ${writes}`)
  return withSources(request, parts, signal, async (engineQuery, lookupMs) => {
    const plan = await parts.engine.explain(engineQuery, { analyze }, signal)
    checkCutoff(request, plan.figures?.bytesScanned ?? 0)
    const names = engineQuery.query.output.map(({ name }) => name)
    const whole = { ...plan, root: rooted(plan.root, names, writes) }
    return {
      kind: 'text',
      columns: [resultColumn('Query Plan', { kind: 'varchar', length: undefined })],
      lines: ['Query Plan', ...planLines(whole, options['FORMAT'], { names, lookupMs })],
      hasHeader: true,
      bytesScanned: plan.figures?.bytesScanned ?? 0,
      planningMs: lookupMs + (plan.figures?.planningMs ?? 0),
      engineMs: plan.figures === undefined ? 0 : lookupMs + plan.figures.planningMs + plan.figures.executionMs,
    }
  })
}

/** The query inside, and what is made of its rows. */
function explained(explain: Explain): { readonly query: Query; readonly writes?: string } {
  const { statement } = explain
  switch (statement.kind) {
    case 'QueryStatement':
      return { query: statement.query }
    case 'Insert':
      return { query: statement.query, writes: 'INSERT' }
    case 'CreateTableAs':
      return { query: statement.query, writes: 'CREATE TABLE AS' }
    case 'Unload':
      return { query: statement.query, writes: 'UNLOAD' }
    default:
      throw refusal(explain, 'EXPLAIN of anything but a query, INSERT, CREATE TABLE AS or UNLOAD')
  }
}

function refusal({ at }: Explain, what: string): SqlFailure {
  return new SqlFailure('NOT_SUPPORTED', `${what} is not supported`, at)
}

/** Only whether the query makes sense: what does not is refused with its reason. */
async function validate(request: SelectRequest, parts: SelectParts): Promise<Outcome> {
  const tables = await loadTables(parts.catalog, request.query, request.session, request.parameters)
  analyse(request.query, tables.context)
  return textOutcome([resultColumn('Valid', boolean)], ['Valid', 'true'], { hasHeader: true })
}

/** The engine's plan gives rows; what becomes of them stands above it. */
function rooted(root: PlanNode, names: readonly string[], writes: string | undefined): PlanNode {
  const figures = root.figures && { figures: { cpuMs: 0, outputRows: root.figures.outputRows } }
  const output = { name: 'Output', descriptor: { columnNames: names.join(', ') }, details: [], ...figures }
  if (writes === undefined) return { ...output, children: [root] }
  return {
    name: 'TableWriter',
    descriptor: { statement: writes },
    details: [],
    children: [{ ...output, children: [root] }],
  }
}
