/**
 * Cases as text, one file a family:
 *
 *   # a comment
 *   query bigint; varchar(3)          result types, in order
 *   SELECT 1 + 1, 'abc'
 *   ----
 *   2 | abc                           one line a row; NULL is NULL, an empty text is ''
 *
 *   query error DIVISION_BY_ZERO      the code, and after it the message, when it matters
 *   SELECT 1 / 0
 */
export interface SltCase {
  readonly line: number
  readonly sql: string
  readonly expected:
    | {
        readonly kind: 'rows'
        readonly types: readonly string[]
        readonly rows: readonly (readonly (string | null)[])[]
      }
    | { readonly kind: 'failure'; readonly code: string; readonly message: string | undefined }
}

export function parseSlt(text: string): SltCase[] {
  const lines = text.split('\n')
  const cases: SltCase[] = []
  let index = 0
  while (index < lines.length) {
    const header = /^query (?:error (\S+)(?: (.*))?|(.*))$/.exec(lines[index] ?? '')
    if (header === null) {
      index++
      continue
    }
    const line = index + 1
    index++
    const sql = linesUntil(lines, index, (each) => each === '----' || each === '')
    index += sql.length
    const [, code, message, types = ''] = header
    if (code !== undefined) {
      cases.push({ line, sql: sql.join('\n'), expected: { kind: 'failure', code, message } })
      continue
    }
    const rows = linesUntil(lines, index + 1, (each) => each === '')
    index += 1 + rows.length
    cases.push({
      line,
      sql: sql.join('\n'),
      expected: { kind: 'rows', types: types.split('; '), rows: rows.map((row) => row.split(' | ').map(cell)) },
    })
  }
  return cases
}

function linesUntil(lines: readonly string[], from: number, isEnd: (line: string) => boolean): string[] {
  const end = lines.findIndex((line, index) => index >= from && isEnd(line))
  return lines.slice(from, end < 0 ? lines.length : end)
}

function cell(text: string): string | null {
  if (text === 'NULL') return null
  return text === "''" ? '' : text
}
