/** The lake's own calls, for which AWS has no name: signed like any of AWS's, for service `lakelet`. */
import { Sha256 } from '@aws-crypto/sha256-js'
import { SignatureV4 } from '@smithy/signature-v4'
import { Refusal } from '../platform/refusal.ts'
import type { Connection } from './connection.ts'

const WITHIN_MS = 60_000

/** The JSON of the answer. What the lake refuses is thrown with its words. */
export async function adminCall<Answer>(connection: Connection, method: 'GET' | 'POST', path: string): Promise<Answer> {
  const url = new URL(path, connection.endpoint)
  const signer = new SignatureV4({
    service: 'lakelet',
    region: connection.region,
    credentials: connection,
    sha256: Sha256,
  })
  const { headers } = await signer.sign({
    method,
    protocol: url.protocol,
    hostname: url.hostname,
    path: url.pathname,
    headers: { host: url.host },
  })
  const answer = await fetch(url, { method, headers, signal: AbortSignal.timeout(WITHIN_MS) })
  if (answer.ok) return (await answer.json()) as Answer
  const text = await answer.text()
  throw new Refusal('adminCallRefused', wordsOf(text) ?? `${url} answers ${answer.status}: ${text}`)
}

function wordsOf(text: string): string | undefined {
  try {
    return (JSON.parse(text) as { error?: string }).error
  } catch {
    // Not the lake's answer: the text itself says more.
    return undefined
  }
}
