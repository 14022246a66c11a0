/** The columns of text, be it JSON or delimited: reads as much of a beginning as it takes to know. */
import { isUtf8 } from 'node:buffer'
import { csvSchema } from './csv/schema.ts'
import type { InferredField } from './inferred-type.ts'
import { type JsonScan, scanJson } from './json/scan.ts'
import { jsonSchema } from './json/schema.ts'
import type { Prefix } from './prefix.ts'

export interface TextSchema {
  readonly format: 'json' | 'csv'
  readonly columns: readonly InferredField[]
  /** JSON: top-level names as written. */
  readonly paths?: readonly string[]
  readonly csv?: { readonly delimiter: string; readonly hasHeader: boolean }
  readonly records: number
  /** Bytes that the records take. */
  readonly consumed: number
  readonly notes: readonly string[]
}

/** AWS reads the first MB, and one MB more at a time while not even one JSON document has ended, up to 10. */
export const SAMPLE_BYTES_STEP = 1_000_000
export const SAMPLE_BYTES_MAX = 10_000_000

const BYTE_ORDER_MARK = Buffer.from([0xef, 0xbb, 0xbf])

/** `isAllThere`: where the stream ends, the file ends. Answers with the reason when the text is neither JSON nor CSV. */
export async function textSchema(text: Prefix, isAllThere: boolean): Promise<TextSchema | { reason: string }> {
  const first = await text.upTo(SAMPLE_BYTES_STEP)
  const mark = first.indexOf(BYTE_ORDER_MARK) === 0 ? BYTE_ORDER_MARK.length : 0
  const opening = first.toString('utf8', mark, mark + 1000).trimStart()[0]
  if (opening === undefined) return { reason: 'it is empty' }
  if (!isText(first)) return { reason: 'its bytes are neither text in UTF-8 nor a format with a known signature' }
  if (opening === '<') return { reason: 'it is markup (XML or HTML), which is not read' }

  const opensDocument = opening === '{' || opening === '['
  const scan = await scanGrowing(text, {
    mark,
    isAllThere,
    lengthMax: opensDocument ? SAMPLE_BYTES_MAX : SAMPLE_BYTES_STEP,
  })
  const json = jsonSchema(scan)
  if (scan.documents.length > 0 && !('reason' in json)) {
    return { format: 'json', ...json, records: scan.documents.length, consumed: scan.consumed + mark }
  }
  if (opensDocument) return { reason: reasonOf(scan, json) }

  const isWhole = isAllThere && (await text.endsWithin(SAMPLE_BYTES_STEP))
  const csv = csvSchema(first.toString('utf8', mark), isWhole)
  if (csv === undefined)
    return { reason: 'it is neither JSON nor delimited text with at least two columns and two rows' }
  const { columns, records, consumed, notes, ...layout } = csv
  return { format: 'csv', columns, csv: layout, records, consumed: consumed + mark, notes }
}

interface Growth {
  readonly mark: number
  readonly isAllThere: boolean
  readonly lengthMax: number
}

async function scanGrowing(text: Prefix, { mark, isAllThere, lengthMax }: Growth): Promise<JsonScan> {
  for (let length = SAMPLE_BYTES_STEP; ; length += SAMPLE_BYTES_STEP) {
    const isEnd = await text.endsWithin(length)
    const scan = scanJson((await text.upTo(length)).subarray(mark), isEnd && isAllThere)
    if (scan.documents.length > 0 || isEnd || length >= lengthMax) return scan
  }
}

function reasonOf({ documents, malformed }: JsonScan, json: ReturnType<typeof jsonSchema>): string {
  if (documents.length > 0 && 'reason' in json) return json.reason
  return malformed > 0
    ? 'it begins like JSON but no document in it is well-formed'
    : `it begins like JSON but no document ends within the first ${SAMPLE_BYTES_MAX} bytes`
}

/** A character may be cut in two where the sample ends: up to three bytes of it do not count. */
function isText(bytes: Buffer): boolean {
  if (bytes.includes(0)) return false
  for (let cut = 0; cut <= 3 && cut <= bytes.length; cut++) {
    if (isUtf8(bytes.subarray(0, bytes.length - cut))) return true
  }
  return false
}
