/** A stream's live figures: what is buffered and what was delivered. AWS has no call for them; lakelet's admin service has. */
import type { Connection } from './connection.ts'

export interface StreamFigures {
  readonly name: string
  readonly bufferedRecords: number
  readonly bufferedBytes: number
  readonly deliveredRecords: number
  readonly deliveredObjects: number
  /** When the open buffer will be delivered at the latest; undefined: nothing is buffered. */
  readonly dueInMs: number | undefined
  readonly lastError: string | undefined
}

/** undefined when the endpoint has no such service (AWS). */
export async function streamFigures(connection: Connection, name: string): Promise<StreamFigures | undefined> {
  const answer = await fetch(`${connection.endpoint}/_lakelet/streams`, { signal: AbortSignal.timeout(5000) })
  if (!answer.ok) return undefined
  const { streams } = (await answer.json()) as { streams: StreamFigures[] }
  return streams.find((stream) => stream.name === name)
}
