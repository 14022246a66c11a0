/** Lines as Hive's RegexSerDe reads them: a column is a group of the expression, which must match the whole line. */
import { javaRegExp } from './functions/javascript/java-regexp.ts'

/** `regex` (Java's syntax) for whole lines. */
export function wholeLine(regex: string, ignoreCase: boolean): string {
  const lead = /^\(\?([a-zA-Z]+)\)/.exec(regex)
  const body = regex.slice(lead?.[0].length ?? 0)
  const flags = new Set([...(lead?.[1] ?? ''), ...(ignoreCase ? 'i' : '')])
  return `${flags.size === 0 ? '' : `(?${[...flags].join('')})`}\\A(?:${body})\\z`
}

/** A text for each group, null for one that took no part; undefined: no match, which is a row of NULLs. */
export function regexFields(line: string, pattern: string): (string | null)[] | undefined {
  const found: (string | undefined)[] | null = javaRegExp(pattern).exec(line)
  return found?.slice(1).map((text) => text ?? null)
}
