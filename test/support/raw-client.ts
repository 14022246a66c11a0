/**
 * A client for what SDKs refuse to send: requests signed by an independent signer (@smithy/signature-v4) and then
 * spoilt at will, on a connection of their own.
 */
import { createHmac } from 'node:crypto'
import { request as httpRequest, type IncomingHttpHeaders } from 'node:http'
import { Sha256 } from '@aws-crypto/sha256-js'
import { SignatureV4 } from '@smithy/signature-v4'
import type { TestLake } from './lake.ts'

export interface RawCall {
  /** Signing name; 's3' when left out. undefined signs nothing. */
  readonly service?: string | undefined
  readonly method?: string
  /** As on the wire, already escaped. */
  readonly path?: string
  readonly query?: Readonly<Record<string, string>>
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | Buffer | ((seed: ChunkSeed) => Buffer)
  readonly signedAt?: Date
  readonly region?: string
  readonly accessKeyId?: string
  readonly secretAccessKey?: string
  readonly isUnsigned?: boolean
  /** Changes the headers after they were signed. */
  readonly spoilt?: (headers: Readonly<Record<string, string>>) => Record<string, string>
  /** Sent instead of the body that was signed. */
  readonly sentBody?: string | Buffer
}

export interface RawAnswer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: string
  /** The error code, in whichever dialect it came; undefined for a success. */
  readonly code: string | undefined
}

/** What chunk signatures continue. */
export interface ChunkSeed {
  readonly signature: string
  readonly amzDate: string
  readonly scope: string
  readonly key: Buffer
}

export async function sendRaw(lake: TestLake, call: RawCall): Promise<RawAnswer> {
  const { service = 's3', method = 'GET', path = '/', query = {}, body = '', region = 'us-east-1' } = call
  const url = new URL(lake.endpoint)
  const signedBody = typeof body === 'function' ? '' : body
  const unsigned = { host: url.host, ...call.headers }
  const headers = call.isUnsigned === true ? unsigned : await signed()
  const text = Object.entries(query).map(([name, value]) => `${escaped(name)}=${escaped(value)}`)
  return exchange({
    url,
    method,
    path: text.length === 0 ? path : `${path}?${text.join('&')}`,
    headers: call.spoilt?.(headers) ?? headers,
    body: call.sentBody ?? (typeof body === 'function' ? body(seedOf(headers)) : body),
  })

  async function signed(): Promise<Record<string, string>> {
    const signer = new SignatureV4({
      service,
      region,
      credentials: {
        accessKeyId: call.accessKeyId ?? lake.credentials.accessKeyId,
        secretAccessKey: call.secretAccessKey ?? lake.credentials.secretAccessKey,
      },
      sha256: Sha256,
      uriEscapePath: service !== 's3',
      applyChecksum: service === 's3',
    })
    const request = {
      method,
      protocol: 'http:',
      hostname: url.hostname,
      path,
      query,
      headers: unsigned,
      body: signedBody,
    }
    return (await signer.sign(request, { signingDate: call.signedAt ?? new Date() })).headers
  }

  function seedOf(signedHeaders: Readonly<Record<string, string>>): ChunkSeed {
    const amzDate = signedHeaders['x-amz-date'] ?? ''
    const date = amzDate.slice(0, 8)
    const key = [date, region, service, 'aws4_request'].reduce<Buffer>(
      (parent, part) => createHmac('sha256', parent).update(part).digest(),
      Buffer.from(`AWS4${call.secretAccessKey ?? lake.credentials.secretAccessKey}`),
    )
    const signature = /Signature=([0-9a-f]{64})/.exec(signedHeaders['authorization'] ?? '')?.[1] ?? ''
    return { signature, amzDate, scope: `${date}/${region}/${service}/aws4_request`, key }
  }
}

function exchange(call: {
  url: URL
  method: string
  path: string
  headers: Record<string, string>
  body: string | Buffer
}): Promise<RawAnswer> {
  const { url, method, path, headers, body } = call
  return new Promise((resolve, reject) => {
    const { hostname, port } = url
    const request = httpRequest({ hostname, port, method, path, headers, agent: false }, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('error', reject)
      response.on('end', () => {
        const text = Buffer.concat(chunks).toString()
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text, code: codeOf(text) })
      })
    })
    request.on('error', reject)
    request.end(body)
  })
}

function codeOf(body: string): string | undefined {
  return /<Code>([^<]*)<\/Code>/.exec(body)?.[1] ?? /"__type":"([^"]*)"/.exec(body)?.[1]
}

const escaped = (text: string) =>
  encodeURIComponent(text).replaceAll(/[!'()*]/g, (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`)
