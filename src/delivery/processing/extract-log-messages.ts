/**
 * Messages of CloudWatch Logs' subscription records become records, without the data about them.
 *
 *   {"messageType":"DATA_MESSAGE","owner":"…","logGroup":"…","logStream":"…","subscriptionFilters":["…"],
 *    "logEvents":[{"id":"…","timestamp":1510109208016,"message":"…"}, …]}
 *
 * AWS's documentation: "Firehose filters out all metadata, such as owner, loggroup, logstream, and others, and delivers
 * only the content inside the message fields." CONTROL_MESSAGE is what CloudWatch Logs sends to see whether anybody is
 * there; it is dropped. Everything else goes to `processing-failed`. A record may hold several of them, one after the
 * other. What fails in a later step is delivered as it was put, compressed: a message's source is its whole record.
 */
import type { Clock } from '../../platform/clock.ts'
import { failedRecord } from './failed-record.ts'
import { JsonCursor, NotJson } from './json-cursor.ts'
import { asBuffer, type Pace, perRecord, withData } from './per-record.ts'
import type { Processor } from './record.ts'

/**
 * Of one call: a few kilobytes may decompress to a million empty messages, each of which costs some hundred bytes here.
 * CloudWatch Logs takes 10,000 in one call itself.
 */
export const MESSAGES_MAX = 250_000

export function logMessageExtractor(clock: Clock, messagesMax = MESSAGES_MAX): Processor {
  return perRecord(async (record, { records, failed }, pace) => {
    const extracted = await messagesOf(asBuffer(record.data), messagesMax - records.length, pace)
    if (extracted.kind === 'messages') {
      for (const data of extracted.messages) records.push(withData(record, data))
      return
    }
    const { code, message } =
      extracted.kind === 'tooMany'
        ? ({
            code: 'CloudWatchLogProcessing.OutputTooLarge',
            message: `The records that are processed at once hold more than ${messagesMax} messages.`,
          } as const)
        : ({
            code: 'CloudWatchLogProcessing.MalformedData',
            message: `The record is not a message of CloudWatch Logs: ${extracted.why}`,
          } as const)
    failed.push(failedRecord(record.source, { outputType: 'processing-failed', code, message }, clock))
  })
}

type Extracted =
  | { readonly kind: 'messages'; readonly messages: readonly Uint8Array[] }
  | { readonly kind: 'tooMany' }
  | { readonly kind: 'malformed'; readonly why: string }

class TooMany extends Error {}

async function messagesOf(bytes: Buffer, messagesMax: number, pace: Pace): Promise<Extracted> {
  const messages: Uint8Array[] = []
  const cursor = new JsonCursor(bytes)
  try {
    do {
      const { type, events } = await readEnvelope(cursor, messagesMax - messages.length, pace)
      if (type === 'CONTROL_MESSAGE') continue
      if (type !== 'DATA_MESSAGE') throw new NotJson('it has no messageType that is known.')
      if (events === undefined) throw new NotJson('the DATA_MESSAGE has no logEvents.')
      for (const message of events) messages.push(message)
    } while (!cursor.isAtEnd())
    return { kind: 'messages', messages }
  } catch (error) {
    if (error instanceof TooMany) return { kind: 'tooMany' }
    if (error instanceof NotJson) return { kind: 'malformed', why: error.message }
    throw error
  }
}

interface Envelope {
  type: string | undefined
  events: readonly Uint8Array[] | undefined
}

async function readEnvelope(cursor: JsonCursor, messagesMax: number, pace: Pace): Promise<Envelope> {
  const envelope: Envelope = { type: undefined, events: undefined }
  cursor.enterObject()
  for (let name = cursor.nextMember(); name !== undefined; name = cursor.nextMember()) {
    if (name === 'messageType') envelope.type = cursor.text().toString()
    else if (name === 'logEvents') envelope.events = await readEvents(cursor, messagesMax, pace)
    else cursor.skip()
  }
  return envelope
}

async function readEvents(cursor: JsonCursor, messagesMax: number, pace: Pace): Promise<Uint8Array[]> {
  const messages: Uint8Array[] = []
  cursor.enterArray()
  for (let begun = cursor.at; cursor.nextElement(); begun = cursor.at) {
    if (messages.length === messagesMax) throw new TooMany()
    messages.push(readMessage(cursor))
    const pause = pace.spent(cursor.at - begun)
    if (pause !== undefined) await pause
  }
  return messages
}

function readMessage(cursor: JsonCursor): Buffer {
  let message: Buffer | undefined
  cursor.enterObject()
  for (let name = cursor.nextMember(); name !== undefined; name = cursor.nextMember()) {
    if (name === 'message') message = cursor.text()
    else cursor.skip()
  }
  if (message === undefined) throw new NotJson('a log event has no message.')
  return message
}
