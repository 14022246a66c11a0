/**
 * Java's regular expressions as JavaScript's. Most of the syntax is shared; what differs is rewritten, and what has no
 * counterpart is refused by name.
 */
import { fail, invalidArgument } from './define.ts'

const CACHE_MAX = 256
const cache = new Map<string, RegExp>()

/** A sticky-free global expression over code points. Compiled patterns are kept, the oldest dropped. */
export function javaRegExp(pattern: string): RegExp {
  const known = cache.get(pattern)
  if (known !== undefined) {
    known.lastIndex = 0
    return known
  }
  const compiled = compile(pattern)
  if (cache.size >= CACHE_MAX) cache.delete(cache.keys().next().value ?? '')
  cache.set(pattern, compiled)
  return compiled
}

function compile(pattern: string): RegExp {
  const { source, flags } = translate(pattern)
  try {
    return new RegExp(source, flags)
  } catch (error) {
    const problem = error instanceof Error ? error.message.replace(/^Invalid regular expression: /, '') : pattern
    return invalidArgument(`Invalid regular expression: ${problem}`)
  }
}

const POSIX: Readonly<Record<string, string>> = {
  Lower: 'a-z',
  Upper: 'A-Z',
  ASCII: '\\x00-\\x7F',
  Alpha: 'a-zA-Z',
  Digit: '0-9',
  Alnum: 'a-zA-Z0-9',
  Punct: '!-\\/:-@\\[-`{-~',
  Graph: '!-~',
  Print: ' -~',
  Blank: ' \\t',
  Cntrl: '\\x00-\\x1F\\x7F',
  XDigit: '0-9a-fA-F',
  Space: ' \\t\\n\\x0B\\f\\r',
}

/** Inside a class; outside they stand in brackets. */
const CLASSES: Readonly<Record<string, string>> = {
  d: '0-9',
  w: 'a-zA-Z0-9_',
  s: ' \\t\\n\\x0B\\f\\r',
  h: ' \\t\\xA0\\u1680\\u180e\\u2000-\\u200a\\u202f\\u205f\\u3000',
  v: '\\n\\x0B\\f\\r\\x85\\u2028\\u2029',
}

const SIMPLE: Readonly<Record<string, string>> = { t: '\\t', n: '\\n', r: '\\r', f: '\\f', a: '\\x07', e: '\\x1B' }

interface Translation {
  readonly source: string
  readonly flags: string
}

function unsupported(what: string): never {
  return fail('NOT_SUPPORTED', `Regular expressions with ${what} are not supported`)
}

function translate(pattern: string): Translation {
  let flags = 'gu'
  let source = ''
  let index = 0
  const lead = /^\(\?([a-zA-Z]+)\)/.exec(pattern)
  if (lead !== null) {
    index = lead[0].length
    for (const flag of lead[1] ?? '') {
      if (flag === 'i' || flag === 'm' || flag === 's') flags += flag
      else if (flag !== 'u' && flag !== 'U' && flag !== 'd') unsupported(`the flag ${flag}`)
    }
  }
  while (index < pattern.length) {
    const rest = pattern.slice(index)
    const piece = pieceAt(rest, flags.includes('m'))
    source += piece.source
    index += piece.length
  }
  return { source, flags }
}

interface Piece {
  readonly source: string
  readonly length: number
}

function pieceAt(rest: string, multiline: boolean): Piece {
  const first = String.fromCodePoint(rest.codePointAt(0) ?? 0)
  switch (first) {
    case '\\':
      return escaped(rest)
    case '[':
      return characterClass(rest)
    case '(':
      return opening(rest)
    case '$':
      return { source: multiline ? '$' : '(?=\\n?(?![\\s\\S]))', length: 1 }
    case '*':
    case '+':
    case '?':
    case '{':
      return quantifier(rest)
    case '}':
    case ']':
      return { source: `\\${first}`, length: 1 }
    default:
      return { source: first === '/' ? '\\/' : first, length: first.length }
  }
}

function quantifier(rest: string): Piece {
  const found = /^([*+?]|\{\d+(?:,\d*)?\})([+?]?)/.exec(rest)
  if (found === null) return { source: '\\{', length: 1 }
  if (found[2] === '+') return unsupported('possessive quantifiers')
  return { source: found[0], length: found[0].length }
}

function opening(rest: string): Piece {
  if (rest.startsWith('(?>')) return unsupported('atomic groups')
  const inline = /^\(\?[a-zA-Z]*(?:-[a-zA-Z]+)?([:)])/.exec(rest)
  if (inline !== null && inline[0] !== '(?:') return unsupported('flags inside')
  const found = /^\((?:\?(?:[:=!]|<[=!]|<[a-zA-Z][a-zA-Z0-9]*>))?/.exec(rest)
  return { source: found?.[0] ?? '(', length: found?.[0].length ?? 1 }
}

function escaped(rest: string): Piece {
  const next = rest[1]
  if (next === undefined) return invalidArgument('Invalid regular expression: nothing after the last backslash')
  const quote = /^\\Q([\s\S]*?)(?:\\E|$)/.exec(rest)
  if (quote !== null) return { source: escapeAll(quote[1] ?? ''), length: quote[0].length }
  const shared = escapedCharacter(rest)
  if (shared !== undefined) return shared
  const classes = CLASSES[next.toLowerCase()]
  if (classes !== undefined) {
    return { source: `[${next === next.toLowerCase() ? '' : '^'}${classes}]`, length: 2 }
  }
  const property = propertyAt(rest)
  if (property !== undefined) {
    return {
      source: property.isUnicode ? property.source : `[${property.negated ? '^' : ''}${property.source}]`,
      length: property.length,
    }
  }
  switch (next) {
    case 'A':
      return { source: '(?<![\\s\\S])', length: 2 }
    case 'z':
      return { source: '(?![\\s\\S])', length: 2 }
    case 'Z':
      return { source: '(?=\\n?(?![\\s\\S]))', length: 2 }
    case 'R':
      return { source: '(?:\\r\\n|[\\n\\x0B\\f\\r\\x85\\u2028\\u2029])', length: 2 }
    case 'b':
    case 'B':
      return { source: `\\${next}`, length: 2 }
    case 'k': {
      const name = /^\\k<[a-zA-Z][a-zA-Z0-9]*>/.exec(rest)
      return name === null ? unsupported(`\\${next}`) : { source: name[0], length: name[0].length }
    }
  }
  const back = /^\\[1-9]\d*/.exec(rest)
  if (back !== null) return { source: back[0], length: back[0].length }
  return /[a-zA-Z]/.test(next) ? unsupported(`\\${next}`) : { source: escapeAll(next), length: 2 }
}

/** Escapes that mean one character, inside and outside of classes. */
function escapedCharacter(rest: string): Piece | undefined {
  const next = rest[1] ?? ''
  const simple = SIMPLE[next]
  if (simple !== undefined) return { source: simple, length: 2 }
  const hex = /^\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|x\{([0-9a-fA-F]+)\})/.exec(rest)
  if (hex !== null) {
    const code = Number.parseInt(hex[1] ?? hex[2] ?? hex[3] ?? '0', 16)
    return { source: `\\u{${code.toString(16)}}`, length: hex[0].length }
  }
  const octal = /^\\0([0-3]?[0-7]{1,2})/.exec(rest)
  if (octal !== null)
    return { source: `\\u{${Number.parseInt(octal[1] ?? '0', 8).toString(16)}}`, length: octal[0].length }
  return undefined
}

function propertyAt(
  rest: string,
): { source: string; negated: boolean; isUnicode: boolean; length: number } | undefined {
  const found = /^\\([pP])(?:\{([A-Za-z_=]+)\}|([A-Z]))/.exec(rest)
  if (found === null) return undefined
  const name = (found[2] ?? found[3] ?? '').replace(/^Is(?=[A-Z])/, '')
  const posix = POSIX[name]
  const negated = found[1] === 'P'
  if (posix !== undefined) return { source: posix, negated, isUnicode: false, length: found[0].length }
  return { source: `\\${found[1]}{${scriptName(name)}}`, negated, isUnicode: true, length: found[0].length }
}

const PROPERTY_NAMES = new Set([
  'L',
  'Lu',
  'Ll',
  'Lt',
  'Lm',
  'Lo',
  'M',
  'N',
  'Nd',
  'Nl',
  'No',
  'P',
  'S',
  'Z',
  'C',
  'Alphabetic',
  'Ideographic',
  'Uppercase',
  'Lowercase',
])

function scriptName(name: string): string {
  return PROPERTY_NAMES.has(name) || name.includes('=') ? name : /^[A-Z][a-z]{2,}$/.test(name) ? `Script=${name}` : name
}

function escapeAll(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, (character) => (character === '-' ? '\\u{2d}' : `\\${character}`))
}

function characterClass(rest: string): Piece {
  let index = 1
  let source = '['
  if (rest[index] === '^') {
    source += '^'
    index++
  }
  let first = true
  while (index < rest.length) {
    const character = String.fromCodePoint(rest.codePointAt(index) ?? 0)
    const tail = rest.slice(index)
    if (character === ']' && !first) return { source: `${source}]`, length: index + 1 }
    first = false
    if (tail.startsWith('&&')) return unsupported('intersections of classes')
    if (character === '[') {
      const posix = /^\[:(\^?)(\w+):\]/.exec(tail)
      if (posix === null || posix[1] === '^') return unsupported('classes inside classes')
      source += POSIX[(posix[2] ?? '').replace(/^./, (letter) => letter.toUpperCase())] ?? ''
      index += posix[0].length
      continue
    }
    if (character !== '\\') {
      source += /[/|(){}$.*+?]/.test(character) ? `\\${character}` : character
      index += character.length
      continue
    }
    const piece = insideClass(tail)
    source += piece.source
    index += piece.length
  }
  return invalidArgument(`Invalid regular expression: unclosed character class`)
}

function insideClass(tail: string): Piece {
  const shared = escapedCharacter(tail)
  if (shared !== undefined) return shared
  const next = tail[1] ?? ''
  const classes = CLASSES[next]
  if (classes !== undefined) return { source: classes, length: 2 }
  if (next === 'D' || next === 'W') return { source: `\\${next}`, length: 2 }
  if (next === 'S') return { source: '\\S', length: 2 }
  const property = propertyAt(tail)
  if (property !== undefined) {
    if (!property.isUnicode && property.negated) return unsupported('negated classes inside classes')
    return { source: property.source, length: property.length }
  }
  if (/[a-zA-Z]/.test(next)) return unsupported(`\\${next} inside a class`)
  return { source: next === '-' ? '\\-' : escapeAll(next), length: 2 }
}
