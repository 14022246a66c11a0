/**
 * Pages of a result, read back from its object (D5). A page's token is the place in the object where the next begins,
 * so a page in the middle of a million rows costs as little as the first.
 */
import type { ObjectStore, ObjectVersion } from '../objects/object-store.ts'
import { isRefusal } from '../platform/refusal.ts'
import type { DataAccess } from './data-access.ts'
import type { Execution, ResultForm } from './execution.ts'
import { refuse } from './refusal.ts'
import { parseS3Location } from './s3-location.ts'

/** null: NULL, which is not the empty string. */
export type ResultRow = readonly (string | null)[]

export interface ResultPage {
  readonly rows: readonly ResultRow[]
  readonly nextToken: string | undefined
}

export interface PageRequest {
  readonly nextToken?: string
  readonly limit: number
  readonly access?: DataAccess
}

export const PAGE_ROWS_MAX = 1_000
/** Read at once; a page of long rows reads several. */
const CHUNK_BYTES = 256 * 1024

/** The first page begins with the header row, which counts. A full page always has a token, even when nothing follows. */
export async function resultPage(
  objects: ObjectStore,
  execution: Execution,
  { nextToken: token, limit, access }: PageRequest,
): Promise<ResultPage> {
  if (execution.result?.form.kind === 'none') return { rows: [], nextToken: undefined }
  const start = token === undefined ? 0 : offsetOf(execution.id, token)
  const version = await resultObject(objects, execution)
  const denial = access?.bucket(version.bucket)?.read(version)
  if (denial !== undefined) throw refuse('accessDenied', denial)
  if (start > version.size) throw malformedToken(token ?? '')
  const form = execution.result?.form ?? { kind: 'text', hasHeader: false }
  const splitter = form.kind === 'csv' ? new CsvSplitter() : new LineSplitter()
  const rows: ResultRow[] = []
  let end = start
  for await (const { row, offset } of rowsFrom(objects, version, start, splitter)) {
    rows.push(row)
    end = offset
    if (rows.length === limit) break
  }
  return { rows, nextToken: rows.length === limit ? tokenOf(execution.id, end) : undefined }
}

/** Whether the first row of the first page names the columns. */
export function hasHeader(form: ResultForm): boolean {
  return form.kind === 'csv' || (form.kind === 'text' && form.hasHeader)
}

async function resultObject(objects: ObjectStore, execution: Execution): Promise<ObjectVersion> {
  const location = parseS3Location(execution.outputLocation)
  if (location === undefined) throw refuse('resultNotFound', 'Could not find results')
  try {
    return await objects.head(location)
  } catch (error) {
    if (isRefusal(error)) throw refuse('resultNotFound', 'Could not find results')
    throw error
  }
}

interface Splitter {
  /** Rows that are complete with these bytes, each with how many bytes of all pushed so far it ends at. */
  push(bytes: Buffer): { row: ResultRow; end: number }[]
  /** The row that the object ended in, if any. */
  finish(): ResultRow | undefined
}

async function* rowsFrom(
  objects: ObjectStore,
  version: ObjectVersion,
  start: number,
  splitter: Splitter,
): AsyncGenerator<{ row: ResultRow; offset: number }> {
  for (let from = start; from < version.size; from += CHUNK_BYTES) {
    const end = Math.min(from + CHUNK_BYTES, version.size) - 1
    for await (const bytes of objects.read(version, { start: from, end })) {
      for (const found of splitter.push(Buffer.from(bytes))) yield { row: found.row, offset: start + found.end }
    }
  }
  const last = splitter.finish()
  if (last !== undefined) yield { row: last, offset: version.size }
}

const QUOTE = 0x22
const COMMA = 0x2c
const NEWLINE = 0x0a

/** Every value is quoted and NULL is bare, so a field's first byte says which it is. */
export class CsvSplitter implements Splitter {
  #pending: Buffer = Buffer.alloc(0)
  #consumed = 0

  push(bytes: Buffer): { row: ResultRow; end: number }[] {
    const buffer = this.#pending.byteLength === 0 ? bytes : Buffer.concat([this.#pending, bytes])
    const rows: { row: ResultRow; end: number }[] = []
    let rowStart = 0
    let row: (string | null)[] = []
    let at = 0
    for (;;) {
      let value: string | null = null
      if (buffer[at] === QUOTE) {
        const close = closingQuote(buffer, at + 1)
        // A quote at the very end may be the first half of a doubled one.
        if (close === undefined || close + 1 >= buffer.byteLength) break
        const text = buffer.toString('utf8', at + 1, close)
        value = text.includes('"') ? text.replaceAll('""', '"') : text
        at = close + 1
      }
      const separator = buffer[at]
      if (separator === undefined) break
      row.push(value)
      at++
      if (separator === COMMA) continue
      if (separator !== NEWLINE) throw refuse('resultNotFound', 'Could not find results')
      rows.push({ row, end: this.#consumed + at })
      row = []
      rowStart = at
    }
    this.#pending = buffer.subarray(rowStart)
    this.#consumed += rowStart
    return rows
  }

  finish(): undefined {
    return undefined
  }
}

function closingQuote(buffer: Buffer, from: number): number | undefined {
  let at = from
  for (;;) {
    const quote = buffer.indexOf(QUOTE, at)
    if (quote < 0) return undefined
    if (buffer[quote + 1] !== QUOTE) return quote
    at = quote + 2
  }
}

/** One value a line; the last line has no newline. */
export class LineSplitter implements Splitter {
  #pending: Buffer = Buffer.alloc(0)
  #consumed = 0
  #any = false

  push(bytes: Buffer): { row: ResultRow; end: number }[] {
    this.#any = true
    const buffer = this.#pending.byteLength === 0 ? bytes : Buffer.concat([this.#pending, bytes])
    const rows: { row: ResultRow; end: number }[] = []
    let start = 0
    for (;;) {
      const newline = buffer.indexOf(NEWLINE, start)
      if (newline < 0) break
      rows.push({ row: [buffer.toString('utf8', start, newline)], end: this.#consumed + newline + 1 })
      start = newline + 1
    }
    this.#pending = buffer.subarray(start)
    this.#consumed += start
    return rows
  }

  finish(): ResultRow | undefined {
    return this.#any ? [this.#pending.toString('utf8')] : undefined
  }
}

function tokenOf(executionId: string, offset: number): string {
  return Buffer.from(`${executionId}:${offset}`).toString('base64url')
}

function offsetOf(executionId: string, token: string): number {
  const [id, offset] = Buffer.from(token, 'base64url').toString('utf8').split(':')
  if (id !== executionId || offset === undefined || !/^\d{1,15}$/.test(offset)) throw malformedToken(token)
  return Number(offset)
}

function malformedToken(token: string) {
  return refuse('invalidInput', `Malformed nextPageToken ${token}`)
}
