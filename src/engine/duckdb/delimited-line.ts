/**
 * Fields of one line of delimited text where splitting at the delimiter alone is not enough: a line with escapes
 * (LazySimple) or quotes (OpenCSV).
 */

export function splitEscaped(line: string, delimiter: string, escaping: string): string[] {
  const fields: string[] = []
  let field = ''
  for (let at = 0; at < line.length; at++) {
    const character = line[at] as string
    if (character === escaping && at + 1 < line.length) field += line[++at]
    else if (character === delimiter) {
      fields.push(field)
      field = ''
    } else field += character
  }
  fields.push(field)
  return fields
}

export interface QuoteRules {
  readonly separator: string
  readonly quote: string
  readonly escaping: string
}

/**
 * A doubled quote inside quotes is one quote; the escape character is taken away before a quote or itself, inside
 * quotes only. A quote that never closes takes the rest of the line.
 */
export function splitQuoted(line: string, { separator, quote, escaping }: QuoteRules): string[] {
  const fields: string[] = []
  let field = ''
  let quoted = false
  for (let at = 0; at < line.length; at++) {
    const character = line[at] as string
    const next = line[at + 1]
    if (quoted && character === escaping && (next === quote || next === escaping)) {
      field += next
      at++
    } else if (character === quote) {
      if (quoted && next === quote) {
        field += quote
        at++
      } else quoted = !quoted
    } else if (character === separator && !quoted) {
      fields.push(field)
      field = ''
    } else field += character
  }
  fields.push(field)
  return fields
}
