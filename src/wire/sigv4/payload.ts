/**
 * What S3's `x-amz-content-sha256` says of a body, and the body opened accordingly: hashed and compared at its end,
 * taken out of its aws-chunked framing, or passed on.
 */
import { createHash } from 'node:crypto'
import { WireError } from '../error.ts'
import { queryPairs, type RequestHead } from './canonical.ts'
import { ChunkParser, incompleteBody } from './chunk-parser.ts'
import type { VerifiedSignature } from './verify.ts'

export type PayloadMode =
  | { readonly kind: 'unsigned' }
  | { readonly kind: 'signed'; readonly sha256: string }
  | {
      readonly kind: 'chunked'
      readonly signedChunks: boolean
      readonly trailerNames: readonly string[] | undefined
      readonly decodedLength: number
    }

const STREAMING = new Map([
  ['STREAMING-AWS4-HMAC-SHA256-PAYLOAD', { signedChunks: true, hasTrailer: false }],
  ['STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER', { signedChunks: true, hasTrailer: true }],
  ['STREAMING-UNSIGNED-PAYLOAD-TRAILER', { signedChunks: false, hasTrailer: true }],
])

/** What the client says of its payload: the header, or the parameter some presigners put it in. */
export function contentSha256({ headers, rawQuery }: Pick<RequestHead, 'headers' | 'rawQuery'>): string | undefined {
  const header = headers['x-amz-content-sha256']
  if (header !== undefined || !rawQuery.includes('X-Amz-Content-Sha256=')) return header
  return queryPairs(rawQuery).find(([name]) => name === 'X-Amz-Content-Sha256')?.[1]
}

/** Throws WireError: a word that is no mode, or a streaming mode without its decoded length. */
export function payloadMode(head: Pick<RequestHead, 'headers' | 'rawQuery'>): PayloadMode {
  const { headers } = head
  const word = contentSha256(head)
  if (word === undefined || word === 'UNSIGNED-PAYLOAD') return { kind: 'unsigned' }
  if (/^[0-9a-fA-F]{64}$/.test(word)) return { kind: 'signed', sha256: word.toLowerCase() }
  const streaming = STREAMING.get(word)
  if (streaming === undefined) {
    if (word.startsWith('STREAMING-AWS4-ECDSA')) {
      throw new WireError('NotImplemented', `Payloads signed with ${word} are not implemented.`, { status: 501 })
    }
    throw new WireError(
      'InvalidArgument',
      'x-amz-content-sha256 must be UNSIGNED-PAYLOAD, STREAMING-UNSIGNED-PAYLOAD-TRAILER, STREAMING-AWS4-HMAC-SHA256-PAYLOAD, STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER or a valid sha256 value.',
      { extra: { ArgumentName: 'x-amz-content-sha256', ArgumentValue: word } },
    )
  }
  return {
    kind: 'chunked',
    signedChunks: streaming.signedChunks,
    trailerNames: streaming.hasTrailer ? trailerNames(headers['x-amz-trailer']) : undefined,
    decodedLength: decodedLength(headers['x-amz-decoded-content-length']),
  }
}

function trailerNames(text: string | undefined): readonly string[] {
  return (text ?? '')
    .split(',')
    .map((name) => name.trim().toLowerCase())
    .filter((name) => name !== '')
}

function decodedLength(text: string | undefined): number {
  if (text === undefined || !/^\d{1,15}$/.test(text)) {
    throw new WireError('MissingContentLength', 'You must provide the Content-Length HTTP header.', { status: 411 })
  }
  return Number(text)
}

export interface OpenPayload {
  readonly body: AsyncIterable<Uint8Array>
  /** Resolves when the body has ended well; rejects with it. */
  readonly trailers: Promise<Readonly<Record<string, string>>>
}

const NO_TRAILERS = Promise.resolve(Object.freeze({}))

/** `signature` is undefined when signatures are not checked: framing and lengths still are. */
export function openPayload(
  mode: PayloadMode,
  source: AsyncIterable<Buffer>,
  signature: VerifiedSignature | undefined,
): OpenPayload {
  switch (mode.kind) {
    case 'unsigned':
      return { body: source, trailers: NO_TRAILERS }
    case 'signed':
      return { body: signature === undefined ? source : checkedAtEnd(source, mode.sha256), trailers: NO_TRAILERS }
    case 'chunked': {
      const { signedChunks, trailerNames, decodedLength } = mode
      const seed = signedChunks ? signature : undefined
      return unframed(source, new ChunkParser({ decodedLength, trailerNames, seed }))
    }
  }
}

async function* checkedAtEnd(source: AsyncIterable<Buffer>, sha256: string): AsyncGenerator<Uint8Array> {
  const hash = createHash('sha256')
  for await (const bytes of source) {
    hash.update(bytes)
    yield bytes
  }
  const computed = hash.digest('hex')
  if (computed === sha256) return
  throw new WireError(
    'XAmzContentSHA256Mismatch',
    "The provided 'x-amz-content-sha256' header does not match what was computed.",
    { extra: { ClientComputedContentSHA256: sha256, S3ComputedContentSHA256: computed } },
  )
}

function unframed(source: AsyncIterable<Buffer>, parser: ChunkParser): OpenPayload {
  let resolve: (trailers: Readonly<Record<string, string>>) => void
  let reject: (error: unknown) => void
  const trailers = new Promise<Readonly<Record<string, string>>>((onResolve, onReject) => {
    resolve = onResolve
    reject = onReject
  })
  // Whoever reads the body learns of the failure there; the promise alone must not take the process down.
  trailers.catch(() => undefined)
  async function* body(): AsyncGenerator<Uint8Array> {
    let ended = false
    try {
      for await (const bytes of source) yield* parser.push(bytes)
      const found = parser.end()
      ended = true
      resolve(found)
    } catch (error) {
      reject(error)
      throw error
    } finally {
      if (!ended) reject(incompleteBody())
    }
  }
  return { body: body(), trailers }
}

/** `aws-chunked` is framing, not an encoding of the object: it is not kept. */
export function withoutChunkedEncoding(contentEncoding: string): string | undefined {
  const rest = contentEncoding
    .split(',')
    .map((coding) => coding.trim())
    .filter((coding) => coding !== '' && coding.toLowerCase() !== 'aws-chunked')
  return rest.length === 0 ? undefined : rest.join(',')
}
