/** The lake's own calls, for which AWS has no name: signed like any of AWS's, for service `lakelet`. */
import { setTimeout as sleep } from 'node:timers/promises'
import { Sha256 } from '@aws-crypto/sha256-js'
import { SignatureV4 } from '@smithy/signature-v4'
import { Refusal } from '../platform/refusal.ts'
import type { Connection } from './connection.ts'

const WITHIN_MS = 60_000
const LOOK_EVERY_MS = 250

interface AdminRequest {
  readonly method: 'GET' | 'POST'
  readonly path: string
  readonly query?: Readonly<Record<string, string>>
}

/** The JSON of the answer. What the lake refuses is thrown with its words. */
export async function adminCall<Answer>(connection: Connection, method: 'GET' | 'POST', path: string): Promise<Answer> {
  const answer = await send(connection, { method, path }, AbortSignal.timeout(WITHIN_MS))
  return (await answer.json()) as Answer
}

interface Work {
  readonly isRunning: boolean
}

/** Begins work that the lake does by itself, looks at how far it is, and gives how it ended. */
export async function adminWork<Progress extends Work>(
  connection: Connection,
  path: string,
  { signal, onProgress }: { signal: AbortSignal; onProgress: (progress: Progress) => void },
): Promise<Progress> {
  let progress = await adminCall<Progress>(connection, 'POST', path)
  while (progress.isRunning) {
    onProgress(progress)
    await sleep(LOOK_EVERY_MS, undefined, { signal })
    progress = await adminCall<Progress>(connection, 'GET', path)
  }
  return progress
}

/**
 * The events of work that takes long, as they come; the last one is `done`. What fails on the way is thrown with the
 * lake's words. A lake says something at least every few seconds.
 */
export async function* adminEvents<Event extends { readonly event: string }>(
  connection: Connection,
  request: AdminRequest,
  signal: AbortSignal,
): AsyncGenerator<Event, void> {
  const { body } = await send(connection, request, signal)
  let text = ''
  let last: string | undefined
  for await (const piece of (body ?? new ReadableStream()).pipeThrough(new TextDecoderStream())) {
    const lines = `${text}${piece}`.split('\n')
    text = lines.pop() ?? ''
    for (const line of lines) {
      const event = JSON.parse(line) as Event | { event: 'failed'; code: string; error: string }
      if (event.event === 'failed' && 'error' in event) throw new Refusal(event.code, event.error)
      last = event.event
      yield event as Event
    }
  }
  if (last !== 'done') throw new Refusal('answerCut', 'The lake stopped answering before it was done.')
}

async function send(connection: Connection, request: AdminRequest, signal: AbortSignal): Promise<Response> {
  const { method, path, query = {} } = request
  const url = new URL(path, connection.endpoint)
  const signer = new SignatureV4({
    service: 'lakelet',
    region: connection.region,
    credentials: connection,
    sha256: Sha256,
  })
  const { headers } = await signer.sign({
    method,
    protocol: url.protocol,
    hostname: url.hostname,
    path: url.pathname,
    query,
    headers: { host: url.host },
  })
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value)
  const answer = await fetch(url, { method, headers, signal })
  if (answer.ok) return answer
  const text = await answer.text()
  throw new Refusal('adminCallRefused', wordsOf(text) ?? `${url} answers ${answer.status}: ${text}`)
}

function wordsOf(text: string): string | undefined {
  try {
    return (JSON.parse(text) as { error?: string }).error
  } catch {
    // Not the lake's answer: the text itself says more.
    return undefined
  }
}
