/**
 * Patterns over names: GetTables' Expression, GetUserDefinedFunctions' Pattern. On AWS they are regular expressions of
 * Java's: what JavaScript has in the same way is taken, quoting and case are translated, and the rest is refused, because
 * a pattern that means something else would find the wrong names.
 */
import { invalidInput } from '../errors.ts'

/**
 * A regular expression over the whole name; glob-like `orders*` passes too, as it does on AWS. Blank: every name.
 * `member` is named in the refusal.
 */
export function nameMatcher(pattern: string | undefined, member: string): (name: string) => boolean {
  if (!pattern) return () => true
  if (/^[a-z0-9_*-]+$/i.test(pattern)) {
    const glob = new RegExp(`^${pattern.replaceAll('*', '.*')}$`, 'i')
    return (name) => glob.test(name)
  }
  const hasNoCase = pattern.startsWith('(?i)')
  const source = translated(hasNoCase ? pattern.slice('(?i)'.length) : pattern)
  if (source.includes('&&'))
    throw invalidInput(`${member} has &&: intersections of classes are not offered by lakelet.`)
  try {
    // With the flag u what JavaScript does not know is an error, and not read as plain letters.
    const whole = new RegExp(`^(?:${source})$`, hasNoCase ? 'iu' : 'u')
    return (name) => whole.test(name)
  } catch (cause) {
    throw invalidInput(`${member} is not a regular expression: ${(cause as Error).message}`)
  }
}

/**
 * `\Q…\E` (or to the end) quotes, which Trino does with names of functions; `\A` and `\z` say what holds anyway; Java may
 * escape every sign, JavaScript but those that mean something.
 */
function translated(pattern: string): string {
  return pattern
    .replace(/\\Q(.*?)(?:\\E|$)/gs, (_all, quoted: string) => quoted.replace(/[^\p{L}\p{N}]/gu, escaped))
    .replace(/^\\A|\\[zZ]$/g, '')
    .replace(/\\([^\p{L}\p{N}])/gu, (_all, sign: string) => escaped(sign))
}

function escaped(sign: string): string {
  return `\\u{${(sign.codePointAt(0) ?? 0).toString(16)}}`
}
