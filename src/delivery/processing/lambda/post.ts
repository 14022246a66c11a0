/** One HTTP exchange of the Lambda API: an event there, a reply back. */
import { type Agent, type IncomingMessage, request as requestInClear } from 'node:http'
import { request as requestOverTls } from 'node:https'
import { ANSWER_BYTES_MAX } from './event.ts'
import type { Reply } from './reply.ts'

export interface Exchange {
  readonly url: URL
  readonly event: Buffer
  readonly signal: AbortSignal
  /** false: a connection of its own. */
  readonly agent: Agent | false
}

/** A connection kept from an earlier exchange was closed before anything came back. */
export class StaleConnection extends Error {}

const STALE_CODES: readonly (string | undefined)[] = ['ECONNRESET', 'EPIPE']

/** Rejects when the connection fails or `signal` aborts. The reply's body ends one byte after the limit of answers. */
export function post({ url, event, signal, agent }: Exchange): Promise<Reply> {
  const send = url.protocol === 'https:' ? requestOverTls : requestInClear
  const headers = {
    'content-type': 'application/json',
    'content-length': event.byteLength,
    'x-amz-invocation-type': 'RequestResponse',
    'user-agent': 'lakelet',
  }
  return new Promise((resolve, reject) => {
    let hasResponse = false
    const request = send(url, { method: 'POST', headers, agent, signal }, (response) => {
      hasResponse = true
      replyOf(response).then(resolve, reject)
    })
    request.on('error', (error: NodeJS.ErrnoException) => {
      const isStale = !hasResponse && request.reusedSocket && STALE_CODES.includes(error.code)
      reject(isStale ? new StaleConnection(error.message, { cause: error }) : error)
    })
    request.end(event)
  })
}

async function replyOf(response: IncomingMessage): Promise<Reply> {
  const chunks: Buffer[] = []
  let bytes = 0
  // Leaving the loop early closes the connection.
  for await (const chunk of response as AsyncIterable<Buffer>) {
    chunks.push(chunk)
    bytes += chunk.byteLength
    if (bytes > ANSWER_BYTES_MAX) break
  }
  return { status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks) }
}
