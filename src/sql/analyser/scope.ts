/**
 * Which names can be seen from where. A scope holds the columns of one level; names that are not there are looked for
 * first in `behind` (the same query: ORDER BY sees the FROM clause behind the select list), then in `outer` (the
 * enclosing query: correlation). Names match without regard to case, quoted or not, as in Trino.
 */
import type { Expression, Identifier } from '../tree.ts'
import type { Symbol as ColumnSymbol } from '../typed-tree.ts'
import type { SqlType } from '../types.ts'
import { refuse } from './analysis.ts'

export interface ScopeField {
  readonly symbol: ColumnSymbol
  /** undefined for a column nobody named. */
  readonly name: string | undefined
  readonly type: SqlType
  /** Lower-case parts of the relation it is seen through: ['t'], ['awsdatacatalog', 'db', 't'], or none. */
  readonly qualifier: readonly string[]
  /** `$path` and its like: found by name, left out of SELECT *. */
  readonly hidden: boolean
}

export interface Scope {
  readonly fields: readonly ScopeField[]
  readonly behind?: Scope
  readonly outer?: Scope
  /** The condition of a RIGHT or FULL join: its subqueries may not refer to these columns. */
  readonly closed?: boolean
}

export const EMPTY_SCOPE: Scope = { fields: [] }

export interface Found {
  readonly field: ScopeField
  /** How many parts of the name the column took; the rest are fields of its row. */
  readonly parts: number
}

/** The column that `a`, `t.a`, `db.t.a.f.g` begin with, or undefined. Throws when two columns answer to the name. */
export function findColumn(scope: Scope, names: readonly Identifier[], node: Expression): Found | undefined {
  let fromSubquery = false
  for (let level: Scope | undefined = scope; level !== undefined; level = level.behind ?? level.outer) {
    const found = findHere(level.fields, names, node)
    if (found !== undefined) {
      if (fromSubquery && level.closed) refuseOuterReference(names.slice(0, found.parts), node)
      return found
    }
    fromSubquery ||= level.behind === undefined
  }
  return undefined
}

function refuseOuterReference(names: readonly Identifier[], node: Expression): never {
  const column = nameText(names)
  return refuse(
    'NOT_SUPPORTED',
    node.at,
    `Reference to column '${column}' from outer scope not allowed in this context`,
  )
}

/** The longest reading wins: `t.a` is column a of t before it is field a of column t. */
function findHere(fields: readonly ScopeField[], names: readonly Identifier[], node: Expression): Found | undefined {
  for (let parts = names.length; parts > 0; parts--) {
    const name = names[parts - 1]?.value.toLowerCase()
    const relation = names.slice(0, parts - 1)
    const matches = fields.filter((field) => field.name?.toLowerCase() === name && endsWith(field.qualifier, relation))
    if (matches.length > 1)
      refuse('AMBIGUOUS_NAME', node.at, `Column '${nameText(names.slice(0, parts))}' is ambiguous`)
    if (matches[0] !== undefined) return { field: matches[0], parts }
  }
  return undefined
}

function endsWith(qualifier: readonly string[], prefix: readonly Identifier[]): boolean {
  if (prefix.length > qualifier.length) return false
  const tail = qualifier.slice(qualifier.length - prefix.length)
  return prefix.every((part, index) => part.value.toLowerCase() === tail[index])
}

/** The visible columns of the relation that `t.*` or `db.t.*` names, or undefined when there is none of that name. */
export function fieldsOfRelation(scope: Scope, names: readonly Identifier[]): readonly ScopeField[] | undefined {
  for (let level: Scope | undefined = scope; level !== undefined; level = level.behind ?? level.outer) {
    const matches = level.fields.filter((field) => endsWith(field.qualifier, names))
    if (matches.length > 0) return matches.filter((field) => !field.hidden)
  }
  return undefined
}

export function isInScope(scope: Scope, symbol: ColumnSymbol): boolean {
  return scope.fields.some((field) => field.symbol === symbol)
}

/** `a.b.c` as a chain of names, or undefined when something else stands in it. */
export function nameChain(expression: Expression): readonly Identifier[] | undefined {
  const names: Identifier[] = []
  for (let part = expression; ; part = part.base) {
    if (part.kind === 'Identifier') return [part, ...names]
    if (part.kind !== 'Dereference') return undefined
    names.unshift(part.field)
  }
}

export function nameText(names: readonly Identifier[]): string {
  return names.map((name) => name.value).join('.')
}
