/**
 * Tokens of a partition expression.
 *
 *   word     letters, digits, `_`, `.`; not beginning with a digit      keywords are words
 *            with `-` inside too: a column only where that is the name of a key
 *   column   "…" or `…`                                                a name that is no word: "landing-date"
 *   text     '…' with '' for a quote
 *   number   [-]digits[.digits]
 *   sign     = <> != < > <= >= ( ) ,
 */
export type Token =
  | { readonly kind: 'word' | 'column' | 'text' | 'number' | 'sign'; readonly text: string }
  | { readonly kind: 'end'; readonly text: '' }

const PATTERN =
  /\s+|(?<word>[\p{L}_][\p{L}\p{N}_.]*(?:-[\p{L}\p{N}_.]+)*)|"(?<quoted>(?:[^"]|"")+)"|`(?<ticked>[^`]+)`|'(?<text>(?:[^']|'')*)'|(?<number>[-+]?(?:\d+(?:\.\d*)?|\.\d+)(?![\p{L}\p{N}_]))|(?<sign><>|!=|<=|>=|[=<>(),])/uy

/** undefined when something in it is no token. */
export function tokens(text: string): readonly Token[] | undefined {
  const found: Token[] = []
  PATTERN.lastIndex = 0
  while (PATTERN.lastIndex < text.length) {
    const groups = PATTERN.exec(text)?.groups
    if (groups === undefined) return undefined
    const token = toToken(groups)
    if (token !== undefined) found.push(token)
  }
  return [...found, { kind: 'end', text: '' }]
}

function toToken({ word, quoted, ticked, text, number, sign }: Record<string, string | undefined>): Token | undefined {
  if (word !== undefined) return { kind: 'word', text: word }
  if (quoted !== undefined) return { kind: 'column', text: quoted.replaceAll('""', '"') }
  if (ticked !== undefined) return { kind: 'column', text: ticked }
  if (text !== undefined) return { kind: 'text', text: text.replaceAll("''", "'") }
  if (number !== undefined) return { kind: 'number', text: number }
  return sign === undefined ? undefined : { kind: 'sign', text: sign }
}
