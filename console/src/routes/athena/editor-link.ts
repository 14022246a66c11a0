/** The address that opens the editor with a query over a table. */
export function editorLink(database: string, table: string): string {
  const sql = `SELECT * FROM ${quoted(database)}.${quoted(table)} LIMIT 10;`
  return `/athena/editor?database=${encodeURIComponent(database)}&sql=${encodeURIComponent(sql)}`
}

export function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}
