/**
 * Names of delivered objects: `<prefix><stream>-<version>-<yyyy-MM-dd-HH-mm-ss>-<uuid><extension>`.
 *
 * A prefix without any expression gets `yyyy/MM/dd/HH/` appended, with no slash between; one with an expression gets
 * nothing. Every date is the arrival of the batch's oldest record, in the stream's time zone.
 *
 * Failed records go under the error output prefix: without an expression `<error-output-type>/yyyy/MM/dd/HH/` is
 * appended to it, and one that is not given is the data's own (which then has no expression either). Their objects are
 * plain JSON lines without an extension. The backup has a prefix and an extension of its own, and its dates are UTC:
 * a time zone can only be given to the stream's destination.
 */
import type { Ids } from '../platform/ids.ts'
import { Refusal } from '../platform/refusal.ts'
import { codecs } from './compression.ts'
import type { BackupDestination, S3Destination } from './destination.ts'
import { parseDateTimePattern } from './prefix/date-time-pattern.ts'
import {
  evaluatePrefix,
  type PrefixExpression,
  type PrefixMember,
  type PrefixValues,
  parsePrefix,
  partitionKeysIn,
  prefixConstraint,
} from './prefix/prefix-expression.ts'
import { UTC, type ZonedDate, zonedDate } from './prefix/zoned-date.ts'
import type { ErrorOutputType, PartitionKeys } from './processing/record.ts'

export interface BatchName {
  readonly stream: string
  readonly version: number
  readonly firstRecordAtMs: number
  /** A value for every key that the prefix names. */
  readonly partitionKeys?: PartitionKeys
}

/** What S3 takes. A key with long values of partition keys may be longer: see `isKey`. */
export const KEY_BYTES_MAX = 1024

/** For records that got through. */
export function objectKey(destination: S3Destination, batch: BatchName, ids: Ids): string {
  const { fileExtension, conversion, compression, timeZone } = destination
  const extension = fileExtension || (conversion === undefined ? codecs[compression].extension : PARQUET_EXTENSION)
  return dataKey({ prefix: destination.prefix, timeZone, extension }, batch, ids)
}

/** For records that did not, by why. */
export function errorKey(destination: S3Destination, batch: BatchName, type: ErrorOutputType, ids: Ids): string {
  const date = zonedDate(batch.firstRecordAtMs, destination.timeZone)
  return `${evaluatedErrorPrefix(destination, type, { date, ids })}${objectName(batch, date, ids)}`
}

/** For source records. */
export function backupKey({ prefix, compression }: BackupDestination, batch: BatchName, ids: Ids): string {
  return dataKey({ prefix, timeZone: UTC, extension: codecs[compression].extension }, batch, ids)
}

/** False: S3 would refuse it, today and for ever. */
export function isKey(key: string): boolean {
  return Buffer.byteLength(key) <= KEY_BYTES_MAX
}

/**
 * Refuses a destination whose keys S3 would not take: better when it is made than at the first delivery. Values of
 * partition keys are not known yet, and counted as one character each, as AWS does.
 */
export function checkKeyLength(destination: S3Destination, batch: BatchName, ids: Ids): void {
  checkKeysOf(destination, batch, ids)
  const { backup } = destination
  if (backup !== undefined) checkKeysOf({ ...destination, ...backup, conversion: undefined, timeZone: UTC }, batch, ids)
}

const PARQUET_EXTENSION = '.parquet'
const PREFIX_CHARACTERS_MAX = 512
const ERROR_TYPES: Readonly<Record<ErrorOutputType, true>> = {
  'processing-failed': true,
  'decompression-failed': true,
  'metadata-extraction-failed': true,
  'format-conversion-failed': true,
  activePartitionExceeded: true,
}
const LONGEST_ERROR_TYPE = (Object.keys(ERROR_TYPES) as ErrorOutputType[]).reduce((longest, type) =>
  type.length > longest.length ? type : longest,
)

const datedFolders = parseDateTimePattern('yyyy/MM/dd/HH/')
const suffixTime = parseDateTimePattern('yyyy-MM-dd-HH-mm-ss')

interface DataPlace {
  readonly prefix: string | undefined
  readonly timeZone: string
  readonly extension: string
}

function dataKey({ prefix, timeZone, extension }: DataPlace, batch: BatchName, ids: Ids): string {
  const date = zonedDate(batch.firstRecordAtMs, timeZone)
  const expression = parsePrefix(prefix ?? '')
  const evaluated = evaluatePrefix(expression, { date, ids, partitionKeys: batch.partitionKeys })
  const folders = expression.hasExpressions ? '' : datedFolders(date)
  return `${evaluated}${folders}${objectName(batch, date, ids)}${extension}`
}

function objectName({ stream, version }: BatchName, date: ZonedDate, ids: Ids): string {
  return `${stream}-${version}-${suffixTime(date)}-${ids.uuid()}`
}

function evaluatedErrorPrefix(
  { prefix, errorOutputPrefix }: S3Destination,
  errorOutputType: ErrorOutputType,
  values: PrefixValues,
): string {
  const expression = parsePrefix(errorOutputPrefix || prefix || '', 'ErrorOutputPrefix')
  const evaluated = evaluatePrefix(expression, { errorOutputType, ...values })
  return expression.hasExpressions ? evaluated : `${evaluated}${errorOutputType}/${datedFolders(values.date)}`
}

function checkKeysOf(destination: S3Destination, batch: BatchName, ids: Ids): void {
  const { prefix = '', errorOutputPrefix = '', timeZone } = destination
  const date = zonedDate(batch.firstRecordAtMs, timeZone)
  const data = parsePrefix(prefix)
  const partitionKeys = shortestKeys(data)
  checkEvaluated('Prefix', evaluatePrefix(data, { date, ids, partitionKeys }))
  const errors = parsePrefix(errorOutputPrefix, 'ErrorOutputPrefix')
  checkEvaluated('ErrorOutputPrefix', evaluatePrefix(errors, { date, ids, errorOutputType: LONGEST_ERROR_TYPE }))
  const keys = [
    objectKey(destination, { ...batch, partitionKeys }, ids),
    errorKey(destination, batch, LONGEST_ERROR_TYPE, ids),
  ]
  if (keys.every(isKey)) return
  throw new Refusal('invalidDestination', `Prefix is too long: an object key may have ${KEY_BYTES_MAX} bytes.`)
}

/** As AWS words it: the prefix in lower case, the other one not. */
function checkEvaluated(member: PrefixMember, evaluated: string): void {
  if (evaluated.length <= PREFIX_CHARACTERS_MAX) return
  const name = member === 'Prefix' ? 'prefix' : member
  throw prefixConstraint(`Length of evaluated ${name} cannot be greater than ${PREFIX_CHARACTERS_MAX}`)
}

function shortestKeys(expression: PrefixExpression): PartitionKeys {
  const named = partitionKeysIn(expression)
  const of = (from: keyof PartitionKeys) =>
    Object.fromEntries(named.filter((part) => part.from === from).map(({ name }) => [name, 'k']))
  return { fromQuery: of('fromQuery'), fromLambda: of('fromLambda') }
}
