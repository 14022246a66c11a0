/** Text, by code points. */
import { escapeComplaint } from '../../print/like.ts'
import { invalidArgument, type JsFunction, js } from './define.ts'

const PAD_LENGTH_MAX = 2_147_483_647n
const LONGEST_TEXT = 1_048_576

function pad(text: string, length: bigint, filler: string, atStart: boolean): string {
  if (length < 0n || length > PAD_LENGTH_MAX)
    invalidArgument(`Target length must be in the range [0..${PAD_LENGTH_MAX}]`)
  if (filler === '') invalidArgument('Padding string must not be empty')
  const characters = [...text]
  const missing = Number(length) - characters.length
  if (missing <= 0) return characters.slice(0, Number(length)).join('')
  if (missing > LONGEST_TEXT) return invalidArgument(`Padding would give a text longer than ${LONGEST_TEXT} characters`)
  const unit = [...filler]
  const padding = Array.from({ length: missing }, (_, index) => unit[index % unit.length]).join('')
  return atStart ? padding + text : text + padding
}

function padBytes(bytes: Uint8Array, length: bigint, filler: Uint8Array, atStart: boolean): Uint8Array {
  if (length < 0n || length > PAD_LENGTH_MAX)
    invalidArgument(`Target length must be in the range [0..${PAD_LENGTH_MAX}]`)
  if (filler.length === 0) invalidArgument('Padding bytes must not be empty')
  const missing = Number(length) - bytes.length
  if (missing <= 0) return bytes.slice(0, Number(length))
  const padding = Buffer.alloc(missing, filler)
  return Buffer.concat(atStart ? [padding, bytes] : [bytes, padding])
}

function split(text: string, delimiter: string): string[] {
  if (delimiter === '') invalidArgument('The delimiter may not be the empty string')
  return text.split(delimiter)
}

function splitLimited(text: string, delimiter: string, limit: bigint): string[] {
  if (limit <= 0n) invalidArgument('Limit must be positive')
  if (limit > 2_147_483_647n) invalidArgument('Limit is too large')
  const parts = split(text, delimiter)
  if (BigInt(parts.length) <= limit) return parts
  const kept = parts.slice(0, Number(limit) - 1)
  return [...kept, parts.slice(Number(limit) - 1).join(delimiter)]
}

function entries(text: string, entryDelimiter: string, keyDelimiter: string): { key: string; value: string }[] {
  if (entryDelimiter === '') invalidArgument('entryDelimiter is empty')
  if (keyDelimiter === '') invalidArgument('keyValueDelimiter is empty')
  if (entryDelimiter === keyDelimiter) invalidArgument('entryDelimiter and keyValueDelimiter must not be the same')
  const parts = text.split(entryDelimiter)
  // Nothing after the last delimiter is no entry.
  if (parts.at(-1) === '') parts.pop()
  return parts.map((part) => {
    const at = part.indexOf(keyDelimiter)
    const extra = at >= 0 && part.includes(keyDelimiter, at + keyDelimiter.length)
    if (at < 0 || extra) {
      invalidArgument(`Key-value delimiter must appear exactly once in each entry. Bad input: '${part}'`)
    }
    return { key: part.slice(0, at), value: part.slice(at + keyDelimiter.length) }
  })
}

function splitToMap(text: string, entryDelimiter: string, keyDelimiter: string) {
  const seen = new Set<string>()
  const found = entries(text, entryDelimiter, keyDelimiter)
  for (const { key } of found) {
    if (seen.has(key)) invalidArgument(`Duplicate keys (${key}) are not allowed`)
    seen.add(key)
  }
  return found
}

function splitToMultimap(text: string, entryDelimiter: string, keyDelimiter: string) {
  const lists = new Map<string, string[]>()
  for (const { key, value } of entries(text, entryDelimiter, keyDelimiter)) {
    const list = lists.get(key)
    if (list === undefined) lists.set(key, [value])
    else list.push(value)
  }
  return [...lists].map(([key, value]) => ({ key, value }))
}

function hamming(left: string, right: string): bigint {
  const [a, b] = [[...left], [...right]]
  if (a.length !== b.length)
    return invalidArgument('The input strings to hamming_distance function must have the same length')
  return BigInt(a.filter((character, index) => character !== b[index]).length)
}

const LEVENSHTEIN_PAIRS_MAX = 1_000_000

function levenshtein(left: string, right: string): bigint {
  const [a, b] = [[...left], [...right]]
  if (a.length * b.length > LEVENSHTEIN_PAIRS_MAX) {
    return invalidArgument(
      `The combined inputs size exceeded max Levenshtein distance combined input size, please use a smaller input size`,
    )
  }
  let row = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (const [i, character] of a.entries()) {
    const next = [i + 1]
    for (const [j, other] of b.entries()) {
      next.push(Math.min((next[j] ?? 0) + 1, (row[j + 1] ?? 0) + 1, (row[j] ?? 0) + (character === other ? 0 : 1)))
    }
    row = next
  }
  return BigInt(row.at(-1) ?? 0)
}

function luhn(text: string): boolean {
  if (!/^\d*$/.test(text)) invalidArgument('All characters in the string must be digits')
  if (text === '') return false
  const sum = [...text].reverse().reduce((total, digit, index) => {
    const doubled = Number(digit) * (index % 2 === 1 ? 2 : 1)
    return total + (doubled > 9 ? doubled - 9 : doubled)
  }, 0)
  return sum % 10 === 0
}

const SOUNDEX_CODES = '01230120022455012623010202'
const SOUNDEX_LENGTH = 4

function soundex(text: string): string {
  const letters = text.toUpperCase()
  if (letters === '') return ''
  const strange = [...text].find((letter) => !/[\x00-\x7f]/.test(letter))
  if (strange !== undefined)
    invalidArgument(`The character is not mapped: ${strange} (index=${(strange.codePointAt(0) ?? 0) - 65})`)
  const known = letters.replace(/[^A-Z]/g, '')
  if (known === '') return ''
  let result = known[0] ?? ''
  let last = codeOf(known[0])
  for (const letter of known.slice(1)) {
    // H and W do not part equal codes.
    if (letter === 'H' || letter === 'W') continue
    const code = codeOf(letter)
    if (code !== '0' && code !== last) result += code
    last = code
    if (result.length === SOUNDEX_LENGTH) break
  }
  return result.padEnd(SOUNDEX_LENGTH, '0')
}

function codeOf(letter: string | undefined): string {
  return SOUNDEX_CODES[(letter?.charCodeAt(0) ?? 65) - 65] ?? '0'
}

function translate(text: string, from: string, to: string): string {
  const targets = [...to]
  const table = new Map<string, string>()
  for (const [index, character] of [...from].entries()) {
    if (!table.has(character)) table.set(character, targets[index] ?? '')
  }
  return [...text].map((character) => table.get(character) ?? character).join('')
}

const NORMAL_FORMS = ['NFC', 'NFD', 'NFKC', 'NFKD']

function strposNth(text: string, part: string, instance: bigint): bigint {
  if (instance === 0n) return invalidArgument("'instance' must not be a zero value.")
  if (part === '') return 1n
  const characterAt = (index: number) => BigInt([...text.slice(0, index)].length + 1)
  let at = instance > 0n ? -1 : text.length
  for (let left = instance < 0n ? -instance : instance; left > 0n; left--) {
    at = instance > 0n ? text.indexOf(part, at + 1) : at === 0 ? -1 : text.lastIndexOf(part, at - 1)
    if (at < 0) return 0n
  }
  return characterAt(at)
}

function substringBytes(bytes: Uint8Array, start: bigint, length: bigint): Uint8Array {
  const total = BigInt(bytes.length)
  if (start === 0n || length <= 0n || total === 0n) return new Uint8Array()
  const from = start > 0n ? start - 1n : total + start
  if (from < 0n || from >= total) return new Uint8Array()
  return bytes.slice(Number(from), Number(from + length > total ? total : from + length))
}

function like(text: string, pattern: string, escapeText: string | undefined): boolean {
  const complaint = escapeText === undefined ? undefined : escapeComplaint(pattern, escapeText)
  if (complaint !== undefined) invalidArgument(complaint)
  const characters = [...pattern]
  let source = ''
  for (let index = 0; index < characters.length; index++) {
    const character = characters[index] ?? ''
    if (character === escapeText) source += quotedForRegExp(characters[++index] ?? '')
    else source += character === '%' ? '.*' : character === '_' ? '.' : quotedForRegExp(character)
  }
  return new RegExp(`^${source}$`, 'su').test(text)
}

function quotedForRegExp(character: string): string {
  return character.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')
}

const SUFFIXES = ['', 'K', 'M', 'B', 'T', 'Q']

/** `1.23M`: three digits at most. */
function formatNumber(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'NaN' : value > 0 ? 'Infinity' : '-Infinity'
  let magnitude = Math.abs(value)
  let index = 0
  while (magnitude >= 1000 && index < SUFFIXES.length - 1) {
    magnitude /= 1000
    index++
  }
  const digits = magnitude < 10 ? 2 : magnitude < 100 ? 1 : 0
  const text =
    index === 0 && digits > 0 ? trimmedZeros(magnitude.toFixed(digits)) : trimmedZeros(magnitude.toFixed(digits))
  return `${value < 0 ? '-' : ''}${text}${SUFFIXES[index]}`
}

function trimmedZeros(text: string): string {
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text
}

/** Simple case mapping, one code point to one, as the language does it. */
function mapped(text: string, map: (character: string) => string): string {
  return [...text]
    .map((character) => {
      const other = map(character)
      return [...other].length === 1 ? other : character
    })
    .join('')
}

export const textFunctions: readonly JsFunction[] = [
  js('js_like', ['VARCHAR', 'VARCHAR', 'VARCHAR'], 'BOOLEAN', like),
  js('js_upper', ['VARCHAR'], 'VARCHAR', (text) =>
    /^[\x00-\x7f]*$/.test(text) ? text.toUpperCase() : mapped(text, (character) => character.toUpperCase()),
  ),
  js('js_reverse', ['VARCHAR'], 'VARCHAR', (text) => [...text].reverse().join('')),
  js('js_reverse_bytes', ['BLOB'], 'BLOB', (bytes) => Uint8Array.from(bytes).reverse()),
  js('js_lpad', ['VARCHAR', 'BIGINT', 'VARCHAR'], 'VARCHAR', (text, length, filler) => pad(text, length, filler, true)),
  js('js_rpad', ['VARCHAR', 'BIGINT', 'VARCHAR'], 'VARCHAR', (text, length, filler) =>
    pad(text, length, filler, false),
  ),
  js('js_lpad_bytes', ['BLOB', 'BIGINT', 'BLOB'], 'BLOB', (bytes, length, filler) =>
    padBytes(bytes, length, filler, true),
  ),
  js('js_rpad_bytes', ['BLOB', 'BIGINT', 'BLOB'], 'BLOB', (bytes, length, filler) =>
    padBytes(bytes, length, filler, false),
  ),
  js('js_substring_bytes', ['BLOB', 'BIGINT', 'BIGINT'], 'BLOB', substringBytes),
  js('js_split', ['VARCHAR', 'VARCHAR'], 'VARCHAR[]', split),
  js('js_split_any', ['VARCHAR', 'VARCHAR'], 'VARCHAR[]', (text, delimiter) =>
    delimiter === '' ? [...text] : text.split(delimiter),
  ),
  js('js_split_limited', ['VARCHAR', 'VARCHAR', 'BIGINT'], 'VARCHAR[]', splitLimited),
  js('js_split_to_map', ['VARCHAR', 'VARCHAR', 'VARCHAR'], 'STRUCT(key VARCHAR, "value" VARCHAR)[]', splitToMap),
  js(
    'js_split_to_multimap',
    ['VARCHAR', 'VARCHAR', 'VARCHAR'],
    'STRUCT(key VARCHAR, "value" VARCHAR[])[]',
    splitToMultimap,
  ),
  js('js_replace', ['VARCHAR', 'VARCHAR', 'VARCHAR'], 'VARCHAR', (text, search, replacement) =>
    search === ''
      ? [...text].map((character) => replacement + character).join('') + replacement
      : text.replaceAll(search, () => replacement),
  ),
  js('js_strpos', ['VARCHAR', 'VARCHAR', 'BIGINT'], 'BIGINT', strposNth),
  js('js_chr', ['BIGINT'], 'VARCHAR', (code) => {
    if (code < 0n || code > 0x10ffffn || (code >= 0xd800n && code <= 0xdfffn)) {
      return invalidArgument(`Not a valid Unicode code point: ${code}`)
    }
    return String.fromCodePoint(Number(code))
  }),
  js('js_codepoint', ['VARCHAR'], 'INTEGER', (text) => {
    const characters = [...text]
    if (characters.length !== 1) return invalidArgument('Input string must be a single character string')
    return characters[0]?.codePointAt(0) ?? null
  }),
  js('js_hamming_distance', ['VARCHAR', 'VARCHAR'], 'BIGINT', hamming),
  js('js_levenshtein_distance', ['VARCHAR', 'VARCHAR'], 'BIGINT', levenshtein),
  js('js_luhn_check', ['VARCHAR'], 'BOOLEAN', luhn),
  js('js_soundex', ['VARCHAR'], 'VARCHAR', soundex),
  js('js_translate', ['VARCHAR', 'VARCHAR', 'VARCHAR'], 'VARCHAR', translate),
  js('js_normalize', ['VARCHAR', 'VARCHAR'], 'VARCHAR', (text, form) => {
    if (!NORMAL_FORMS.includes(form)) return invalidArgument(`Normalization form must be one of [NFD, NFC, NFKD, NFKC]`)
    return text.normalize(form)
  }),
  js('js_char2hexint', ['VARCHAR'], 'VARCHAR', (text) =>
    [...Buffer.from(text, 'utf16le').swap16()].map((byte) => byte.toString(16).toUpperCase().padStart(2, '0')).join(''),
  ),
  js('js_format_number', ['DOUBLE'], 'VARCHAR', formatNumber),
  js('js_code_point_text', ['BIGINT'], 'VARCHAR', (code) => {
    if (code < 0n || code > 0x10ffffn || (code >= 0xd800n && code <= 0xdfffn)) {
      return invalidArgument('Invalid replacement character')
    }
    return String.fromCodePoint(Number(code))
  }),
  js('js_from_utf8', ['BLOB', 'VARCHAR'], 'VARCHAR', (bytes, replacement) => {
    if ([...replacement].length > 1)
      return invalidArgument('Replacement character string must empty or a single character')
    return fixedUtf8(bytes, replacement)
  }),
]

/** Text of bytes; each byte sequence that is not UTF-8 becomes one replacement. */
function fixedUtf8(bytes: Uint8Array, replacement: string): string {
  const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
  try {
    return strict.decode(bytes)
  } catch {
    const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes)
    return text.replaceAll('\uFFFD', () => replacement)
  }
}
