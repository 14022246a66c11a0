/**
 * A small closed-loop load: `connections` requests in flight over keep-alive sockets, every request signed before the
 * clock starts, so that the client costs as little as it can. Loopback only.
 */
import { createHash, createHmac, type Hash, type Hmac } from 'node:crypto'
import { once } from 'node:events'
import http from 'node:http'
import { connect, type Socket } from 'node:net'
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
  /** Of the bodies of answers. */
  readonly bytes: number
  readonly seconds: number
  readonly perSecond: number
  readonly p50Ms: number
  readonly p99Ms: number
}

/** `payload: 'unsigned'` leaves the body out of the signature, as S3 allows; the default signs its hash. */
export async function prepare(
  target: Target,
  service: string,
  request: {
    method: string
    path: string
    query?: Record<string, string>
    headers: Record<string, string>
    body: Buffer
    payload?: 'unsigned'
  },
): Promise<PreparedRequest> {
  const url = new URL(target.endpoint)
  const { method, path, query = {}, body } = request
  const headers = {
    ...request.headers,
    host: url.host,
    'content-length': String(body.length),
    'x-amz-content-sha256': request.payload === 'unsigned' ? 'UNSIGNED-PAYLOAD' : sha256Of(body),
  }
  const signed = await signerOf(target, service).sign({
    method,
    protocol: 'http:',
    hostname: url.hostname,
    port: Number(url.port),
    path,
    query,
    headers,
  })
  const parameters = Object.entries(query).map(([name, value]) => `${encoded(name)}=${encoded(value)}`)
  const pathAndQuery = parameters.length === 0 ? path : `${path}?${parameters.join('&')}`
  return { method, path: pathAndQuery, headers: signed.headers, body }
}

const signers = new Map<string, SignatureV4>()

function signerOf(target: Target, service: string): SignatureV4 {
  const id = `${service} ${target.endpoint}`
  const known = signers.get(id)
  if (known !== undefined) return known
  const signer = new SignatureV4({
    service,
    region: 'us-east-1',
    credentials: { accessKeyId: target.accessKeyId, secretAccessKey: target.secretAccessKey },
    sha256: NodeSha256,
    uriEscapePath: service !== 's3',
  })
  signers.set(id, signer)
  return signer
}

/** The signer's hash: node's own, because thousands of requests are signed before each turn. */
class NodeSha256 {
  readonly #hash: Hash | Hmac

  constructor(secret?: string | ArrayBuffer | ArrayBufferView) {
    this.#hash = secret === undefined ? createHash('sha256') : createHmac('sha256', secret as Uint8Array)
  }

  update(bytes: Uint8Array): void {
    this.#hash.update(bytes)
  }

  async digest(): Promise<Uint8Array> {
    return this.#hash.digest()
  }

  reset(): void {
    throw new Error('The signer makes a hash for each use.')
  }
}

const hashes = new WeakMap<Buffer, string>()

function sha256Of(body: Buffer): string {
  const known = hashes.get(body)
  if (known !== undefined) return known
  const hash = createHash('sha256').update(body).digest('hex')
  hashes.set(body, hash)
  return hash
}

const encoded = encodeURIComponent

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

/** Requests go round until `seconds` are over; with `once` each is sent at most once, and the load may end earlier. */
export async function load(
  target: Target,
  requests: readonly PreparedRequest[],
  options: { connections: number; seconds: number; once?: boolean },
): Promise<LoadResult> {
  const url = new URL(target.endpoint)
  const prepared = requests.map(written)
  const latencies: number[] = []
  let errors = 0
  let bytes = 0
  let next = 0
  const startedAt = performance.now()
  const endsAt = startedAt + options.seconds * 1000
  const last = options.once ? prepared.length : Number.POSITIVE_INFINITY
  const worker = async () => {
    let connection = await Connection.open(url)
    while (performance.now() < endsAt && next < last) {
      const request = prepared[next++ % prepared.length] as WrittenRequest
      const sentAt = performance.now()
      if (!connection.isOpen) {
        connection.close()
        connection = await Connection.open(url)
      }
      const answer = await connection.send(request)
      if (answer.status >= 300) errors++
      else latencies.push(performance.now() - sentAt)
      bytes += answer.bodyBytes
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
    bytes,
    seconds,
    perSecond: latencies.length / seconds,
    p50Ms: at(0.5),
    p99Ms: at(0.99),
  }
}

const READ_BYTES = 256 * 1024

interface Answer {
  readonly status: number
  readonly bodyBytes: number
}

/**
 * One keep-alive socket, one request in flight: the least a client can cost, so that the figures are the server's.
 * Bodies are counted as they come, into one buffer that is used again, and never put together.
 */
class Connection {
  /** False once the server has said or shown that it closes: some answer one request a connection. */
  isOpen = true
  readonly #socket: Socket
  #answered: ((answer: Answer) => void) | undefined
  #failed: ((error: Error) => void) | undefined
  #isHead = false
  /** What came before the end of the answer's head was seen. */
  #partialHead = ''
  #status = 0
  #bodyBytes = 0
  /** NaN: chunked, and its end is seen by the last chunk; Infinity: until the server closes. */
  #bodyLength = 0
  #tail = ''

  constructor(url: URL) {
    const onread = {
      buffer: Buffer.allocUnsafe(READ_BYTES),
      callback: (count: number, buffer: Uint8Array) => {
        this.#receive(Buffer.from(buffer.buffer, buffer.byteOffset, count))
        return true
      },
    }
    this.#socket = connect({ port: Number(url.port), host: url.hostname, noDelay: true, onread })
    this.#socket.on('error', (error) => this.#failed?.(error))
    this.#socket.on('close', () => {
      this.isOpen = false
      if (this.#bodyLength === Number.POSITIVE_INFINITY && this.#status !== 0) this.#end()
      else this.#failed?.(new Error('the server closed the connection before it answered'))
    })
  }

  static async open(url: URL): Promise<Connection> {
    const connection = new Connection(url)
    await once(connection.#socket, 'connect')
    return connection
  }

  send(request: WrittenRequest): Promise<Answer> {
    return new Promise((resolve, reject) => {
      this.#answered = resolve
      this.#failed = reject
      this.#isHead = request.isHead
      this.#socket.cork()
      this.#socket.write(request.head)
      if (request.body.length > 0) this.#socket.write(request.body)
      this.#socket.uncork()
    })
  }

  close(): void {
    this.#failed = undefined
    this.#answered = undefined
    this.#socket.destroy()
  }

  #receive(chunk: Buffer): void {
    const body = this.#status === 0 ? this.#readHead(chunk) : chunk
    if (body === undefined) return
    this.#bodyBytes += body.length
    if (Number.isNaN(this.#bodyLength)) {
      this.#tail = (this.#tail + body.toString('latin1', Math.max(0, body.length - 5))).slice(-5)
      if (this.#tail === '0\r\n\r\n') this.#end()
    } else if (this.#bodyBytes >= this.#bodyLength) this.#end()
  }

  /** What of the body came with the end of the head; undefined when the head is not whole yet. */
  #readHead(chunk: Buffer): Buffer | undefined {
    const before = this.#partialHead.length
    const text = this.#partialHead + chunk.toString('latin1', 0, Math.min(chunk.length, 16 * 1024))
    const end = text.indexOf('\r\n\r\n')
    if (end < 0) {
      this.#partialHead = text
      return undefined
    }
    const head = text.slice(0, end)
    this.#partialHead = ''
    this.#status = Number(head.slice(9, 12))
    if (head.startsWith('HTTP/1.0') || /\r\nconnection: *close/i.test(head)) this.isOpen = false
    this.#bodyLength = this.#isHead || this.#status === 204 || this.#status === 304 ? 0 : bodyLengthOf(head)
    return chunk.subarray(end + 4 - before)
  }

  #end(): void {
    const answer = { status: this.#status, bodyBytes: this.#bodyBytes }
    this.#status = 0
    this.#bodyBytes = 0
    this.#tail = ''
    this.#failed = undefined
    this.#answered?.(answer)
  }
}

function bodyLengthOf(head: string): number {
  const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1]
  if (length !== undefined) return Number(length)
  return /\r\ntransfer-encoding: *chunked/i.test(head) ? Number.NaN : Number.POSITIVE_INFINITY
}

interface WrittenRequest {
  readonly isHead: boolean
  readonly head: Buffer
  readonly body: Buffer
}

function written(request: PreparedRequest): WrittenRequest {
  const lines = Object.entries(request.headers).map(([name, value]) => `${name}: ${value}`)
  return {
    isHead: request.method === 'HEAD',
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
