/** regexp_… functions over Java's syntax. */
import { invalidArgument, type JsFunction, js } from './define.ts'
import { javaRegExp } from './java-regexp.ts'

function groupCount(expression: RegExp): number {
  return (new RegExp(`${expression.source}|`, expression.flags).exec('')?.length ?? 1) - 1
}

function checkedGroup(expression: RegExp, group: bigint): number {
  if (group < 0n) invalidArgument('Group cannot be negative')
  const count = groupCount(expression)
  if (group > BigInt(count)) invalidArgument(`Pattern has ${count} groups. Cannot access group ${group}`)
  return Number(group)
}

function replaced(text: string, pattern: string, replacement: string): string {
  const expression = javaRegExp(pattern)
  const parts = replacementParts(replacement, expression)
  return text.replace(expression, (...found) => {
    const groups = typeof found.at(-1) === 'object' ? (found.at(-1) as Record<string, string | undefined>) : {}
    return parts
      .map((part) =>
        typeof part === 'string'
          ? part
          : typeof part.group === 'number'
            ? (found[part.group] ?? '')
            : (groups[part.group] ?? ''),
      )
      .join('')
  })
}

type ReplacementPart = string | { readonly group: number | string }

/** `$1`, `${name}` and `\$`. As many digits belong to a group's number as there are groups. */
function replacementParts(replacement: string, expression: RegExp): ReplacementPart[] {
  const parts: ReplacementPart[] = []
  const count = groupCount(expression)
  let index = 0
  while (index < replacement.length) {
    const character = replacement[index] ?? ''
    if (character === '\\') {
      if (index + 1 >= replacement.length) invalidArgument(`Invalid replacement sequence: ${replacement}`)
      parts.push(replacement[index + 1] ?? '')
      index += 2
      continue
    }
    if (character !== '$') {
      parts.push(character)
      index++
      continue
    }
    const named = /^\$\{([a-zA-Z][a-zA-Z0-9]*)\}/.exec(replacement.slice(index))
    if (named !== null) {
      if (!expression.source.includes(`(?<${named[1]}>`)) invalidArgument(`No group with name {${named[1]}}`)
      parts.push({ group: named[1] ?? '' })
      index += named[0].length
      continue
    }
    const digits = /^\$(\d+)/.exec(replacement.slice(index))?.[1]
    if (digits === undefined) return [invalidArgument('Illegal group reference')]
    let used = digits.slice(0, 1)
    if (Number(used) > count) invalidArgument(`No group ${used}`)
    while (used.length < digits.length && Number(digits.slice(0, used.length + 1)) <= count) {
      used = digits.slice(0, used.length + 1)
    }
    parts.push({ group: Number(used) })
    index += 1 + used.length
  }
  return parts
}

function pieces(text: string, pattern: string) {
  const found: { plain: string | null; groups: (string | null)[] | null }[] = []
  let from = 0
  for (const match of text.matchAll(javaRegExp(pattern))) {
    found.push({ plain: text.slice(from, match.index), groups: null })
    found.push({ plain: null, groups: match.slice(1).map((group) => group ?? null) })
    from = match.index + match[0].length
  }
  found.push({ plain: text.slice(from), groups: null })
  return found
}

function split(text: string, pattern: string): string[] {
  const parts: string[] = []
  let from = 0
  for (const match of text.matchAll(javaRegExp(pattern))) {
    parts.push(text.slice(from, match.index))
    from = match.index + match[0].length
  }
  parts.push(text.slice(from))
  return parts
}

function position(text: string, pattern: string, start: bigint, occurrence: bigint): number {
  if (start < 1n) invalidArgument('start position cannot be smaller than 1')
  if (occurrence < 1n) invalidArgument('occurrence cannot be smaller than 1')
  const characters = [...text]
  if (start > BigInt(characters.length)) return -1
  const expression = javaRegExp(pattern)
  expression.lastIndex = characters.slice(0, Number(start) - 1).join('').length
  let left = occurrence
  for (let match = expression.exec(text); match !== null; match = expression.exec(text)) {
    left--
    if (left === 0n) return [...text.slice(0, match.index)].length + 1
    if (match[0] === '') expression.lastIndex++
  }
  return -1
}

export const regexpFunctions: readonly JsFunction[] = [
  js('js_regexp_like', ['VARCHAR', 'VARCHAR'], 'BOOLEAN', (text, pattern) => javaRegExp(pattern).test(text)),
  js('js_regexp_extract', ['VARCHAR', 'VARCHAR', 'BIGINT'], 'VARCHAR', (text, pattern, group) => {
    const expression = javaRegExp(pattern)
    const index = checkedGroup(expression, group)
    return expression.exec(text)?.[index] ?? null
  }),
  js('js_regexp_extract_all', ['VARCHAR', 'VARCHAR', 'BIGINT'], 'VARCHAR[]', (text, pattern, group) => {
    const expression = javaRegExp(pattern)
    const index = checkedGroup(expression, group)
    return [...text.matchAll(expression)].map((match) => match[index] ?? null)
  }),
  js('js_regexp_replace', ['VARCHAR', 'VARCHAR', 'VARCHAR'], 'VARCHAR', replaced),
  js('js_regexp_pieces', ['VARCHAR', 'VARCHAR'], 'STRUCT(plain VARCHAR, groups VARCHAR[])[]', pieces),
  js('js_regexp_split', ['VARCHAR', 'VARCHAR'], 'VARCHAR[]', split),
  js('js_regexp_count', ['VARCHAR', 'VARCHAR'], 'BIGINT', (text, pattern) =>
    BigInt([...text.matchAll(javaRegExp(pattern))].length),
  ),
  js('js_regexp_position', ['VARCHAR', 'VARCHAR', 'BIGINT', 'BIGINT'], 'INTEGER', position),
]
