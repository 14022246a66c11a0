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
  // Node would measure a text and then write it; one pass gives both.
  const body = typeof answer.body === 'string' ? Buffer.from(answer.body) : answer.body
  const hasBody = exchange.head.method !== 'HEAD' && answer.status !== 204 && answer.status !== 304
  const sent = hasBody ? body : undefined
  const isWhole = sent === undefined || sent instanceof Uint8Array
  const headers: Record<string, string | number> =
    hasBody && isWhole ? { 'content-length': sent?.byteLength ?? 0, ...answer.headers } : { ...answer.headers }
  if (isUnread) headers['connection'] = 'close'
  response.writeHead(answer.status, headers)
  if (isWhole && !isUnread) {
    response.end(sent)
    return
  }
  if (sent === undefined) response.flushHeaders()
  else if (isWhole) response.write(sent)
  else await writeStream(exchange, sent)
  // Ending closes the connection: under a client that is still sending, this would tear the answer away.
  if (isUnread) await drained(exchange, clock)
  response.end()
}

async function writeStream({ response }: Exchange, body: AsyncIterable<Uint8Array>): Promise<void> {
  try {
    for await (const bytes of body) {
      if (response.destroyed) return
      if (!response.write(bytes)) await writable(response)
    }
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
function drained({ message, awaitsContinue }: Exchange, clock: Clock): Promise<void> {
  if (awaitsContinue || message.destroyed) return Promise.resolve()
  return new Promise((resolve) => {
    let left = DRAIN_BYTES_MAX
    const timer = clock.after(DRAIN_MS_MAX, resolve)
    const done = () => {
      timer.cancel()
      resolve()
    }
    message.on('data', (chunk: Buffer) => {
      left -= chunk.byteLength
      if (left < 0) done()
    })
    message.once('close', done)
    message.once('end', done)
    message.resume()
  })
}
