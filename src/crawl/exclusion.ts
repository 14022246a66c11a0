/**
 * Exclusion patterns: globs over the key behind the include path.
 *
 *   *   any characters within one folder level      **  any characters, across levels
 *   ?   one character within a level                [a-z] [!a]  one of, none of
 *   {a,b}  either                                   \x  the character x itself
 *
 * A leading dot is an ordinary character.
 */
export type Exclusion = (relativeKey: string) => boolean

/** undefined when the pattern is malformed: a bracket or brace that is not closed, a range that runs backwards. */
export function exclusion(pattern: string): Exclusion | undefined {
  const source = translate(pattern)
  if (source === undefined) return undefined
  const expression = compiled(`^${source}$`)
  return expression && ((relativeKey) => expression.test(relativeKey))
}

function compiled(source: string): RegExp | undefined {
  try {
    return new RegExp(source, 'su')
  } catch {
    return undefined // A range that runs backwards, `[z-a]`: as malformed as an open bracket.
  }
}

const TOKEN = /\\(.)|\*\*|\*|\?|\[(!?)((?:[^\]\\]|\\.)+)\]|[{},[\]]|[^\\]/gsu

function translate(pattern: string): string | undefined {
  let source = ''
  let depth = 0
  let read = 0
  for (const match of pattern.matchAll(TOKEN)) {
    if (match.index !== read) return undefined
    const [token, escaped, negated, members] = match
    read += token.length
    if (escaped !== undefined) source += literal(escaped)
    else if (members !== undefined) source += `(?!/)[${negated ? '^' : ''}${members.replace(/\\?([\\[\]^])/g, '\\$1')}]`
    else if (token === '**') source += '.*'
    else if (token === '*') source += '[^/]*'
    else if (token === '?') source += '[^/]'
    else if (token === '{') {
      if (depth++ > 0) return undefined
      source += '(?:'
    } else if (token === '}' && depth > 0) {
      depth -= 1
      source += ')'
    } else if (token === ',' && depth > 0) source += '|'
    else if (token === '[') return undefined
    else source += literal(token)
  }
  return depth === 0 && read === pattern.length ? source : undefined
}

function literal(character: string): string {
  return character.replace(/[\\^$.*+?()[\]{}|/]/gu, '\\$&')
}
