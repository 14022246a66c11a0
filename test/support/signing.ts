/** Requests signed by an independent signer (@smithy/signature-v4), as heads that the verifier reads. */
import { Sha256 } from '@aws-crypto/sha256-js'
import { SignatureV4 } from '@smithy/signature-v4'
import type { RequestHead } from '../../src/wire/sigv4/canonical.ts'

export const SIGNED_AT = new Date('2026-01-15T12:00:00Z')
export const KEY = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY' }

export interface ToSign {
  readonly service?: string
  readonly region?: string
  readonly method?: string
  readonly path?: string
  readonly query?: Record<string, string | string[]>
  readonly headers?: Record<string, string>
  readonly body?: string | Buffer
}

function parts({
  service = 's3',
  region = 'us-east-1',
  method = 'GET',
  path = '/',
  query = {},
  headers = {},
  body,
}: ToSign) {
  const signer = new SignatureV4({
    service,
    region,
    credentials: KEY,
    sha256: Sha256,
    uriEscapePath: service !== 's3',
    applyChecksum: service === 's3',
  })
  const request = {
    method,
    protocol: 'http:',
    hostname: 'localhost',
    path,
    query,
    headers: { host: 'localhost:4566', ...headers },
    body,
  }
  return { signer, request }
}

export async function signedHead(toSign: ToSign): Promise<RequestHead> {
  const { signer, request } = parts(toSign)
  return headOf(await signer.sign(request, { signingDate: SIGNED_AT }))
}

export async function presignedHead(toSign: ToSign, expiresIn: number): Promise<RequestHead> {
  // As the S3 presigner does: without it this signer signs the hash of an empty body.
  const { signer, request } = parts({
    ...toSign,
    headers: { 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD', ...toSign.headers },
  })
  return headOf(await signer.presign(request, { signingDate: SIGNED_AT, expiresIn }))
}

interface Signed {
  readonly method: string
  readonly path: string
  readonly headers: Record<string, string>
  readonly query?: Record<string, string | string[] | null>
}

function headOf({ method, path, headers, query = {} }: Signed): RequestHead {
  const pairs = Object.entries(query).flatMap(([name, value]) =>
    (Array.isArray(value) ? value : [value ?? '']).map((one) => `${escaped(name)}=${escaped(one)}`),
  )
  const lowered = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value])
  return { method, rawPath: path, rawQuery: pairs.join('&'), headers: Object.fromEntries(lowered) }
}

export const escaped = (text: string) =>
  encodeURIComponent(text).replaceAll(/[!'()*]/g, (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`)
