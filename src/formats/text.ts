/** A file of text as the classifiers see it: its beginning, and more where that is not enough. */
import { isUtf8 } from 'node:buffer'
import type { Layout } from './file-schema.ts'
import type { InferredField } from './inferred-type.ts'
import type { Prefix } from './prefix.ts'

/** AWS reads the first MB, and more, up to 10, while not even one record has ended. */
export const SAMPLE_BYTES_STEP = 1_000_000
export const SAMPLE_BYTES_MAX = 10_000_000

export interface Text {
  readonly bytes: Prefix
  /** Bytes of the byte order mark, which is no part of the text. */
  readonly mark: number
  /** The first MB, behind the mark. */
  readonly first: string
  /** Where the stream ends, the file ends. */
  readonly isAllThere: boolean
  /** The file ends within the first MB. */
  readonly isWhole: boolean
}

export interface TextSchema {
  readonly classification: string
  readonly layout: Layout
  readonly columns: readonly InferredField[]
  readonly records: number
  /** Bytes that the records take. */
  readonly consumed: number
  readonly notes: readonly string[]
}

/** What one classifier makes of a text. */
export type Verdict =
  | { readonly certainty: number; readonly schema: TextSchema }
  /** Not at all; `reason` without the name of the classifier. */
  | { readonly certainty: 0; readonly reason: string }

export interface TextClassifier {
  readonly name: string
  readonly classify: (text: Text) => Promise<Verdict> | Verdict
}

export function no(reason: string): Verdict {
  return { certainty: 0, reason }
}

const BYTE_ORDER_MARK = Buffer.from([0xef, 0xbb, 0xbf])

/** Answers with the reason where the bytes are no text that is read. */
export async function readText(bytes: Prefix, isAllThere: boolean): Promise<Text | { reason: string }> {
  const first = await bytes.upTo(SAMPLE_BYTES_STEP)
  if (isUtf16(first)) return { reason: 'it is text in UTF-16 or UTF-32, and only UTF-8 is read' }
  const mark = first.indexOf(BYTE_ORDER_MARK) === 0 ? BYTE_ORDER_MARK.length : 0
  const end = characterEnd(first)
  if (end === undefined) return { reason: 'its bytes are neither text in UTF-8 nor a format with a known signature' }
  const text = first.toString('utf8', mark, end)
  if (text.trim() === '') return { reason: 'it is empty' }
  const isWhole = isAllThere && (await bytes.endsWithin(SAMPLE_BYTES_STEP))
  return { bytes, mark, first: text, isAllThere, isWhole }
}

/** By its byte order mark, in either order of bytes. */
function isUtf16(bytes: Buffer): boolean {
  const start = bytes.subarray(0, 4).toString('hex')
  return start.startsWith('fffe') || start.startsWith('feff') || start === '0000feff'
}

/** A character may be cut in two where the sample ends: up to three bytes of it do not count. undefined: no text. */
function characterEnd(bytes: Buffer): number | undefined {
  if (bytes.includes(0)) return undefined
  for (let cut = 0; cut <= 3 && cut <= bytes.length; cut++) {
    if (isUtf8(bytes.subarray(0, bytes.length - cut))) return bytes.length - cut
  }
  return undefined
}

export interface TextLines {
  readonly lines: readonly string[]
  /** Bytes up to the end of the last of them, without the mark. */
  readonly consumed: number
}

/** The first complete lines; the last line of a file is complete without a line end. Blank ones are left out. */
export function firstLines({ first, isWhole }: Text, linesMax: number): TextLines {
  const lines: string[] = []
  let at = 0
  while (at < first.length && lines.length < linesMax) {
    const newline = first.indexOf('\n', at)
    if (newline === -1 && !isWhole) break
    const end = newline === -1 ? first.length : newline
    const line = first.slice(at, end).replace(/\r$/, '')
    if (line.trim() !== '') lines.push(line)
    at = newline === -1 ? end : newline + 1
  }
  return { lines, consumed: Buffer.byteLength(first.slice(0, at)) }
}
