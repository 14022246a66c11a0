/**
 * The analyser: a parsed query in, a typed tree out. It settles every name, type, coercion, overload and aggregate by
 * Trino's rules, and refuses what Trino refuses with Trino's code, text and place (Athena's wording where that differs).
 *
 * Promises
 *  - pure: the same query and context give the same tree; tables are looked up through the context only;
 *  - the rules at the top of typed-tree.ts hold for every tree;
 *  - scans name only the columns that are read, and repeat the conjuncts standing above them as a hint;
 *  - nesting is bounded, so neither this nor a reader of the tree runs out of stack.
 *
 * Known gaps, refused by name: MATCH_RECOGNIZE, JSON_TABLE and other table functions, FOR … AS OF, UNION DISTINCT in a
 * recursive WITH, like_regex and the methods datetime() and keyvalue() of JSON paths.
 * Deliberate differences: none known in what is accepted.
 */
import type { AnalysisContext } from '../analysis-context.ts'
import type { Expression, Query } from '../tree.ts'
import type { TypedExpression, TypedQuery } from '../typed-tree.ts'
import { Analysis } from './analysis.ts'
import type { Environment } from './context.ts'
import { analyseIn } from './expressions.ts'
import { withPruningHints } from './pruning-hints.ts'
import { analyseQuery, standalone } from './queries.ts'
import { withUsedColumnsOnly } from './used-columns.ts'

export { tableReferences } from './table-references.ts'

/** Throws SqlFailure. */
export function analyse(query: Query, context: AnalysisContext): TypedQuery {
  const analysis = new Analysis(context)
  const { relation, columns } = analyseQuery(query, environmentOf(context), analysis)
  const output = columns.map((column, index) => ({
    symbol: column.symbol,
    name: column.name ?? `_col${index}`,
    type: column.type,
  }))
  const used = withUsedColumnsOnly(relation, new Set(output.map((field) => field.symbol)))
  return { relation: withPruningHints(used), output, deterministic: analysis.deterministic }
}

/** An expression without columns: a property of CTAS, a value of EXECUTE … USING. Throws SqlFailure. */
export function analyseExpression(expression: Expression, context: AnalysisContext): TypedExpression {
  const analysis = new Analysis(context)
  return analyseIn(expression, standalone(environmentOf(context), analysis, 'Constant expression'))
}

function environmentOf(context: AnalysisContext): Environment {
  return { outer: undefined, tables: undefined, schema: context.schema }
}
