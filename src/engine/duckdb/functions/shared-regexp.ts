/**
 * Constant patterns that DuckDB's own engine (RE2) reads as Java does. Everything else (look-around, back references,
 * possessive quantifiers, classes inside classes …) is left to the slower engine that knows them.
 */

export interface SharedPattern {
  /** For RE2. */
  readonly source: string
  /** Every capturing group takes part in every match. */
  readonly groupsAlwaysMatch: boolean
}

/** RE2 refuses more repetitions than this. */
const REPETITIONS_MAX = 1000
const SPACE = ' \\t\\n\\x0B\\f\\r'

/** `anywhere`: only whether it matches counts, so `$` may swallow a last line feed. undefined: not shared. */
export function sharedPattern(pattern: string, anywhere: boolean): SharedPattern | undefined {
  let rest = pattern
  let source = ''
  let optional = false
  let previous = ''
  if (rest.startsWith('(?i)')) {
    source = '(?i)'
    rest = rest.slice(4)
  }
  while (rest !== '') {
    const piece = pieceOf(rest, previous, anywhere)
    if (piece === undefined) return undefined
    source += piece.source
    previous = piece.kind
    optional ||= piece.kind === 'alternative' || piece.makesGroupOptional
    rest = rest.slice(piece.length)
  }
  return { source, groupsAlwaysMatch: !optional }
}

interface Piece {
  readonly source: string
  readonly length: number
  readonly kind: string
  readonly makesGroupOptional: boolean
}

function piece(source: string, length: number, kind: string, makesGroupOptional = false): Piece {
  return { source, length, kind, makesGroupOptional }
}

function pieceOf(rest: string, previous: string, anywhere: boolean): Piece | undefined {
  const quantifier = /^(?:[*+?]|\{(\d+)(?:,(\d*))?\})\??/.exec(rest)
  if (quantifier !== null) {
    const counts = [Number(quantifier[1] ?? 0), Number(quantifier[2] || 0)]
    const countable =
      ['character', 'class', 'close'].includes(previous) && counts.every((count) => count <= REPETITIONS_MAX)
    const possessive = rest[quantifier[0].length] === '+'
    if (!countable || possessive) return undefined
    return piece(quantifier[0], quantifier[0].length, 'quantifier', previous === 'close')
  }
  switch (rest[0]) {
    case '.':
      return piece('.', 1, 'character')
    case '^':
      return piece('\\A', 1, 'anchor')
    case '$':
      return anywhere && rest.length === 1 ? piece('\\n?\\z', 1, 'anchor') : undefined
    case '|':
      return piece('|', 1, 'alternative')
    case ')':
      return piece(')', 1, 'close')
    case '(': {
      const opening = /^\((?:\?:|(?!\?))/.exec(rest)
      return opening === null ? undefined : piece(opening[0], opening[0].length, 'open')
    }
    case '[':
      return classOf(rest)
    case '\\':
      return escapeOf(rest)
    case '{':
    case '}':
    case ']':
      return undefined
    default: {
      const character = String.fromCodePoint(rest.codePointAt(0) ?? 0)
      return piece(character, character.length, 'character')
    }
  }
}

function escapeOf(rest: string): Piece | undefined {
  const next = rest[1] ?? ''
  if ('dDwW'.includes(next) && next !== '') return piece(`\\${next}`, 2, 'class')
  if (next === 's') return piece(`[${SPACE}]`, 2, 'class')
  if (next === 'S') return piece(`[^${SPACE}]`, 2, 'class')
  if ('tnrf'.includes(next) && next !== '') return piece(`\\${next}`, 2, 'character')
  return /^[!-/:-@[-`{-~]$/.test(next) ? piece(`\\${next}`, 2, 'character') : undefined
}

function classOf(rest: string): Piece | undefined {
  const found = /^\[\^?(?:[^\\[\]&]|\\[dwstnrf!-/:-@[-`{-~])+\]/.exec(rest)
  if (found === null) return undefined
  return piece(found[0].replaceAll('\\s', SPACE), found[0].length, 'class')
}
