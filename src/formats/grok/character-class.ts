/**
 * Translates a bracketed set of characters from Java's regular expressions into JavaScript's.
 *
 *   class    = "[" [ "^" ] { member } "]"
 *   member   = character | character "-" character | escape | "[:" posix ":]" | class without "^"
 */
import { GrokProblem } from './problem.ts'

const POSIX: Readonly<Record<string, string>> = {
  alnum: 'a-zA-Z0-9',
  alpha: 'a-zA-Z',
  ascii: '\\x00-\\x7f',
  blank: ' \\t',
  cntrl: '\\x00-\\x1f\\x7f',
  digit: '0-9',
  graph: '\\x21-\\x7e',
  lower: 'a-z',
  print: '\\x20-\\x7e',
  punct: '\\x21-\\x2f\\x3a-\\x40\\x5b-\\x60\\x7b-\\x7e',
  space: '\\s',
  upper: 'A-Z',
  word: '\\w',
  xdigit: '0-9a-fA-F',
}

/** Java's escapes for sets; the upper-case letter is the set's complement. */
const SETS: Readonly<Record<string, string>> = {
  d: '0-9',
  w: 'a-zA-Z0-9_',
  s: ' \\t\\n\\x0b\\f\\r',
  h: ' \\t\\xa0\\u1680\\u180e\\u2000-\\u200a\\u202f\\u205f\\u3000',
  v: '\\n\\x0b\\f\\r\\x85\\u2028\\u2029',
}

const CONTROLS: Readonly<Record<string, number>> = { t: 9, n: 10, r: 13, f: 12, a: 7, e: 27 }

export interface Translated {
  readonly source: string
  /** Behind what was translated. */
  readonly end: number
}

/** `start`: of the bracket. Throws GrokProblem. */
export function translateClass(text: string, start: number, ignoreCase: boolean): Translated {
  let at = start + 1
  const isNegated = text[at] === '^'
  if (isNegated) at += 1
  const { members, end } = readMembers(text, at, ignoreCase)
  if (members === '') throw new GrokProblem(`${text.slice(start, end)} is a set without characters`)
  return { source: `[${isNegated ? '^' : ''}${members}]`, end }
}

function readMembers(text: string, start: number, ignoreCase: boolean): { members: string; end: number } {
  let members = ''
  let at = start
  for (;;) {
    const char = text[at]
    if (char === undefined) throw new GrokProblem(`the set ${text.slice(start - 1, start + 30)} has no closing bracket`)
    if (char === ']' && at > start) return { members, end: at + 1 }
    if (text.startsWith('&&', at)) throw new GrokProblem('sets that intersect (&&) are not supported')
    const posix = /^\[:(\w+):\]/.exec(text.slice(at, at + 16))
    if (posix !== null) {
      members += posixSet(posix[1] as string)
      at += posix[0].length
    } else if (char === '[') {
      if (text[at + 1] === '^') throw new GrokProblem('a negated set within a set is not supported')
      const inner = readMembers(text, at + 1, ignoreCase)
      members += inner.members
      at = inner.end
    } else {
      const first = readAtom(text, at)
      const isRange = first.code !== undefined && text[first.end] === '-' && !/[\][]/.test(text[first.end + 1] ?? ']')
      const last = isRange ? readAtom(text, first.end + 1) : first
      members += range(first, last, ignoreCase)
      at = last.end
    }
  }
}

interface Atom {
  /** undefined: a set. */
  readonly code: number | undefined
  readonly source: string
  readonly end: number
}

function range(first: Atom, last: Atom, ignoreCase: boolean): string {
  if (first.code === undefined) return first.source
  if (last.code === undefined) throw new GrokProblem('a range of characters ends in a set')
  if (last.code < first.code) throw new GrokProblem('a range of characters runs backwards')
  const plain = first === last ? classChar(first.code) : `${classChar(first.code)}-${classChar(last.code)}`
  return ignoreCase ? plain + otherCase(first.code, last.code) : plain
}

/** Of the ASCII letters between, as Java's own flag does without UNICODE_CASE. */
function otherCase(first: number, last: number): string {
  const shifted = ([from, to, by]: readonly [number, number, number]) => {
    const [low, high] = [Math.max(first, from), Math.min(last, to)]
    return low > high ? '' : `${classChar(low + by)}-${classChar(high + by)}`
  }
  return shifted([0x41, 0x5a, 32]) + shifted([0x61, 0x7a, -32])
}

function readAtom(text: string, at: number): Atom {
  if (text[at] === '\\') return readEscape(text, at)
  const code = text.codePointAt(at)
  if (code === undefined) throw new GrokProblem('a set has no closing bracket')
  return { code, source: classChar(code), end: at + (code > 0xffff ? 2 : 1) }
}

/** `at`: of the backslash. An escape that means one character, or a set of them. Throws GrokProblem. */
export function readEscape(text: string, at: number): Atom {
  const char = text[at + 1]
  if (char === undefined) throw new GrokProblem('it ends in a backslash')
  const lower = char.toLowerCase()
  const set = SETS[lower]
  if (set !== undefined) return { code: undefined, source: setSource(char, set), end: at + 2 }
  const control = CONTROLS[char]
  if (control !== undefined) return one(control, at + 2)
  const hex = /^\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|x\{([0-9a-fA-F]{1,6})\})/.exec(text.slice(at, at + 10))
  if (hex !== null) {
    const code = Number.parseInt(hex[1] ?? hex[2] ?? (hex[3] as string), 16)
    if (code > 0x10ffff) throw new GrokProblem(`${hex[0]} is no character`)
    return one(code, at + hex[0].length)
  }
  const octal = /^\\0([0-7]{1,3})/.exec(text.slice(at, at + 5))
  if (octal !== null) return one(Number.parseInt(octal[1] as string, 8), at + octal[0].length)
  if (lower === 'p') return readProperty(text, at)
  if (/[a-zA-Z0-9]/.test(char)) throw new GrokProblem(`the escape \\${char} is not supported`)
  const code = text.codePointAt(at + 1) as number
  return one(code, at + 1 + (code > 0xffff ? 2 : 1))
}

/** Within a class a complement cannot be spelled out, and need not be: JavaScript's own letters do for all but blanks. */
function setSource(char: string, set: string): string {
  if (char === char.toLowerCase()) return set
  if (char === 'D' || char === 'W' || char === 'S') return `\\${char}`
  throw new GrokProblem(`the escape \\${char} is not supported`)
}

function readProperty(text: string, at: number): Atom {
  const property = /^\\([pP])(?:\{\^?(\w+)\}|([A-Z]))/.exec(text.slice(at, at + 40))
  if (property === null) throw new GrokProblem(`${text.slice(at, at + 10)} names no set of characters`)
  const [whole, letter, long, short] = property
  const name = (long ?? short) as string
  const posix = POSIX[name.toLowerCase()]
  if (posix !== undefined && letter === 'p') return { code: undefined, source: posix, end: at + whole.length }
  const unicode = name.replace(/^Is/, '')
  const source = `\\${letter}{${unicode}}`
  try {
    new RegExp(source, 'u')
  } catch {
    throw new GrokProblem(`${whole} is not a set of characters that is supported`)
  }
  return { code: undefined, source, end: at + whole.length }
}

function posixSet(name: string): string {
  const set = POSIX[name.toLowerCase()]
  if (set === undefined) throw new GrokProblem(`[:${name}:] is not a set of characters`)
  return set
}

function one(code: number, end: number): Atom {
  return { code, source: classChar(code), end }
}

function classChar(code: number): string {
  const char = String.fromCodePoint(code)
  if (/[\w ]/.test(char)) return char
  return code > 0xffff ? `\\u{${code.toString(16)}}` : `\\u${code.toString(16).padStart(4, '0')}`
}
