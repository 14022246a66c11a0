/** A WireResponse to the socket: lengths, HEAD, back-pressure, and bodies of requests that nobody read. */
import type { ServerResponse } from 'node:http'
import type { Clock } from '../platform/clock.ts'
import type { WireResponse } from '../wire/http.ts'
import type { Exchange } from './exchange.ts'
import { DRAIN_BYTES_MAX, DRAIN_MS_MAX } from './limits.ts'

/** Resolves when the answer is handed to the socket. A body that fails on the way cuts the connection and rejects. */
export async function respond(exchange: Exchange, answer: WireResponse, clock: Clock): Promise<void> {
  const { response, message } = exchange
  if (response.destroyed || response.headersSent) return
  const isUnread = !message.complete && !message.readableEnded
  const headers: Record<string, string | number> = { ...answer.headers }
  if (isUnread) headers['connection'] = 'close'
  // Node would measure a text and then write it; one pass gives both.
  const body = typeof answer.body === 'string' ? Buffer.from(answer.body) : answer.body
  const hasBody = exchange.head.method !== 'HEAD' && answer.status !== 204 && answer.status !== 304
  if (body === undefined || body instanceof Uint8Array) {
    if (hasBody) headers['content-length'] ??= body === undefined ? 0 : body.byteLength
    response.writeHead(answer.status, headers)
    response.end(hasBody ? body : undefined)
  } else {
    response.writeHead(answer.status, headers)
    if (hasBody) await writeStream(exchange, body)
    else response.end()
  }
  if (isUnread) drain(exchange, clock)
}

async function writeStream({ response }: Exchange, body: AsyncIterable<Uint8Array>): Promise<void> {
  try {
    for await (const bytes of body) {
      if (response.destroyed) return
      if (!response.write(bytes)) await writable(response)
    }
    response.end()
  } catch (error) {
    // The status is sent already: cutting the connection is the only way to say that the body is not whole.
    response.destroy()
    throw error
  }
}

/** Resolves when the socket takes more, or when it is gone and writing has no effect any more. */
function writable(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      response.off('drain', done)
      response.off('close', done)
      resolve()
    }
    response.on('drain', done)
    response.on('close', done)
  })
}

/** Reads on, bounded, so that a client that is still sending gets to our answer instead of a reset. */
function drain({ message, awaitsContinue }: Exchange, clock: Clock): void {
  if (awaitsContinue || message.destroyed) return
  let left = DRAIN_BYTES_MAX
  const cut = () => message.destroy()
  const timer = clock.after(DRAIN_MS_MAX, cut)
  message.on('data', (chunk: Buffer) => {
    left -= chunk.byteLength
    if (left < 0) cut()
  })
  message.once('close', () => timer.cancel())
  message.once('end', () => timer.cancel())
  message.resume()
}
