/** A stream's live figures: what is buffered and what was delivered. AWS has no call for them; lakelet's admin service has. */
import { adminCall } from './admin-call.ts'
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
  const { streams } = await adminCall<{ streams: StreamFigures[] }>(connection, 'GET', '/_lakelet/streams')
  return streams.find((figures) => figures.name === name)
}
