/** A stream's live figures: what is buffered and what was delivered. AWS has no call for them; lakelet's admin service has. */
import { Sha256 } from '@aws-crypto/sha256-js'
import { SignatureV4 } from '@smithy/signature-v4'
import { Refusal } from '../platform/refusal.ts'
import type { Connection } from './connection.ts'

export interface StreamFigures {
  readonly name: string
  readonly bufferedRecords: number
  readonly bufferedBytes: number
  readonly deliveredRecords: number
  readonly deliveredObjects: number
  /** Until the open buffer is closed at the latest; absent when it is empty. */
  readonly dueInMs?: number
  readonly lastError?: string
}

/** undefined when the lake has no stream of that name. */
export async function streamFigures(connection: Connection, name: string): Promise<StreamFigures | undefined> {
  const url = new URL('/_lakelet/streams', connection.endpoint)
  const signer = new SignatureV4({
    service: 'lakelet',
    region: connection.region,
    credentials: connection,
    sha256: Sha256,
  })
  const { headers } = await signer.sign({
    method: 'GET',
    protocol: url.protocol,
    hostname: url.hostname,
    path: url.pathname,
    headers: { host: url.host },
  })
  const answer = await fetch(url, { headers, signal: AbortSignal.timeout(5000) })
  if (!answer.ok) throw new Refusal('noFigures', `${url} answers ${answer.status}: ${await answer.text()}`)
  const { streams } = (await answer.json()) as { streams: StreamFigures[] }
  return streams.find((figures) => figures.name === name)
}
