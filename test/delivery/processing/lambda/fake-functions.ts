/**
 * A server of the Lambda API, as a test wants it to behave: real HTTP on loopback, real sockets that can be cut. What
 * it says is what Lambda and its emulator say.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'

export interface FunctionEvent {
  readonly invocationId: string
  readonly deliveryStreamArn: string
  readonly region: string
  readonly records: readonly {
    readonly recordId: string
    readonly approximateArrivalTimestamp: number
    readonly data: string
  }[]
}

export interface Received {
  readonly path: string
  readonly headers: IncomingMessage['headers']
  readonly body: string
  readonly event: FunctionEvent
  readonly socket: Socket
}

export type Behaviour = (received: Received, response: ServerResponse) => unknown

export class FakeFunctions {
  readonly received: Received[] = []
  /** Sockets that were opened, and those still open. */
  readonly sockets: Socket[] = []
  readonly #server: Server
  #behaviours: readonly Behaviour[] = [echo]
  #watchers: (() => void)[] = []

  private constructor(server: Server) {
    this.#server = server
    server.on('connection', (socket) => this.sockets.push(socket))
    server.on('request', (request, response) => this.#serve(request, response))
  }

  static async start(): Promise<FakeFunctions> {
    const server = createServer()
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    return new FakeFunctions(server)
  }

  /** One for each invocation in their order; the last one stays. */
  behave(...behaviours: readonly Behaviour[]): void {
    this.#behaviours = behaviours
    this.received.length = 0
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  /** Resolves when as many invocations have come in since the last `behave`. */
  async hasReceived(count: number): Promise<void> {
    while (this.received.length < count) await new Promise<void>((resolve) => this.#watchers.push(resolve))
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise((resolve) => this.#server.close(resolve))
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const body = Buffer.concat(chunks).toString('utf8')
    const { url: path = '', headers, socket } = request
    const received = { path, headers, body, event: JSON.parse(body) as FunctionEvent, socket }
    const behaviour = this.#behaviours[Math.min(this.received.length, this.#behaviours.length - 1)] as Behaviour
    this.received.push(received)
    for (const watcher of this.#watchers.splice(0)) watcher()
    await behaviour(received, response)
  }
}

export const dataOf = (record: FunctionEvent['records'][number]) => Buffer.from(record.data, 'base64').toString('utf8')

/** What the function returns, as JSON. */
export const returns =
  (answer: (event: FunctionEvent) => unknown): Behaviour =>
  ({ event }, response) =>
    response.end(JSON.stringify(answer(event)))

export const answers = (answer: (record: FunctionEvent['records'][number], index: number) => object): Behaviour =>
  returns(({ records }) => ({ records: records.map(answer) }))

export const echo = answers(({ recordId, data }) => ({ recordId, result: 'Ok', data }))

/** Lambda: the function threw, or ran into its own time limit. */
export const functionError =
  (errorMessage: string, errorType = 'Error'): Behaviour =>
  (_received, response) =>
    response
      .writeHead(200, { 'x-amz-function-error': 'Unhandled' })
      .end(JSON.stringify({ errorMessage, errorType, trace: [] }))

/** Lambda: the invocation was refused. */
export const exception =
  (status: number, name?: string, message = 'No.'): Behaviour =>
  (_received, response) =>
    response
      .writeHead(status, name === undefined ? {} : { 'x-amzn-errortype': name })
      .end(JSON.stringify({ Type: 'User', message }))

export const says =
  (status: number, body: string): Behaviour =>
  (_received, response) =>
    response.writeHead(status).end(body)

export const never: Behaviour = () => undefined

/** The connection is cut before anything is said. */
export const hangsUp: Behaviour = ({ socket }) => socket.destroy()

/** The connection is cut in the middle of an answer that would have been a good one. */
export const hangsUpMidway: Behaviour = ({ socket, event }, response) => {
  const text = JSON.stringify({ records: event.records })
  response.writeHead(200, { 'content-length': text.length })
  response.write(text.slice(0, text.length / 2), () => socket.destroy())
}

/** The head and a first byte, and then nothing more. */
export const dripsOnce: Behaviour = (_received, response) => {
  response.writeHead(200, { 'content-length': 1_000 })
  response.write('{')
}

/** An answer without an end, for as long as somebody reads it. */
export const answersForEver: Behaviour = (_received, response) => {
  const chunk = 'x'.repeat(262_144)
  const more = () => {
    while (!response.destroyed && response.write(chunk));
  }
  response.on('drain', more)
  more()
}
