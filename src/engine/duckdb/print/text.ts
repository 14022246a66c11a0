/** The smallest pieces of printed SQL: identifiers, literals, and the raising of errors from inside an expression. */

export function quoted(identifier: string): string {
  return `"${identifier.replaceAll('"', '""')}"`
}

/** A string literal. NUL cannot stand in SQL text, so it is put together with chr(0). */
export function literal(text: string): string {
  if (!text.includes('\0')) return `'${text.replaceAll("'", "''")}'`
  return `(${text
    .split('\0')
    .map((part) => `'${part.replaceAll("'", "''")}'`)
    .join(' || chr(0) || ')})`
}

export const FAILURE_START = '⟦'
export const FAILURE_END = '⟧'
/** Closes a message that a cast error of DuckDB quotes back. */
export const MESSAGE_END = '⟦⟧'

/**
 * An expression that always fails: `⟦CODE⟧message⟦⟧` is cast to a number, and DuckDB quotes the text in its refusal,
 * where `languageFailure` finds it. Unlike error() this is allowed inside TRY and is never run for rows that do not
 * reach it. It is no CASE, whose constant conditions DuckDB would try while planning. `message` is SQL giving text,
 * `type` the DuckDB type the place needs.
 */
export function raise(code: string, message: string, type: string): string {
  const text = `${literal(`${FAILURE_START}${code}${FAILURE_END}`)} || ${message} || ${literal(MESSAGE_END)}`
  const failing = `CAST(${text} AS INTEGER)`
  if (REACHED_FROM_INTEGER.test(type)) return `CAST(${failing} AS ${type})`
  return `list_transform([${failing}], lambda failure: CAST(NULL AS ${type}))[1]`
}

const REACHED_FROM_INTEGER =
  /^(?:BOOLEAN|TINYINT|SMALLINT|INTEGER|BIGINT|HUGEINT|FLOAT|DOUBLE|VARCHAR|DECIMAL\(\d+, \d+\))$/

export type SqlText = string

/** Short enough to be written twice: a column, a literal, a field of one. Longer operands are bound with `letting`. */
const REPEATABLE_CHARACTERS_MAX = 64

/** An operand with a subquery in it is written out twice up to this length; beyond, it becomes a column of its own. */
const SUBQUERY_CHARACTERS_MAX = 20_000

/**
 * Uses `operand` several times in `body` while printing it once: a long operand is bound to a lambda parameter. DuckDB
 * allows no subquery inside a lambda; there the operand is repeated while it is short, and else bound by a subquery.
 */
export function letting(operand: SqlText, body: (name: SqlText) => SqlText): SqlText {
  if (isRepeatable(operand)) return body(operand)
  const name = parameterFor(operand)
  const printed = body(name)
  if (!operand.includes('SELECT ') && !printed.includes('SELECT ')) {
    return `list_transform([${operand}], lambda ${name}: ${printed})[1]`
  }
  return operand.length <= SUBQUERY_CHARACTERS_MAX
    ? body(operand)
    : `(SELECT ${printed} FROM (SELECT ${operand} AS ${name}))`
}

/** Several operands at once. */
export function lettingAll(operands: readonly SqlText[], body: (names: readonly SqlText[]) => SqlText): SqlText {
  const bind = (index: number, names: readonly SqlText[]): SqlText => {
    const operand = operands[index]
    return operand === undefined ? body(names) : letting(operand, (name) => bind(index + 1, [...names, name]))
  }
  return bind(0, [])
}

/** The elements of a list at these positions (from 1). */
export function picked(list: SqlText, positions: SqlText): SqlText {
  const p = parameterFor(list, positions)
  return `list_transform(${positions}, lambda ${p}: ${list}[${p}])`
}

/** True when the text is short and reading it costs nothing, so that it may be written twice. */
export function isRepeatable(text: SqlText): boolean {
  return text.length <= REPEATABLE_CHARACTERS_MAX && !text.includes('js_')
}

/** A lambda parameter's name made of what the lambda runs over, so that lambdas inside lambdas never shadow each other. */
export function parameterFor(...texts: readonly SqlText[]): SqlText {
  return `v${fingerprint(texts.join('\u0001'))}`
}

/** The same text always has the same name, so a name inside a name never means two things. FNV-1a over 2 x 26 bits. */
function fingerprint(text: string): string {
  let low = 0x811c9dc5
  let high = 0x01000193
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index)
    low = Math.imul(low ^ unit, 0x01000193) >>> 0
    high = Math.imul(high ^ unit, 0x85ebca6b) >>> 0
  }
  return `${low.toString(36)}${high.toString(36)}`
}
