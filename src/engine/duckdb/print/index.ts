/** Printing typed queries as DuckDB SQL. */
export { type PrintedColumn, type PrintedQuery, printQuery } from './query.ts'
