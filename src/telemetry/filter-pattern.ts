/**
 * Filter patterns of CloudWatch Logs for texts without structure (User Guide, "Filter pattern syntax", 2026-11):
 *
 *   ERROR            the text has it, in that case      "not found"      more than letters, digits and _ is quoted
 *   ERROR timeout    it has all of them                 -timeout         and not this one
 *   ?ERROR ?WARN     it has any of them; beside a term without ? these are ignored
 *
 * An empty pattern matches everything. JSON ({ … }), columns ([ … ]) and regular expressions (% … %) are not offered.
 */
import { Refusal } from '../platform/refusal.ts'

export type PatternRefusal = 'patternNotOffered' | 'invalidPattern'

export type FilterPattern = (message: string) => boolean

interface Term {
  readonly mode: '' | '-' | '?'
  readonly text: string
}

/** Refuses patternNotOffered, invalidPattern. */
export function parseFilterPattern(pattern: string): FilterPattern {
  const source = pattern.trim()
  if (source.startsWith('{') || source.startsWith('[') || source.includes('%')) {
    const kind = source.startsWith('{') ? 'JSON' : source.startsWith('[') ? 'column' : 'regular expression'
    throw new Refusal<PatternRefusal>('patternNotOffered', `A ${kind} filter pattern is not offered by lakelet.`)
  }
  const terms = termsOf(source)
  const having = (mode: Term['mode']) => terms.filter((term) => term.mode === mode).map(({ text }) => text)
  const [all, none, any] = [having(''), having('-'), having('?')]
  return (message) =>
    all.every((text) => message.includes(text)) &&
    !none.some((text) => message.includes(text)) &&
    (any.length === 0 || all.length > 0 || any.some((text) => message.includes(text)))
}

function termsOf(source: string): Term[] {
  const terms: Term[] = []
  const expression = /\s*([-?]?)(?:"((?:[^"\\]|\\.)*)"|([^\s"]+))/y
  while (expression.lastIndex < source.length) {
    const match = expression.exec(source)
    if (match === null) throw invalid('Unclosed quote in the filter pattern')
    const [, mode = '', quoted, plain] = match
    if (plain !== undefined && !/^\w+$/.test(plain)) throw invalid(`Invalid character(s) in term '${plain}'`)
    terms.push({ mode: mode as Term['mode'], text: quoted?.replaceAll(/\\(.)/g, '$1') ?? plain ?? '' })
  }
  return terms
}

function invalid(message: string): Refusal<PatternRefusal> {
  return new Refusal<PatternRefusal>('invalidPattern', message)
}
