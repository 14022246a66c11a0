/** An S3 service over a local store, and a small client that calls it in process, as the gateway would. */

import { afterEach, beforeEach } from 'vitest'
import type { Clock } from '../../../src/platform/clock.ts'
import type { MetadataDatabase } from '../../../src/platform/sqlite.ts'
import { type Access, openAccess } from '../../../src/services/access.ts'
import type { Caller } from '../../../src/services/operation.ts'
import { s3Service } from '../../../src/services/s3/index.ts'
import { WireError } from '../../../src/wire/error.ts'
import type { WireRequest } from '../../../src/wire/http.ts'
import { encodeRestXmlError } from '../../../src/wire/rest-xml/index.ts'
import { bytesOf } from '../../contracts/object-store.ts'
import { dataDirectory, type Options } from '../../objects/local/support.ts'
import { rootCaller } from '../../support/callers.ts'

export interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly bytes: Buffer
  readonly text: string
}

export interface Call {
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | Uint8Array
  readonly host?: string
  /** Default: what the body has. */
  readonly announced?: number
  readonly trailers?: Readonly<Record<string, string>>
  /** Default: root. */
  readonly as?: Caller
}

const CALLER = rootCaller()

interface WorldOptions extends Options {
  /** Made at once. Default: none. */
  readonly bucket?: string
  readonly region?: string
  /** Default: nothing is asked. */
  readonly accessOf?: (parts: { database: MetadataDatabase; clock: Clock }) => Access
  readonly principalExists?: (principal: string) => boolean
}

export async function s3World(given: WorldOptions = {}) {
  const { bucket, region = 'us-east-1', accessOf = () => openAccess, principalExists = () => true, ...options } = given
  const data = await dataDirectory()
  const { store, keys, database, close } = await data.open(options)
  const clock: Clock = data.clock
  const service = s3Service({
    objects: store,
    keys,
    settings: { region, accountId: '000000000000' },
    clock,
    access: accessOf({ database, clock }),
    principalExists,
  })

  /** `target`: path and query as sent, `/bucket/key?versionId=…`. Errors come back encoded, as on the wire. */
  async function call(
    method: string,
    target: string,
    { headers = {}, body = '', as = CALLER, ...rest }: Call = {},
  ): Promise<Answer> {
    const bytes = Buffer.from(body as string)
    const request = requestOf(method, target, { headers, bytes, ...rest })
    const response = await service
      .handle(request, as, (_fields, sender) => sender)
      .catch((error: unknown) => {
        if (!(error instanceof WireError)) throw error
        return encodeRestXmlError(error, { requestId: CALLER.requestId, hostId: 'host' })
      })
    const answer = response.body === undefined ? Buffer.alloc(0) : await bodyBytes(response.body)
    return {
      status: response.status,
      headers: response.headers,
      bytes: answer,
      // Large objects are read for their bytes only, and take long to become text.
      get text() {
        return answer.toString()
      },
    }
  }

  if (bucket !== undefined) await call('PUT', `/${bucket}`)
  return {
    store,
    keys,
    service,
    clock: data.clock,
    call,
    async close() {
      await close()
      await data.remove()
    },
  }
}

interface Callable {
  call(method: string, target: string, given?: Call): Promise<Answer>
  close(): Promise<void>
}

/** Each test of the file that asks has a world of its own; both of what is given mean that of the test that runs. */
export function perTest<World extends Callable>(make: () => Promise<World>) {
  let made: World | undefined
  const world = (): World => {
    if (made === undefined) throw new Error('There is a world only while a test runs.')
    return made
  }
  beforeEach(async () => {
    made = await make()
  })
  afterEach(() => world().close())
  const call: Callable['call'] = (...asked) => world().call(...asked)
  return { world, call }
}

function requestOf(
  method: string,
  target: string,
  {
    headers,
    bytes,
    host = 'localhost:4566',
    trailers = {},
    announced = bytes.byteLength,
  }: Omit<Call, 'body' | 'as'> & { bytes: Buffer },
): WireRequest {
  const [rawPath = '/', query = ''] = target.split('?')
  return {
    requestId: CALLER.requestId,
    method,
    host,
    rawPath,
    query: [...new URLSearchParams(query)],
    headers: Object.fromEntries(Object.entries(headers ?? {}).map(([name, value]) => [name.toLowerCase(), value])),
    body: (async function* () {
      for (let at = 0; at < bytes.byteLength; at += 65_536) yield bytes.subarray(at, at + 65_536)
    })(),
    bodyLength: announced,
    trailers: Promise.resolve(trailers),
    signal: new AbortController().signal,
  }
}

function bodyBytes(body: Uint8Array | string | AsyncIterable<Uint8Array>): Promise<Buffer> {
  if (typeof body === 'string' || body instanceof Uint8Array) return Promise.resolve(Buffer.from(body as string))
  return bytesOf(body)
}

/** The text of the first element of that name. */
export function elementOf(xml: string, name: string): string | undefined {
  return elementsOf(xml, name)[0]
}

/** The texts of all elements of that name; '' for an empty one. */
export function elementsOf(xml: string, name: string): string[] {
  const pattern = new RegExp(`<${name}(?: [^>]*)?(?:/>|>([^<]*)</${name}>)`, 'g')
  return [...xml.matchAll(pattern)].map((match) => match[1] ?? '')
}
