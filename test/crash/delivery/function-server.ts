/** The Lambda function of a crash test: judges records by their number; is slow, fails or hangs up now and then. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Random } from '../../../src/platform/random.ts'
import { numberIn, transformed, verdictOn } from './records.ts'

export interface FunctionServer {
  readonly url: string
  /** Records that an answer called Dropped, whether or not the lake lived to hear it. */
  readonly dropped: ReadonlySet<number>
  readonly invocations: number
  close(): Promise<void>
}

interface Event {
  readonly records: readonly { readonly recordId: string; readonly data: string }[]
}

export async function startFunctionServer(random: Random): Promise<FunctionServer> {
  const dropped = new Set<number>()
  let invocations = 0
  const judged = ({ recordId, data }: Event['records'][number]) => {
    const record = Buffer.from(data, 'base64').toString()
    const number = numberIn(record)
    const result = verdictOn(number)
    if (result === 'Dropped') dropped.add(number)
    if (result !== 'Ok') return { recordId, result }
    return { recordId, result, data: Buffer.from(transformed(record)).toString('base64') }
  }
  const server = createServer(async (request, response) => {
    invocations += 1
    const body = await bodyOf(request)
    if (body === undefined) return
    const luck = random.unit()
    if (luck < 0.15) await new Promise((resolve) => setTimeout(resolve, random.unit() * 400))
    if (luck < 0.03) response.destroy()
    else if (luck < 0.06) answer(response, { errorMessage: 'simulated' }, { 'x-amz-function-error': 'Unhandled' })
    else answer(response, { records: (JSON.parse(body) as Event).records.map(judged) })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    dropped,
    get invocations() {
      return invocations
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

function answer(response: ServerResponse, document: unknown, headers: Record<string, string> = {}): void {
  response.writeHead(200, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(document))
}

/** undefined: whoever asked was killed before the end of its request. */
async function bodyOf(request: IncomingMessage): Promise<string | undefined> {
  try {
    const chunks: Buffer[] = []
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk)
    return Buffer.concat(chunks).toString()
  } catch {
    // The lake is gone, and with it the one to answer.
    return undefined
  }
}
