/** A request's head read off node's message, and its body under a bound. The only readers of IncomingMessage. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { POOLED_BYTES_MIN, type ReusedBuffers } from '../platform/reused-buffers.ts'
import { WireError } from '../wire/error.ts'
import type { RequestHead } from '../wire/sigv4/canonical.ts'
import { HEADER_COUNT_MAX } from './limits.ts'

export interface Exchange {
  readonly message: IncomingMessage
  readonly response: ServerResponse
  readonly head: RequestHead
  /** The client's address; '' when the connection is gone already. */
  readonly sourceIp: string
  /** Set while the client waits for `100 Continue` before it sends the body. */
  awaitsContinue: boolean
}

export function exchangeOf(message: IncomingMessage, response: ServerResponse, awaitsContinue: boolean): Exchange {
  const target = message.url ?? '/'
  const path = target.startsWith('/') ? target : withoutOrigin(target)
  const mark = path.indexOf('?')
  return {
    message,
    response,
    awaitsContinue,
    sourceIp: message.socket.remoteAddress ?? '',
    head: {
      method: message.method ?? 'GET',
      rawPath: mark < 0 ? path : path.slice(0, mark),
      rawQuery: mark < 0 ? '' : path.slice(mark + 1),
      headers: joinedHeaders(message.rawHeaders),
    },
  }
}

/** A proxy's absolute form (`GET http://host/path`); `*` of OPTIONS becomes the root. */
function withoutOrigin(target: string): string {
  return /^https?:\/\/[^/?]*(\/.*)?$/i.exec(target)?.[1] ?? '/'
}

/** node drops repeated `host`, `content-type` and others; a signature may cover them, so they are joined here. */
function joinedHeaders(raw: readonly string[]): Record<string, string> {
  // Without a prototype: `constructor` and `__proto__` are names that a client may send, and no more.
  const headers = Object.create(null) as Record<string, string>
  for (let index = 0; index + 1 < raw.length; index += 2) {
    const name = (raw[index] as string).toLowerCase()
    const value = raw[index + 1] as string
    const earlier = headers[name]
    headers[name] = earlier === undefined ? value : `${earlier}, ${value}`
  }
  return headers
}

export function headerCountRefusal(message: IncomingMessage): WireError | undefined {
  if (message.rawHeaders.length / 2 <= HEADER_COUNT_MAX) return undefined
  return new WireError('RequestHeaderSectionTooLarge', `More than ${HEADER_COUNT_MAX} headers.`, { status: 431 })
}

export function contentLength({ headers }: RequestHead): number | undefined {
  const text = headers['content-length']
  if (text !== undefined) return /^\d{1,15}$/.test(text) ? Number(text) : undefined
  return headers['transfer-encoding'] === undefined ? 0 : undefined
}

/**
 * The whole body. Throws WireError 413 when it is, or says it is, over the bound. A large one that says its length is
 * read into memory of `buffers`: give it back when the exchange is over.
 */
export function readWhole(exchange: Exchange, bytesMax: number, buffers?: ReusedBuffers): Promise<Buffer> {
  const { message } = exchange
  const announced = contentLength(exchange.head)
  if (announced === 0) return Promise.resolve(EMPTY)
  if (announced !== undefined && announced > bytesMax) return Promise.reject(tooLarge(bytesMax))
  letClientSend(exchange)
  return new Promise((resolve, reject) => {
    const pooled =
      announced !== undefined && announced >= POOLED_BYTES_MIN && buffers !== undefined
        ? buffers.take(announced)
        : undefined
    const chunks: Buffer[] = []
    let length = 0
    const onData = (chunk: Buffer) => {
      const at = length
      length += chunk.byteLength
      if (length <= bytesMax) {
        // The parser hands over no more than was announced.
        if (pooled === undefined) chunks.push(chunk)
        else chunk.copy(pooled, at)
        return
      }
      stop()
      message.pause()
      reject(tooLarge(bytesMax))
    }
    const onEnd = () => {
      stop()
      resolve(pooled ?? (chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks, length)))
    }
    const onGone = () => {
      stop()
      reject(new ClientGone())
    }
    const stop = () => {
      message.off('data', onData)
      message.off('end', onEnd)
      message.off('close', onGone)
    }
    // node reports a connection cut in the middle as an error, too; 'close' follows and tells all there is to tell.
    message.on('error', ignoreCut)
    message.on('data', onData)
    message.on('end', onEnd)
    message.on('close', onGone)
  })
}

/** A body this small is put together rather than iterated over: that costs a tenth. */
const WHOLE_BYTES_MAX = 64 * 1024

function ignoreCut(): void {
  // See readWhole: answered by its 'close' listener.
}

const EMPTY = Buffer.alloc(0)

/** The body as it comes. Leaving the loop early does not cut the connection, so that an answer can still be sent. */
export async function* readStream(exchange: Exchange): AsyncGenerator<Buffer> {
  const announced = contentLength(exchange.head) ?? Number.POSITIVE_INFINITY
  if (announced <= WHOLE_BYTES_MAX) {
    const body = await readWhole(exchange, announced)
    if (body.byteLength > 0) yield body
    return
  }
  letClientSend(exchange)
  try {
    yield* exchange.message.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>
  } catch (cause) {
    if (exchange.message.destroyed && !exchange.message.complete) throw new ClientGone()
    throw cause
  }
}

function letClientSend(exchange: Exchange): void {
  if (!exchange.awaitsContinue) return
  exchange.awaitsContinue = false
  exchange.response.writeContinue()
}

function tooLarge(bytesMax: number): WireError {
  return new WireError('RequestEntityTooLargeException', `Request size exceeded ${bytesMax} bytes`, { status: 413 })
}

/** The client closed the connection before its request was complete: there is nobody to answer. */
export class ClientGone extends Error {
  constructor() {
    super('The client closed the connection before the request was complete.')
    this.name = 'ClientGone'
  }
}
