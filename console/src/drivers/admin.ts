/** The lake's own calls, for which AWS has no name, signed like any of AWS's for the service `lakelet`. */
import { Sha256 } from '@aws-crypto/sha256-js'
import { SignatureV4 } from '@smithy/signature-v4'
import { clientConfig } from './connection.ts'

export interface StreamFigures {
  readonly name: string
  readonly bufferedRecords: number
  readonly bufferedBytes: number
  readonly sealedBatches: number
  readonly oldestAgeMs?: number
  readonly dueInMs?: number
  readonly acceptedRecords: number
  readonly acceptedBytes: number
  readonly deliveredObjects: number
  readonly deliveredRecords: number
  readonly deliveredBytes: number
  readonly lastError?: string
  readonly lastErrorAtMs?: number
}

export async function streamFigures(): Promise<readonly StreamFigures[]> {
  const { streams } = await signedGet<{ streams: readonly StreamFigures[] }>('/_lakelet/streams')
  return streams
}

async function signedGet<Answer>(path: string): Promise<Answer> {
  const { region, credentials } = clientConfig()
  const signer = new SignatureV4({ service: 'lakelet', region, credentials, sha256: Sha256 })
  const { headers } = await signer.sign({
    method: 'GET',
    protocol: location.protocol,
    hostname: location.hostname,
    path,
    query: {},
    headers: { host: location.host },
  })
  const { host: _, ...sent } = headers
  const answer = await fetch(path, { headers: sent })
  const body = (await answer.json()) as Answer & { error?: string; code?: string }
  if (answer.ok) return body
  throw Object.assign(new Error(body.error ?? `The lake answers ${answer.status}.`), { name: body.code ?? 'Error' })
}
