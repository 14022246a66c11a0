/**
 * The aws-chunked framing, all its modes (source: S3 API reference, "Signature calculations … multiple chunks"):
 *
 *   <hex length>[;chunk-signature=<64 hex>]\r\n <bytes> \r\n   …any number
 *   0[;chunk-signature=<64 hex>]\r\n
 *   [<trailer>:<value>\r\n …] [x-amz-trailer-signature:<64 hex>\r\n] \r\n
 *
 * Fed with bytes as they come, gives the payload's bytes on; holds no more than one line. Bytes of a signed chunk are
 * given before its signature is known, which stands right or wrong once the chunk is complete: store nothing for good
 * before `end()` returned.
 */
import { createHash, type Hash } from 'node:crypto'
import { WireError } from '../error.ts'
import { isSignatureOf, type VerifiedSignature } from './verify.ts'

const LINE_BYTES_MAX = 1024
const TRAILER_BYTES_MAX = 16 * 1024
const EMPTY_SHA256 = createHash('sha256').digest('hex')
const LINE_FEED = 0x0a

export interface ChunkRules {
  /** x-amz-decoded-content-length */
  readonly decodedLength: number
  /** Lower-case names announced by x-amz-trailer; undefined when the mode has no trailer. */
  readonly trailerNames: readonly string[] | undefined
  /** The request's own signature, which the chunks continue; undefined when chunks are not signed or not checked. */
  readonly seed: VerifiedSignature | undefined
}

export class ChunkParser {
  readonly #rules: ChunkRules
  #state: 'size' | 'data' | 'afterData' | 'trailer' = 'size'
  #line: Buffer = Buffer.alloc(0)
  #left = 0
  #decoded = 0
  #trailerBytes = 0
  readonly #trailers: Record<string, string> = {}
  #trailerSignature: string | undefined
  #hash: Hash
  #chunkSignature = ''
  #previousSignature: string

  constructor(rules: ChunkRules) {
    this.#rules = rules
    this.#hash = createHash('sha256')
    this.#previousSignature = rules.seed?.signature ?? ''
  }

  /** The payload bytes in `bytes`, as views on it. Throws WireError when the framing or a signature is wrong. */
  push(bytes: Buffer): Buffer[] {
    const payload: Buffer[] = []
    let at = 0
    while (at < bytes.byteLength) {
      if (this.#state === 'data') {
        const slice = bytes.subarray(at, at + this.#left)
        at += slice.byteLength
        this.#takeData(slice)
        payload.push(slice)
        continue
      }
      const feed = bytes.indexOf(LINE_FEED, at)
      const end = feed < 0 ? bytes.byteLength : feed + 1
      this.#addToLine(bytes.subarray(at, end))
      at = end
      if (feed >= 0) this.#endLine()
    }
    return payload
  }

  /** The trailers. Throws WireError when the body stopped short, or trailers or lengths are not as announced. */
  end(): Readonly<Record<string, string>> {
    if (this.#state !== 'trailer') throw incompleteBody()
    // Some writers leave out the last line end.
    if (this.#line.byteLength > 0) this.#endLine()
    if (this.#decoded !== this.#rules.decodedLength) throw incompleteBody()
    this.#checkTrailers()
    return this.#trailers
  }

  #addToLine(bytes: Buffer): void {
    if (this.#line.byteLength + bytes.byteLength > LINE_BYTES_MAX && this.#state !== 'trailer') throw badFraming()
    if (this.#state === 'trailer') {
      this.#trailerBytes += bytes.byteLength
      if (this.#trailerBytes > TRAILER_BYTES_MAX) throw malformedTrailer()
    }
    this.#line = this.#line.byteLength === 0 ? bytes : Buffer.concat([this.#line, bytes])
  }

  #endLine(): void {
    const text = this.#line.toString('latin1').trimEnd()
    this.#line = Buffer.alloc(0)
    switch (this.#state) {
      case 'size':
        this.#openChunk(text)
        return
      case 'afterData':
        if (text !== '') throw badFraming()
        this.#state = 'size'
        return
      case 'trailer':
        if (text !== '') this.#takeTrailer(text)
        return
      case 'data':
        throw new Error('A line cannot end inside data.')
    }
  }

  #openChunk(text: string): void {
    const match = /^([0-9a-fA-F]{1,12})(?:;chunk-signature=([0-9a-f]{64}))?$/.exec(text)
    if (match === null) throw badFraming()
    const [, size = '', signature] = match
    if (this.#rules.seed !== undefined && signature === undefined) throw chunkMismatch()
    this.#left = Number.parseInt(size, 16)
    this.#chunkSignature = signature ?? ''
    if (this.#decoded + this.#left > this.#rules.decodedLength) throw incompleteBody()
    if (this.#left === 0) {
      this.#closeChunk()
      this.#state = 'trailer'
    } else {
      this.#state = 'data'
    }
  }

  #takeData(slice: Buffer): void {
    this.#left -= slice.byteLength
    this.#decoded += slice.byteLength
    if (this.#rules.seed !== undefined) this.#hash.update(slice)
    if (this.#left > 0) return
    this.#closeChunk()
    this.#state = 'afterData'
  }

  #closeChunk(): void {
    const { seed } = this.#rules
    if (seed === undefined) return
    const digest = this.#hash.digest('hex')
    this.#hash = createHash('sha256')
    const text = `AWS4-HMAC-SHA256-PAYLOAD\n${seed.amzDate}\n${seed.scope}\n${this.#previousSignature}\n${EMPTY_SHA256}\n${digest}`
    if (!isSignatureOf(seed.signingKey, text, this.#chunkSignature)) throw chunkMismatch()
    this.#previousSignature = this.#chunkSignature
  }

  #takeTrailer(text: string): void {
    const colon = text.indexOf(':')
    if (colon <= 0) throw malformedTrailer()
    const name = text.slice(0, colon).trim().toLowerCase()
    const value = text.slice(colon + 1).trim()
    if (name === 'x-amz-trailer-signature') this.#trailerSignature = value
    else if (this.#rules.trailerNames?.includes(name)) this.#trailers[name] = value
    else throw malformedTrailer()
  }

  #checkTrailers(): void {
    const { seed, trailerNames } = this.#rules
    if (trailerNames === undefined) return
    if (trailerNames.some((name) => this.#trailers[name] === undefined)) throw malformedTrailer()
    if (seed === undefined) return
    const canonical = Object.entries(this.#trailers)
      .map(([name, value]) => `${name}:${value}\n`)
      .join('')
    const digest = createHash('sha256').update(canonical, 'latin1').digest('hex')
    const text = `AWS4-HMAC-SHA256-TRAILER\n${seed.amzDate}\n${seed.scope}\n${this.#previousSignature}\n${digest}`
    if (!isSignatureOf(seed.signingKey, text, this.#trailerSignature ?? '')) throw chunkMismatch()
  }
}

export function incompleteBody(): WireError {
  return new WireError('IncompleteBody', 'The request body terminated unexpectedly')
}

function badFraming(): WireError {
  return new WireError('InvalidRequest', 'The aws-chunked framing of the request body is malformed.')
}

function malformedTrailer(): WireError {
  return new WireError(
    'MalformedTrailerError',
    'The request contained trailing data that was not well-formed or did not conform to our published schema.',
  )
}

function chunkMismatch(): WireError {
  return new WireError(
    'SignatureDoesNotMatch',
    'The request signature we calculated does not match the signature you provided. Check your key and signing method.',
    { status: 403 },
  )
}
