/** Rows and columns as GetQueryResults shows them (D5). */
import type { ResultColumn } from '../../query/result-column.ts'
import type { ResultRow } from '../../query/result-pages.ts'
import type { ColumnInfo, Row } from '../../wire/model/athena.ts'

/** NULL is a Datum without value, which is not the empty string. */
export function fromRow(row: ResultRow): Row {
  return { Data: row.map((value) => (value === null ? {} : { VarCharValue: value })) }
}

export function fromColumn(column: ResultColumn): ColumnInfo {
  return {
    CatalogName: 'hive',
    SchemaName: '',
    TableName: '',
    Name: column.name,
    Label: column.name,
    Type: column.type,
    Precision: column.precision,
    Scale: column.scale,
    Nullable: 'UNKNOWN',
    CaseSensitive: column.caseSensitive,
  }
}
