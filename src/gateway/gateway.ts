/**
 * The listener: raw node:http, one port for every service. A request's way: route, authenticate, decode, authorise, run,
 * encode, write. Whatever goes wrong is answered in the protocol's dialect; the process stays up.
 *
 * Closing is ordered: stop accepting, let requests under way finish (bounded), cut what is left.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import type { Settings } from '../config/settings.ts'
import type { Clock } from '../platform/clock.ts'
import type { Ids } from '../platform/ids.ts'
import type { Log } from '../platform/log.ts'
import { openFilesMax } from '../platform/open-files.ts'
import { Refusal } from '../platform/refusal.ts'
import type { Access } from '../services/access.ts'
import type { AdminContext } from '../services/admin/index.ts'
import type { HttpService, Service } from '../services/operation.ts'
import type { WireResponse } from '../wire/http.ts'
import { type Authenticator, authenticateBy } from './authenticate.ts'
import { authenticateFormBy } from './authenticate-form.ts'
import { CONSOLE_PREFIX, consoleFiles, toConsole, wantsConsole } from './console-files.ts'
import { ClientGone, type Exchange, exchangeOf, headerCountRefusal } from './exchange.ts'
import {
  connectionsMax,
  HEADER_BYTES_MAX,
  HEADERS_TIMEOUT_MS,
  IDLE_TIMEOUT_MS,
  KEEP_ALIVE_TIMEOUT_MS,
  SHUTDOWN_GRACE_MS,
  WORK_TIMEOUT_MS,
} from './limits.ts'
import { isLoopback } from './loopback.ts'
import {
  adminHandler,
  cborHandler,
  jsonHandler,
  modelOf,
  queryHandler,
  s3Handler,
  unknownJsonAnswer,
  unknownQueryAnswer,
} from './protocols.ts'
import { respond } from './respond.ts'
import { type KnownServices, routeOf } from './route.ts'

export interface GatewayParts {
  readonly settings: Pick<Settings, 'host' | 'port' | 'auth' | 'region'>
  /** Those speaking aws-json, rpc-v2-cbor or query. */
  readonly services: readonly Service[]
  readonly s3: HttpService
  readonly authenticator: Authenticator
  /** Asked for every operation but S3's, which ask for themselves. */
  readonly access: Access
  readonly admin: AdminContext
  readonly clock: Clock
  readonly log: Log
  readonly ids: Ids
}

export interface Gateway {
  /** Refuses: `openAuthNotLoopback`, `portInUse`, `addressNotAvailable`. */
  listen(): Promise<{ readonly host: string; readonly port: number }>
  /** Resolves when no request is under way and the port is free. */
  close(): Promise<void>
}

export function createGateway(parts: GatewayParts): Gateway {
  const { settings, clock, log } = parts
  const answer = answerer(parts)
  let isClosing = false
  let underWay = 0
  let onIdle: (() => void) | undefined
  const unanswered = new WeakMap<Socket, Set<ServerResponse>>()
  const refused = new WeakSet<Socket>()

  const serve = (awaitsContinue: boolean) => (message: IncomingMessage, response: ServerResponse) => {
    underWay++
    const ofSocket = unanswered.get(message.socket) ?? new Set()
    unanswered.set(message.socket, ofSocket.add(response))
    response.once('close', () => {
      ofSocket.delete(response)
      underWay--
      if (underWay === 0) onIdle?.()
    })
    message.once('end', () => message.socket.setTimeout(WORK_TIMEOUT_MS))
    if (isClosing) response.setHeader('connection', 'close')
    void serveOne(exchangeOf(message, response, awaitsContinue))
  }

  async function serveOne(exchange: Exchange): Promise<void> {
    try {
      await respond(exchange, await answer(exchange), clock)
    } catch (error) {
      if (!(error instanceof ClientGone)) log.error('ResponseFailed', { path: exchange.head.rawPath, error })
      exchange.response.destroy()
    }
  }

  const server = createServer({ maxHeaderSize: HEADER_BYTES_MAX, keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS })
  server.on('request', serve(false))
  server.on('checkContinue', serve(true))
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) => {
    if (refused.has(socket)) return
    refused.add(socket)
    refuseMalformed(error, socket, unanswered.get(socket) ?? NONE)
  })
  server.on('listening', () => server.on('error', (error) => log.error('ListenerFailed', { error })))
  server.headersTimeout = HEADERS_TIMEOUT_MS
  // An upload may take hours; only standing still is timed.
  server.requestTimeout = 0
  server.timeout = IDLE_TIMEOUT_MS
  server.maxConnections = connectionsMax(openFilesMax())
  // node would drop headers past its limit in silence; ours are counted and refused.
  server.maxHeadersCount = 0

  return {
    async listen() {
      if (settings.auth === 'open' && !isLoopback(settings.host)) {
        throw new Refusal(
          'openAuthNotLoopback',
          `--auth open takes any signature, so it listens on this machine only, not on ${settings.host}. Use --host 127.0.0.1, or --auth verify.`,
        )
      }
      await bind(server, settings)
      const { address, port } = server.address() as AddressInfo
      return { host: address, port }
    },

    async close() {
      isClosing = true
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      server.closeIdleConnections()
      if (underWay > 0) {
        await new Promise<void>((resolve) => {
          const timer = clock.after(SHUTDOWN_GRACE_MS, () => {
            log.warn('RequestsCut', { count: underWay })
            resolve()
          })
          onIdle = () => {
            timer.cancel()
            resolve()
          }
        })
      }
      server.closeAllConnections()
      await closed
    },
  }
}

/** The answer to one request. Rejects only with ClientGone or a bug. */
function answerer(parts: GatewayParts): (exchange: Exchange) => Promise<WireResponse> {
  const { settings, authenticator, access, clock, ids, log, admin } = parts
  const authenticate = authenticateBy({
    authenticator,
    auth: settings.auth,
    region: settings.region,
    nowMs: () => clock.nowMs(),
  })
  const protocolParts = { authenticate, access, verifies: settings.auth === 'verify', ids, log }
  const speaking = (protocol: string) =>
    parts.services.filter(({ signingName }) => {
      const model = modelOf(signingName)
      return (model.protocols ?? [model.protocol]).includes(protocol)
    })
  const json = new Map(speaking('json').map((service) => [service.signingName, jsonHandler(service, protocolParts)]))
  const cbor = new Map(
    speaking('smithy-rpc-v2-cbor').map((service) => [service.signingName, cborHandler(service, protocolParts)]),
  )
  const queryServices = speaking('query')
  const query = queryHandler(queryServices, protocolParts)
  const signerOfForm = authenticateFormBy({
    authenticator,
    auth: settings.auth,
    region: settings.region,
    nowMs: () => clock.nowMs(),
  })
  const s3 = s3Handler(parts.s3, { ...protocolParts, signerOfForm })
  const administer = adminHandler(admin, protocolParts)
  const serveConsole = consoleFiles()
  const byTarget = (names: Iterable<string>) =>
    new Map([...names].map((name) => [modelOf(name).targetPrefix ?? '', name]))
  const known: KnownServices = {
    byTarget: byTarget(json.keys()),
    cborByTarget: byTarget(cbor.keys()),
    query: new Set(queryServices.map((service) => service.signingName)),
  }

  return async (exchange) => {
    const tooMany = headerCountRefusal(exchange.message)
    if (tooMany !== undefined) return { status: tooMany.status, headers: {}, body: `${tooMany.message}\n` }
    if (wantsConsole(exchange.head)) return toConsole()
    if (exchange.head.rawPath.startsWith(CONSOLE_PREFIX)) return serveConsole(exchange.head)
    const route = routeOf(exchange.head, known)
    switch (route.kind) {
      case 'json':
      case 'cbor': {
        const handler = (route.kind === 'json' ? json : cbor).get(route.service)
        if (handler === undefined) return unknownJsonAnswer(route.service, ids.uuid())
        return handler(exchange, route.operation)
      }
      case 'query':
        return query(exchange, route.service)
      case 's3':
        return s3(exchange)
      case 'admin':
        return administer(exchange)
      case 'unknown': {
        const answer = route.dialect === 'json' ? unknownJsonAnswer : unknownQueryAnswer
        return answer(route.name, ids.uuid())
      }
    }
  }
}

function bind(server: Server, { host, port }: { host: string; port: number }): Promise<void> {
  return new Promise((resolve, reject) => {
    const onError = (error: NodeJS.ErrnoException) => reject(bindRefusal(error, host, port))
    server.once('error', onError)
    server.listen(port, host, () => {
      server.off('error', onError)
      resolve()
    })
  })
}

function bindRefusal(cause: NodeJS.ErrnoException, host: string, port: number): Error {
  switch (cause.code) {
    case 'EADDRINUSE':
      return new Refusal(
        'portInUse',
        `Port ${port} on ${host} is in use by another program. Stop that program, or choose another port with --port.`,
        { cause },
      )
    case 'EACCES':
      return new Refusal('portInUse', `This user may not listen on port ${port}. Choose one above 1023 with --port.`, {
        cause,
      })
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return new Refusal('addressNotAvailable', `${host} is no address of this machine. Choose another with --host.`, {
        cause,
      })
    default:
      return cause
  }
}

const MALFORMED_STATUS: Readonly<Record<string, string>> = {
  HPE_HEADER_OVERFLOW: '431 Request Header Fields Too Large',
  ERR_HTTP_REQUEST_TIMEOUT: '408 Request Timeout',
}

const NONE: ReadonlySet<ServerResponse> = new Set()

/**
 * What is not HTTP gets the plainest answer there is; node has given no request to answer. Requests that came whole
 * before it on the same connection are answered first, and nothing is written into the middle of an answer.
 */
function refuseMalformed(error: NodeJS.ErrnoException, socket: Socket, unanswered: ReadonlySet<ServerResponse>): void {
  const responses = [...unanswered]
  const whole = responses.findLast(({ req }) => req.complete)
  if (whole !== undefined) {
    whole.once('close', () => refuseMalformed(error, socket, unanswered))
    return
  }
  if (error.code === 'ECONNRESET' || !socket.writable || responses.some(({ headersSent }) => headersSent)) {
    socket.destroy()
    return
  }
  const status = MALFORMED_STATUS[error.code ?? ''] ?? '400 Bad Request'
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`)
}
