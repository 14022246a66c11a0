/** Puts an execution's result where the user asked for it. Nothing is said to have succeeded before the bucket has it. */
import { createReadStream } from 'node:fs'
import { readFile, stat } from 'node:fs/promises'
import type { Body } from '../objects/object-store.ts'
import { isRefusal } from '../platform/refusal.ts'
import { ReportedFailure, WRITE_RESULTS_TYPE } from './failure.ts'
import type { QueryObjects } from './guarded-objects.ts'
import type { ResultColumn } from './result-column.ts'
import { resultMetadata } from './result-metadata.ts'
import { parseS3Location } from './s3-location.ts'

const OCTETS = 'application/octet-stream'
const BINARY = 'binary/octet-stream'
/** A result of at most this size is put in one piece. */
const INLINE_BYTES_MAX = 1024 * 1024

export interface ResultTarget {
  readonly executionId: string
  readonly location: string
}

/** Answers the size of the object. */
export async function putCsv(
  objects: QueryObjects,
  target: ResultTarget,
  csvPath: string,
  readsTables: boolean,
): Promise<number> {
  const { size } = await stat(csvPath)
  const body = size <= INLINE_BYTES_MAX ? await readFile(csvPath) : createReadStream(csvPath)
  await put(objects, target.location, body, size, readsTables ? OCTETS : BINARY)
  return size
}

/** A row a line, no newline at the end. */
export async function putText(objects: QueryObjects, target: ResultTarget, lines: readonly string[]): Promise<number> {
  const body = Buffer.from(lines.join('\n'))
  await put(objects, target.location, body, body.byteLength, BINARY)
  return body.byteLength
}

export async function putMetadata(
  objects: QueryObjects,
  target: ResultTarget,
  columns: readonly ResultColumn[],
  updateCount: number | undefined,
): Promise<void> {
  const body = resultMetadata(target.executionId, columns, updateCount)
  await put(objects, `${target.location}.metadata`, body, body.byteLength, BINARY)
}

async function put(
  objects: QueryObjects,
  location: string,
  body: Body,
  size: number,
  contentType: string,
): Promise<void> {
  const target = parseS3Location(location)
  if (target === undefined) throw new Error(`${location} is not an S3 location.`)
  try {
    await objects.put(target, body, { metadata: { contentType }, size })
  } catch (error) {
    throw isRefusal(error) && error.code === 'noSuchBucket' ? locationIsInvalid() : error
  }
}

export function locationIsInvalid(): ReportedFailure {
  return new ReportedFailure(
    'The S3 location provided to save your query results is invalid. Please check your S3 location is correct and is in the same region and try again. If you continue to see the issue, contact customer support for further assistance.',
    { category: 2, type: WRITE_RESULTS_TYPE },
  )
}
