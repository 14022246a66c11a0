/**
 * Names of delivered objects: `<prefix><stream>-<version>-<yyyy-MM-dd-HH-mm-ss>-<uuid><extension>`.
 *
 * A prefix without any expression gets `yyyy/MM/dd/HH/` appended, with no slash between; one with an expression gets
 * nothing. Every date is the arrival of the batch's oldest record, in the stream's time zone.
 */
import type { Ids } from '../platform/ids.ts'
import { Refusal } from '../platform/refusal.ts'
import { codecs } from './compression.ts'
import type { S3Destination } from './destination.ts'
import { parseDateTimePattern } from './prefix/date-time-pattern.ts'
import { evaluatePrefix, parsePrefix } from './prefix/prefix-expression.ts'
import { zonedDate } from './prefix/zoned-date.ts'

export interface BatchName {
  readonly stream: string
  readonly version: number
  readonly firstRecordAtMs: number
}

const datedFolders = parseDateTimePattern('yyyy/MM/dd/HH/')
const suffixTime = parseDateTimePattern('yyyy-MM-dd-HH-mm-ss')

export function objectKey(destination: S3Destination, batch: BatchName, ids: Ids): string {
  const date = zonedDate(batch.firstRecordAtMs, destination.timeZone)
  const expression = parsePrefix(destination.prefix ?? '')
  const prefix = evaluatePrefix(expression, { date, ids })
  const folders = expression.hasExpressions ? '' : datedFolders(date)
  const extension = destination.fileExtension || codecs[destination.compression].extension
  return `${prefix}${folders}${batch.stream}-${batch.version}-${suffixTime(date)}-${ids.uuid()}${extension}`
}

const KEY_BYTES_MAX = 1024
const PREFIX_CHARACTERS_MAX = 512

/** Refuses a destination whose keys S3 would not take: better when it is made than at the first delivery. */
export function checkKeyLength(destination: S3Destination, batch: BatchName, ids: Ids): void {
  const date = zonedDate(batch.firstRecordAtMs, destination.timeZone)
  const prefix = evaluatePrefix(parsePrefix(destination.prefix ?? ''), { date, ids })
  const keyBytes = Buffer.byteLength(objectKey(destination, batch, ids))
  if (prefix.length <= PREFIX_CHARACTERS_MAX && keyBytes <= KEY_BYTES_MAX) return
  throw new Refusal(
    'invalidDestination',
    `Prefix is too long: evaluated it may have ${PREFIX_CHARACTERS_MAX} characters, and the object key ${KEY_BYTES_MAX} bytes.`,
  )
}
