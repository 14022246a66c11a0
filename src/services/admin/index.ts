/**
 * The few things AWS has no name for: `GET /_lakelet/health` says when the lake can work, `POST /_lakelet/reset`
 * empties a lake that was started with `--auth open`, and no other. Neither is signed; neither says anything of what
 * is in the lake. `GET /metrics`, or `/_lakelet/metrics`, tells Prometheus what the lake counts; it need not be signed on this
 * machine (0014). The others must be signed, for service `lakelet`, by somebody whose policies allow the action in the
 * table below. `GET /_lakelet/streams` gives live figures; `POST /_lakelet/keys/rotate` begins a rotation of the master key
 * and `GET` of the same says how far it is; `POST /_lakelet/lifecycle/run` begins to carry out what lifecycle rules say is
 * due now, `GET` says how far it is; `POST /_lakelet/backup?directory=D` copies the lake, line by line; `POST /_lakelet/scrub[?bucket=B]` reads the lake whole and tells what it
 * finds, line by line.
 *
 * The console: `GET /_lakelet/console-settings` tells what it must know before anybody has signed in; `POST
 * /_lakelet/console-link` makes a link that opens it once (signed), `POST /_lakelet/console-session` gives whoever has such
 * a link's token, in the header `x-lakelet-token`, temporary credentials.
 */
import type { BackupEvent } from '../../backup/backup.ts'
import type { StreamProgress } from '../../delivery/progress.ts'
import type { RotationProgress } from '../../keys/key-rotation.ts'
import type { LifecycleProgress } from '../../objects/lifecycle/lifecycle.ts'
import type { ScrubEvent } from '../../objects/scrub-events.ts'
import { isRefusal } from '../../platform/refusal.ts'
import type { WireResponse } from '../../wire/http.ts'
import type { Permission } from '../access.ts'
import type { Caller } from '../operation.ts'
import type { ConsoleLinks } from './console-links.ts'
import { eventStream } from './event-stream.ts'
import { type MetricsContext, metricsAnswer } from './metrics.ts'

/** The service name in the credential scope of a signed admin request. */
export const ADMIN_SIGNING_NAME = 'lakelet'

const METRICS_ACTIONS = { GET: 'lakelet:GetMetrics', HEAD: 'lakelet:GetMetrics' }

/** What must be signed, and what its signer must be allowed to do, by path and method. */
const ACTIONS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  '/_lakelet/streams': { GET: 'lakelet:GetStreams' },
  '/_lakelet/metrics': METRICS_ACTIONS,
  '/metrics': METRICS_ACTIONS,
  '/_lakelet/keys/rotate': { GET: 'lakelet:GetKeyRotation', POST: 'lakelet:RotateKeys' },
  '/_lakelet/lifecycle/run': { GET: 'lakelet:GetLifecycleRun', POST: 'lakelet:RunLifecycle' },
  '/_lakelet/console-link': { POST: 'lakelet:CreateConsoleLink' },
  '/_lakelet/backup': { POST: 'lakelet:Backup' },
  '/_lakelet/scrub': { POST: 'lakelet:Scrub' },
}

/** Whether the gateway must have verified a signature before it asks `handleAdmin`. */
export function mustBeSigned(path: string): boolean {
  return Object.hasOwn(ACTIONS, path)
}

/** Whether it may be had without a signature by whoever is on this machine. */
export function isOpenOnThisMachine(path: string): boolean {
  return ACTIONS[path] === METRICS_ACTIONS
}

/** undefined: nothing is done for this method, so nothing is needed. */
export function adminPermission(method: string, path: string): Permission | undefined {
  const action = mustBeSigned(path) ? ACTIONS[path]?.[method] : undefined
  return action === undefined ? undefined : { action, resource: '*' }
}

export interface Health {
  readonly status: 'ready' | 'starting' | 'stopping'
  readonly version: string
}

export interface AdminContext {
  readonly auth: 'verify' | 'open'
  readonly region: string
  readonly consoleLinks: ConsoleLinks
  readonly health: () => Promise<Health>
  /** Every delivery stream at work: what is buffered, what was delivered, when the next flush is due. */
  readonly streams: () => readonly StreamProgress[]
  readonly metrics: MetricsContext
  /** Empties the lake: every bucket, stream, table, query. Resolves when a new one could not be told from it. */
  readonly reset: () => Promise<void>
  readonly keys: {
    /** Begins, or joins a rotation under way. Refuses nextKeyMissing, nextKeyInUse. */
    rotate(): Promise<RotationProgress>
    rotation(): RotationProgress
  }
  /** Carries out now what lifecycle rules say is due. */
  readonly lifecycle: { begin(): LifecycleProgress; progress(): LifecycleProgress }
  /** A consistent copy of the lake in a folder of this machine. Refuses BackupRefusal. */
  readonly backup: (directory: string) => AsyncGenerator<BackupEvent, void>
  /** Reads every object, or those of one bucket. Refuses noSuchBucket. */
  readonly scrub: (bucket: string | undefined) => AsyncGenerator<ScrubEvent, void>
}

/** What few requests need besides. */
export interface AdminAsker {
  readonly headers: Readonly<Record<string, string>>
  /** Of a request that must be signed. */
  readonly caller?: Caller | undefined
}

/** Resolves to an answer for every method and target (path and query) under `/_lakelet/`. */
export async function handleAdmin(
  method: string,
  target: string,
  context: AdminContext,
  { headers, caller }: AdminAsker = { headers: {} },
): Promise<WireResponse> {
  const [path, rawQuery] = target.split('?', 2) as [string, string | undefined]
  const query = new URLSearchParams(rawQuery)
  switch (path) {
    case '/_lakelet/health':
      return method === 'GET' || method === 'HEAD' ? health(context) : notAllowed('GET')
    case '/_lakelet/reset':
      return method === 'POST' ? reset(context) : notAllowed('POST')
    case '/_lakelet/streams':
      return method === 'GET' ? json(200, { streams: context.streams() }) : notAllowed('GET')
    case '/metrics':
    case '/_lakelet/metrics':
      return method === 'GET' || method === 'HEAD' ? metrics(context) : notAllowed('GET')
    case '/_lakelet/keys/rotate':
      if (method === 'GET') return json(200, context.keys.rotation())
      return method === 'POST' ? rotate(context) : notAllowed('GET, POST')
    case '/_lakelet/lifecycle/run':
      if (method === 'GET') return json(200, context.lifecycle.progress())
      return method === 'POST' ? json(202, context.lifecycle.begin()) : notAllowed('GET, POST')
    case '/_lakelet/console-settings':
      return method === 'GET' ? consoleSettings(context) : notAllowed('GET')
    case '/_lakelet/console-link':
      return method === 'POST' ? link(caller, context) : notAllowed('POST')
    case '/_lakelet/console-session':
      return method === 'POST' ? session(headers['x-lakelet-token'] ?? '', context) : notAllowed('POST')
    case '/_lakelet/backup':
      return method === 'POST'
        ? answered(() => eventStream(context.backup(query.get('directory') ?? '')))
        : notAllowed('POST')
    case '/_lakelet/scrub':
      return method === 'POST'
        ? answered(() => eventStream(context.scrub(query.get('bucket') ?? undefined)))
        : notAllowed('POST')
    default:
      return json(404, { error: `There is nothing at ${path}.` })
  }
}

async function health(context: AdminContext): Promise<WireResponse> {
  const report = await context.health()
  return json(report.status === 'ready' ? 200 : 503, report)
}

async function metrics(context: AdminContext): Promise<WireResponse> {
  const { version } = await context.health()
  return metricsAnswer(context.metrics, context.streams(), version)
}

async function reset(context: AdminContext): Promise<WireResponse> {
  if (context.auth !== 'open') {
    return json(403, { error: 'Only a lake started with --auth open can be emptied this way.' })
  }
  await context.reset()
  return json(200, { status: 'empty' })
}

async function consoleSettings({ auth, region, health }: AdminContext): Promise<WireResponse> {
  const { version } = await health()
  return json(200, { auth, region, version })
}

/** The token is behind the `#`: browsers send that to nobody. */
function link(caller: Caller | undefined, { consoleLinks }: AdminContext): WireResponse {
  const token = caller && consoleLinks.issue(caller)
  if (token === undefined)
    return json(403, { error: 'A link is made for keys of the root user or of a user, not for temporary credentials.' })
  return json(201, { path: `/_lakelet/console/sign-in#token=${token}` })
}

async function session(token: string, { consoleLinks }: AdminContext): Promise<WireResponse> {
  const found = await consoleLinks.redeem(token)
  if (found === undefined)
    return json(403, {
      error: 'This link was used already, or the lake was started anew. Get another with: lakelet console',
    })
  const { accessKeyId, secretAccessKey, token: sessionToken, expiresAtMs } = found
  const answer = json(201, { accessKeyId, secretAccessKey, sessionToken, expiresAtMs })
  return { ...answer, headers: { ...answer.headers, 'cache-control': 'no-store' } }
}

function rotate({ keys }: AdminContext): Promise<WireResponse> {
  return answered(async () => json(202, await keys.rotate()))
}

/** What the domain refuses, in its own words. */
async function answered(answer: () => Promise<WireResponse>): Promise<WireResponse> {
  try {
    return await answer()
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
