/**
 * What the analyser may know of the world. It is pure: whoever calls it has looked the tables up before
 * (`tableReferences` in `analyser/` lists which) and hands them in.
 */
import type { Expression, Query } from './tree.ts'
import type { SqlType } from './types.ts'

export interface TableDefinition {
  readonly database: string
  readonly name: string
  /** Data columns in order, then partition columns, as SELECT * shows them. Names lower-case. */
  readonly columns: readonly { readonly name: string; readonly type: SqlType; readonly isPartition: boolean }[]
  /** A view: its query, already parsed, and the session it was made in; `columns` are what it promised. */
  readonly view?: { readonly query: Query; readonly schema: string | undefined }
  /** It has the hidden column `$bucket`. */
  readonly isBucketed?: boolean
  /** Set when the table cannot be read by queries: the reason, thrown as NOT_SUPPORTED when the table is used. */
  readonly unreadable?: string
}

export interface AnalysisContext {
  /** Lower-case. `awsdatacatalog` is the lake's own; another name is CATALOG_NOT_FOUND. */
  readonly catalog: string
  /** Other names of the lake's own, lower-case. */
  readonly catalogs?: ReadonlySet<string>
  readonly schema: string | undefined
  hasSchema(schema: string): boolean
  findTable(schema: string, name: string): TableDefinition | undefined
  /** Values for `?`, in order. Their count has been checked. */
  readonly parameters: readonly Expression[]
}
