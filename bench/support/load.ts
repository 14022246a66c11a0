/**
 * A small closed-loop load: `connections` requests in flight over keep-alive sockets, every request signed before the
 * clock starts, so that the client costs as little as it can. Loopback only.
 */
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import http from 'node:http'
import { connect, type Socket } from 'node:net'
import { Sha256 } from '@aws-crypto/sha256-js'
import { SignatureV4 } from '@smithy/signature-v4'

export interface Target {
  readonly endpoint: string
  readonly accessKeyId: string
  readonly secretAccessKey: string
}

export interface PreparedRequest {
  readonly method: string
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer
}

export interface LoadResult {
  readonly requests: number
  readonly errors: number
  readonly seconds: number
  readonly perSecond: number
  readonly p50Ms: number
  readonly p99Ms: number
}

export async function prepare(
  target: Target,
  service: string,
  request: { method: string; path: string; headers: Record<string, string>; body: Buffer },
): Promise<PreparedRequest> {
  const url = new URL(target.endpoint)
  const signer = new SignatureV4({
    service,
    region: 'us-east-1',
    credentials: { accessKeyId: target.accessKeyId, secretAccessKey: target.secretAccessKey },
    sha256: Sha256,
    uriEscapePath: service !== 's3',
  })
  const hash = createHash('sha256').update(request.body).digest('hex')
  const headers = {
    ...request.headers,
    host: url.host,
    'content-length': String(request.body.length),
    'x-amz-content-sha256': hash,
  }
  const signed = await signer.sign({
    method: request.method,
    protocol: 'http:',
    hostname: url.hostname,
    port: Number(url.port),
    path: request.path,
    headers,
    body: request.body,
  })
  return { method: request.method, path: request.path, headers: signed.headers, body: request.body }
}

export function json(target: Target, service: string, operation: string, input: unknown): Promise<PreparedRequest> {
  const headers = { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': operation }
  return prepare(target, service, { method: 'POST', path: '/', headers, body: Buffer.from(JSON.stringify(input)) })
}

/** Sends one request; throws when the answer is an error. */
export async function call(target: Target, request: PreparedRequest): Promise<Buffer> {
  const agent = new http.Agent()
  const answer = await send(agent, new URL(target.endpoint), request)
  agent.destroy()
  if (answer.status >= 300)
    throw new Error(
      `${request.headers['x-amz-target'] ?? request.path} answered ${answer.status}: ${answer.body.toString().slice(0, 300)}`,
    )
  return answer.body
}

export async function load(
  target: Target,
  requests: readonly PreparedRequest[],
  options: { connections: number; seconds: number },
): Promise<LoadResult> {
  const url = new URL(target.endpoint)
  const prepared = requests.map(written)
  const latencies: number[] = []
  let errors = 0
  let next = 0
  const startedAt = performance.now()
  const endsAt = startedAt + options.seconds * 1000
  const worker = async () => {
    let connection = await Connection.open(url)
    while (performance.now() < endsAt) {
      const request = prepared[next++ % prepared.length] as WrittenRequest
      const sentAt = performance.now()
      if (!connection.isOpen) {
        connection.close()
        connection = await Connection.open(url)
      }
      const status = await connection.send(request)
      if (status >= 300) errors++
      else latencies.push(performance.now() - sentAt)
    }
    connection.close()
  }
  await Promise.all(Array.from({ length: options.connections }, worker))
  const seconds = (performance.now() - startedAt) / 1000
  latencies.sort((a, b) => a - b)
  const at = (share: number) =>
    latencies[Math.min(latencies.length - 1, Math.floor(latencies.length * share))] ?? Number.NaN
  return {
    requests: latencies.length,
    errors,
    seconds,
    perSecond: latencies.length / seconds,
    p50Ms: at(0.5),
    p99Ms: at(0.99),
  }
}

/** One keep-alive socket, one request in flight: the least a client can cost, so that the figures are the server's. */
class Connection {
  /** False once the server has said or shown that it closes: some answer one request a connection. */
  isOpen = true
  readonly #socket: Socket
  #received: Buffer = Buffer.alloc(0)
  #answered: ((status: number) => void) | undefined
  #failed: ((error: Error) => void) | undefined

  constructor(socket: Socket) {
    this.#socket = socket
    socket.setNoDelay(true)
    socket.on('data', (chunk) => this.#receive(chunk))
    socket.on('error', (error) => this.#failed?.(error))
    socket.on('close', () => {
      this.isOpen = false
      this.#failed?.(new Error('the server closed the connection before it answered'))
    })
  }

  static async open(url: URL): Promise<Connection> {
    const socket = connect(Number(url.port), url.hostname)
    await once(socket, 'connect')
    return new Connection(socket)
  }

  /** Resolves to the status. */
  send(request: WrittenRequest): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#answered = resolve
      this.#failed = reject
      this.#socket.cork()
      this.#socket.write(request.head)
      this.#socket.write(request.body)
      this.#socket.uncork()
    })
  }

  close(): void {
    this.#failed = undefined
    this.#socket.destroy()
  }

  #receive(chunk: Buffer): void {
    this.#received = this.#received.length === 0 ? chunk : Buffer.concat([this.#received, chunk])
    const headEnd = this.#received.indexOf('\r\n\r\n')
    if (headEnd < 0) return
    const head = this.#received.toString('latin1', 0, headEnd)
    const length = Number(/\r\ncontent-length: *(\d+)/i.exec(head)?.[1] ?? Number.NaN)
    if (Number.isNaN(length)) throw new Error('the benchmark needs answers with a Content-Length')
    if (this.#received.length < headEnd + 4 + length) return
    this.#received = Buffer.alloc(0)
    this.#failed = undefined
    if (head.startsWith('HTTP/1.0') || /\r\nconnection: *close/i.test(head)) this.isOpen = false
    this.#answered?.(Number(head.slice(9, 12)))
  }
}

interface WrittenRequest {
  readonly head: Buffer
  readonly body: Buffer
}

function written(request: PreparedRequest): WrittenRequest {
  const lines = Object.entries(request.headers).map(([name, value]) => `${name}: ${value}`)
  return {
    head: Buffer.from(`${request.method} ${request.path} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`, 'latin1'),
    body: request.body,
  }
}

function send(agent: http.Agent, url: URL, request: PreparedRequest): Promise<{ status: number; body: Buffer }> {
  return new Promise((resolve, reject) => {
    const sent = http.request(
      {
        agent,
        host: url.hostname,
        port: url.port,
        method: request.method,
        path: request.path,
        headers: request.headers,
      },
      (answer) => {
        const chunks: Buffer[] = []
        answer.on('data', (chunk: Buffer) => chunks.push(chunk))
        answer.on('end', () => resolve({ status: answer.statusCode ?? 0, body: Buffer.concat(chunks) }))
        answer.on('error', reject)
      },
    )
    sent.on('error', reject)
    sent.end(request.body)
  })
}
