/**
 * An HTTP exchange as protocols and S3 see it: already authenticated, body already unframed. The gateway makes the
 * request from the socket and writes the response to it; nobody else touches node:http.
 */

import type { WireError } from './error.ts'

export interface WireRequest {
  readonly requestId: string
  readonly method: string
  /** The Host header, with port. */
  readonly host: string
  /** As sent: percent-encoded, no query. */
  readonly rawPath: string
  /** Decoded, in order; a parameter without `=` has value ''. */
  readonly query: readonly (readonly [string, string])[]
  /** Names lower-case; repeated headers joined with ', '. */
  readonly headers: Readonly<Record<string, string>>
  /**
   * The payload without aws-chunked framing. It ends by throwing a WireError when a chunk signature, the signed
   * payload hash or a length is wrong, so whoever stores it must store nothing unless it ends well.
   */
  readonly body: AsyncIterable<Uint8Array>
  /** Length of the unframed payload when known: Content-Length, or x-amz-decoded-content-length. */
  readonly bodyLength: number | undefined
  /** Set for the file of a browser's form: the form says where it ends, so that it needs no announced length. */
  readonly form?: { readonly isSigned: boolean }
  /** Trailing headers of aws-chunked, lower-case; resolves when the body has ended, `{}` when there are none. */
  readonly trailers: Promise<Readonly<Record<string, string>>>
  /** Aborts when the client goes away. */
  readonly signal: AbortSignal
}

/** A protocol of one request document and one reply document, the operation named outside of both. */
export interface RpcCodec {
  /**
   * Throws WireError: SerializationException, or the service's validation error. Takes `body` over: the input's blobs
   * may be views of it.
   */
  decode(operation: string, body: Uint8Array): Record<string, unknown>
  encode(operation: string, output: unknown): WireResponse
  encodeError(error: WireError): WireResponse
}

export interface WireResponse {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body?: Uint8Array | string | AsyncIterable<Uint8Array>
}
