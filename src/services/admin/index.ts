/**
 * The few things AWS has no name for: `GET /_lakelet/health` says when the lake can work, `POST /_lakelet/reset`
 * empties a lake that was started with `--auth open`, and no other. Neither is signed; neither says anything of what
 * is in the lake. `GET /_lakelet/streams` does, so it must be signed, for service `lakelet`. So must
 * `POST /_lakelet/keys/rotate`, which begins a rotation of the master key, and by the root key; `GET` of the same says how
 * far it is.
 */
import type { StreamProgress } from '../../delivery/progress.ts'
import type { RotationProgress } from '../../keys/key-rotation.ts'
import { isRefusal } from '../../platform/refusal.ts'
import type { WireResponse } from '../../wire/http.ts'
import type { Caller } from '../operation.ts'

/** The service name in the credential scope of a signed admin request. */
export const ADMIN_SIGNING_NAME = 'lakelet'

const SIGNED = new Set(['/_lakelet/streams', '/_lakelet/keys/rotate'])

/** Whether the gateway must have verified a signature before it asks `handleAdmin`. */
export function mustBeSigned(path: string): boolean {
  return SIGNED.has(path)
}

export interface Health {
  readonly status: 'ready' | 'starting' | 'stopping'
  readonly version: string
}

export interface AdminContext {
  readonly auth: 'verify' | 'open'
  readonly health: () => Promise<Health>
  /** Every delivery stream at work: what is buffered, what was delivered, when the next flush is due. */
  readonly streams: () => readonly StreamProgress[]
  /** Empties the lake: every bucket, stream, table, query. Resolves when a new one could not be told from it. */
  readonly reset: () => Promise<void>
  readonly keys: {
    /** Begins, or joins a rotation under way. Refuses nextKeyMissing, nextKeyInUse. */
    rotate(): Promise<RotationProgress>
    rotation(): RotationProgress
  }
}

/** Resolves to an answer for every method and path under `/_lakelet/`. `caller`: who signed, where that must be. */
export async function handleAdmin(
  method: string,
  path: string,
  context: AdminContext,
  caller?: Caller,
): Promise<WireResponse> {
  switch (path) {
    case '/_lakelet/health':
      return method === 'GET' || method === 'HEAD' ? health(context) : notAllowed('GET')
    case '/_lakelet/reset':
      return method === 'POST' ? reset(context) : notAllowed('POST')
    case '/_lakelet/streams':
      return method === 'GET' ? json(200, { streams: context.streams() }) : notAllowed('GET')
    case '/_lakelet/keys/rotate':
      if (caller?.principal.kind !== 'root') return json(403, { error: 'Only the root key of the lake may do this.' })
      if (method === 'GET') return json(200, context.keys.rotation())
      return method === 'POST' ? rotate(context) : notAllowed('GET, POST')
    default:
      return json(404, { error: `There is nothing at ${path}.` })
  }
}

async function health(context: AdminContext): Promise<WireResponse> {
  const report = await context.health()
  return json(report.status === 'ready' ? 200 : 503, report)
}

async function reset(context: AdminContext): Promise<WireResponse> {
  if (context.auth !== 'open') {
    return json(403, { error: 'Only a lake started with --auth open can be emptied this way.' })
  }
  await context.reset()
  return json(200, { status: 'empty' })
}

async function rotate({ keys }: AdminContext): Promise<WireResponse> {
  try {
    return json(202, await keys.rotate())
  } catch (error) {
    if (isRefusal(error)) return json(409, { error: error.message, code: error.code })
    throw error
  }
}

function notAllowed(allowed: string): WireResponse {
  const answer = json(405, { error: `Only ${allowed} is allowed here.` })
  return { ...answer, headers: { ...answer.headers, allow: allowed } }
}

function json(status: number, value: unknown): WireResponse {
  return { status, headers: { 'content-type': 'application/json' }, body: `${JSON.stringify(value)}\n` }
}
