/**
 * Where JSON ends, by the grammar of RFC 8259, without building values. Nothing here calls itself: a million opening
 * brackets are a long list, not a deep stack. Bytes from 0x80 on are taken inside texts as they are.
 */

/** Behind the value that begins at `start`, without blanks before it; -1 when there is no whole value. */
export function valueEnd(bytes: Uint8Array, start: number): number {
  const closers: number[] = []
  let at = start
  for (;;) {
    const first = bytes[at]
    if (first === OPEN_BRACE || first === OPEN_BRACKET) {
      const closer = first === OPEN_BRACE ? CLOSE_BRACE : CLOSE_BRACKET
      at = blanksEnd(bytes, at + 1)
      if (bytes[at] !== closer) {
        closers.push(closer)
        if (closer === CLOSE_BRACE) at = nameEnd(bytes, at)
        if (at === -1) return -1
        continue
      }
      at += 1
    } else {
      at = scalarEnd(bytes, at)
      if (at === -1) return -1
    }
    at = closedEnd(bytes, at, closers)
    if (at === -1 || closers.length === 0) return at
  }
}

/** `at` is behind a value: closes what ends with it. Where the next value begins, or the outermost's end. */
function closedEnd(bytes: Uint8Array, from: number, closers: number[]): number {
  let at = from
  while (closers.length > 0) {
    const closer = closers[closers.length - 1]
    at = blanksEnd(bytes, at)
    const byte = bytes[at]
    at += 1
    if (byte === closer) {
      closers.pop()
      continue
    }
    if (byte !== COMMA) return -1
    at = blanksEnd(bytes, at)
    return closer === CLOSE_BRACE ? nameEnd(bytes, at) : at
  }
  return at
}

/** `at` is where a member's name should be: where its value begins. */
export function nameEnd(bytes: Uint8Array, at: number): number {
  const colonAt = blanksEnd(bytes, textEnd(bytes, at))
  return bytes[colonAt] === COLON ? blanksEnd(bytes, colonAt + 1) : -1
}

export function blanksEnd(bytes: Uint8Array, start: number): number {
  let at = start
  for (;;) {
    const byte = bytes[at] as number
    if (byte > SPACE || (byte !== SPACE && byte !== NEWLINE && byte !== RETURN && byte !== TAB)) return at
    at += 1
  }
}

/** Behind the closing quote of the text that begins at `start`. */
export function textEnd(bytes: Uint8Array, start: number): number {
  if (bytes[start] !== QUOTE) return -1
  const { length } = bytes
  let at = start + 1
  for (;;) {
    // Four at a time is a third faster than one by one.
    while (
      at + 3 < length &&
      ((IS_PLAIN[bytes[at] as number] as number) &
        (IS_PLAIN[bytes[at + 1] as number] as number) &
        (IS_PLAIN[bytes[at + 2] as number] as number) &
        (IS_PLAIN[bytes[at + 3] as number] as number)) ===
        1
    )
      at += 4
    if (at >= length) return -1
    const byte = bytes[at] as number
    if (IS_PLAIN[byte] === 1) {
      at += 1
    } else if (byte === BACKSLASH) {
      at = escapeEnd(bytes, at)
      if (at === -1) return -1
    } else {
      return byte === QUOTE ? at + 1 : -1
    }
  }
}

function escapeEnd(bytes: Uint8Array, start: number): number {
  const letter = bytes[start + 1]
  if (letter !== LETTER_U) return UNESCAPED[letter ?? 0] === 0 ? -1 : start + 2
  for (let digit = 2; digit <= 5; digit++) if (hexDigit(bytes[start + digit]) === -1) return -1
  return start + 6
}

/**
 * The text between two quotes, in UTF-8: `start` is at the first, `end` behind the second, as `textEnd` found it. Half of
 * a surrogate pair becomes U+FFFD. A view when nothing in the text is escaped.
 */
export function unescaped(bytes: Buffer, start: number, end: number): Buffer {
  const raw = bytes.subarray(start + 1, end - 1)
  let at = raw.indexOf(BACKSLASH)
  if (at === -1) return raw
  // No escape is shorter than what it stands for.
  const { length } = raw
  const text = Buffer.allocUnsafe(length)
  let filled = raw.copy(text, 0, 0, at)
  while (at < length) {
    const byte = raw[at] as number
    if (byte !== BACKSLASH) {
      text[filled] = byte
      filled += 1
      at += 1
    } else if (raw[at + 1] !== LETTER_U) {
      text[filled] = UNESCAPED[raw[at + 1] as number] as number
      filled += 1
      at += 2
    } else {
      const character = escapedCharacter(raw, at)
      filled += text.write(character, filled)
      at += 6 * character.length
    }
  }
  return text.subarray(0, filled)
}

/** One code unit, or a pair that belongs together. */
function escapedCharacter(bytes: Buffer, at: number): string {
  const unit = codeUnit(bytes, at)
  const low = codeUnit(bytes, at + 6)
  const isPair = (unit & 0xfc00) === 0xd800 && (low & 0xfc00) === 0xdc00
  return isPair ? String.fromCharCode(unit, low) : String.fromCharCode(unit)
}

/** What `\uXXXX` at `at` stands for; 0 when there is no such escape. */
function codeUnit(bytes: Buffer, at: number): number {
  if (bytes[at] !== BACKSLASH || bytes[at + 1] !== LETTER_U) return 0
  let unit = 0
  for (let digit = 2; digit <= 5; digit++) unit = unit * 16 + hexDigit(bytes[at + digit])
  return unit
}

function scalarEnd(bytes: Uint8Array, at: number): number {
  switch (bytes[at]) {
    case QUOTE:
      return textEnd(bytes, at)
    case 0x74:
      return wordEnd(bytes, at, TRUE)
    case 0x66:
      return wordEnd(bytes, at, FALSE)
    case 0x6e:
      return wordEnd(bytes, at, NULL)
    default:
      return numberEnd(bytes, at)
  }
}

function wordEnd(bytes: Uint8Array, start: number, word: Uint8Array): number {
  for (let index = 0; index < word.length; index++) if (bytes[start + index] !== word[index]) return -1
  return start + word.length
}

function numberEnd(bytes: Uint8Array, start: number): number {
  const first = bytes[start] === MINUS ? start + 1 : start
  // No further digit may follow a leading zero.
  let at = bytes[first] === ZERO ? first + 1 : digitsEnd(bytes, first)
  if (at === first) return -1
  if (bytes[at] === POINT) {
    const fraction = at + 1
    at = digitsEnd(bytes, fraction)
    if (at === fraction) return -1
  }
  if (((bytes[at] ?? 0) | 0x20) !== LETTER_E) return at
  const signed = bytes[at + 1] === MINUS || bytes[at + 1] === PLUS ? at + 2 : at + 1
  at = digitsEnd(bytes, signed)
  return at === signed ? -1 : at
}

function digitsEnd(bytes: Uint8Array, start: number): number {
  let at = start
  while ((bytes[at] as number) >= ZERO && (bytes[at] as number) <= 0x39) at += 1
  return at
}

/** Its value, or -1. */
function hexDigit(byte = 0): number {
  if (byte >= ZERO && byte <= 0x39) return byte - ZERO
  const lower = byte | 0x20
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : -1
}

const [QUOTE, BACKSLASH, COMMA, COLON, POINT, MINUS, PLUS] = [0x22, 0x5c, 0x2c, 0x3a, 0x2e, 0x2d, 0x2b]
const [OPEN_BRACE, CLOSE_BRACE, OPEN_BRACKET, CLOSE_BRACKET] = [0x7b, 0x7d, 0x5b, 0x5d]
const [NEWLINE, RETURN, TAB, SPACE] = [0x0a, 0x0d, 0x09, 0x20]
const [ZERO, LETTER_E, LETTER_U] = [0x30, 0x65, 0x75]
/** 1 for what stands for itself inside a text. */
const IS_PLAIN = Uint8Array.from({ length: 256 }, (_, byte) =>
  byte < SPACE || byte === QUOTE || byte === BACKSLASH ? 0 : 1,
)
/** By the letter behind a backslash, what both stand for; 0 for letters that may not stand there. */
const UNESCAPED = new Uint8Array(256)
for (const [index, letter] of [...Buffer.from('"\\/bfnrt')].entries())
  UNESCAPED[letter] = Buffer.from('"\\/\b\f\n\r\t')[index] as number
const TRUE = Buffer.from('true')
const FALSE = Buffer.from('false')
const NULL = Buffer.from('null')
