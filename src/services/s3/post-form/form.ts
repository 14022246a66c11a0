/**
 * A browser's form as it comes: the fields before the file, and the file itself, streamed. What stands behind the file
 * is ignored, as S3 does.
 */
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { Busboy } from '@fastify/busboy'
import { WireError } from '../../../wire/error.ts'
import type { WireRequest } from '../../../wire/http.ts'
import { invalidArgument } from '../errors.ts'

export interface Form {
  /** By lower-case name; `${filename}` is the file's name already. */
  readonly fields: Readonly<Record<string, string>>
  readonly file: AsyncIterable<Uint8Array>
}

/** Names and values of all fields together. */
export const FIELD_BYTES_MAX = 20_480
const LIMITS = { fieldSize: FIELD_BYTES_MAX, parts: 1000, headerPairs: 50, headerSize: 16 * 1024 }

/** Settles when the file begins. Throws WireError: MalformedPOSTRequest, MaxPostPreDataLengthExceeded, InvalidArgument. */
export function readForm(request: WireRequest): Promise<Form> {
  const parser = parserOf(request)
  const source = new Source(request.body)
  const stop = new AbortController()
  const given = new Map<string, string>()
  let bytes = 0
  return new Promise((resolve, reject) => {
    let file: Readable | undefined
    parser.on('field', (name, value) => {
      bytes += Buffer.byteLength(String(name)) + Buffer.byteLength(value)
      if (bytes >= FIELD_BYTES_MAX && file === undefined) {
        reject(tooMuchBeforeFile())
        return stop.abort()
      }
      addField(given, String(name).toLowerCase(), value)
    })
    parser.on('file', (_name, stream, filename) => {
      if (file !== undefined) return void stream.resume()
      file = stream
      const fields = Object.fromEntries(
        [...given].map(([name, value]) => [name, value.replace(/\$\{filename\}/g, () => filename ?? '')]),
      )
      resolve({ fields, file: readFile(stream, { source, stop }) })
    })
    // The parser also reports what went wrong when nobody listens any more; the pipeline tells all there is to tell.
    parser.on('error', () => undefined)
    pipeline(Readable.from(source), parser, { signal: stop.signal }).then(
      () => reject(invalidArgument('POST requires exactly one file upload per request.', 'file', '0')),
      (error: unknown) => {
        const failure = source.failure ?? malformed(error)
        reject(failure)
        if (!stop.signal.aborted) file?.destroy(failure)
      },
    )
  })
}

function parserOf({ headers }: WireRequest) {
  try {
    return new Busboy({
      headers: { ...headers, 'content-type': headers['content-type'] ?? '' },
      limits: LIMITS,
      isPartAFile: (name, _type, filename) => name?.toLowerCase() === 'file' || filename !== undefined,
    })
  } catch (error) {
    throw malformed(error)
  }
}

/** A name given again replaces what was said before; metadata is joined, as repeated headers are. */
function addField(fields: Map<string, string>, name: string, value: string): void {
  const earlier = fields.get(name)
  fields.set(name, earlier !== undefined && name.startsWith('x-amz-meta-') ? `${earlier},${value}` : value)
}

/** A cut file first fails, then ends like a whole one: so its failure is asked for at its end. */
function readFile(
  stream: Readable,
  { source, stop }: { source: Source; stop: AbortController },
): AsyncIterable<Uint8Array> {
  let failure: Error | undefined
  stream.on('error', (error) => {
    failure ??= source.failure ?? (error instanceof WireError ? error : malformed(error))
  })
  return (async function* () {
    try {
      yield* stream as AsyncIterable<Uint8Array>
    } catch (error) {
      throw failure ?? error
    } finally {
      // Whoever has the whole file, or wants no more of it, needs nothing that comes behind.
      stop.abort()
    }
    if (failure !== undefined) throw failure
  })()
}

/** The request's body, which remembers how it failed: then the form is not to blame. */
class Source implements AsyncIterable<Uint8Array> {
  readonly #body: AsyncIterable<Uint8Array>
  failure: Error | undefined

  constructor(body: AsyncIterable<Uint8Array>) {
    this.#body = body
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array> {
    try {
      yield* this.#body
    } catch (error) {
      this.failure = error as Error
      throw error
    }
  }
}

function malformed(cause: unknown): WireError {
  return new WireError(
    'MalformedPOSTRequest',
    'The body of your POST request is not well-formed multipart/form-data.',
    { cause },
  )
}

function tooMuchBeforeFile(): WireError {
  return new WireError(
    'MaxPostPreDataLengthExceeded',
    'Your POST request fields preceeding the upload file was too large.',
    { extra: { MaxPostPreDataLength: FIELD_BYTES_MAX } },
  )
}
