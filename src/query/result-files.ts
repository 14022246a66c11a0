/** Puts an execution's result where the user asked for it. Nothing is said to have succeeded before the bucket has it. */
import { createReadStream } from 'node:fs'
import { readFile, rm, stat } from 'node:fs/promises'
import type { Body, ObjectVersion } from '../objects/object-store.ts'
import { isRefusal } from '../platform/refusal.ts'
import type { Execution, ExecutionResult } from './execution.ts'
import { ReportedFailure, WRITE_RESULTS_TYPE } from './failure.ts'
import type { QueryObjects } from './guarded-objects.ts'
import type { Outcome } from './outcome.ts'
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

/** An object of a result: it becomes visible together with the others. */
export interface ResultObject {
  readonly location: string
  readonly body: Body
  readonly size: number
  readonly contentType: string
}

async function csvObject({ location }: ResultTarget, csvPath: string, readsTables: boolean): Promise<ResultObject> {
  const { size } = await stat(csvPath)
  const body = size <= INLINE_BYTES_MAX ? await readFile(csvPath) : createReadStream(csvPath)
  return { location, body, size, contentType: readsTables ? OCTETS : BINARY }
}

/** A row a line, no newline at the end. */
export function textObject({ location }: ResultTarget, lines: readonly string[]): ResultObject {
  const body = Buffer.from(lines.join('\n'))
  return { location, body, size: body.byteLength, contentType: BINARY }
}

function metadataObject(
  target: ResultTarget,
  columns: readonly ResultColumn[],
  updateCount: number | undefined,
): ResultObject {
  const body = resultMetadata(target.executionId, columns, updateCount)
  return { location: `${target.location}.metadata`, body, size: body.byteLength, contentType: BINARY }
}

/** All of them, or none. */
export async function putResult(
  objects: QueryObjects,
  result: readonly ResultObject[],
): Promise<readonly ObjectVersion[]> {
  const puts = result.map(({ location, body, size, contentType }) => {
    const ref = parseS3Location(location)
    if (ref === undefined) throw new Error(`${location} is not an S3 location.`)
    return { ref, body, options: { metadata: { contentType }, size } }
  })
  try {
    return await objects.putAll(puts)
  } catch (error) {
    throw isRefusal(error) && error.code === 'noSuchBucket' ? locationIsInvalid() : error
  }
}

/** Its versions, so that they can be taken back. */
export async function storeResult(
  objects: QueryObjects,
  running: Execution,
  outcome: Exclude<Outcome, { kind: 'write' }>,
): Promise<{ readonly result: ExecutionResult; readonly versions: readonly ObjectVersion[] }> {
  const target = { executionId: running.id, location: running.outputLocation }
  const { columns } = outcome
  if (outcome.kind === 'csv') {
    try {
      const csv = await csvObject(target, outcome.csvPath, outcome.readsTables)
      const versions = await putResult(objects, [csv, metadataObject(target, columns, 0)])
      const { rowCount, isRepeatable } = outcome
      const result = {
        columns,
        rowCount,
        resultBytes: csv.size,
        updateCount: 0,
        form: { kind: 'csv' },
        isRepeatable,
      } as const
      return { result, versions }
    } finally {
      await rm(outcome.csvPath, { force: true })
    }
  }
  const { lines, hasHeader, updateCount } = outcome
  const text = textObject(target, lines)
  const versions = await putResult(objects, [
    text,
    ...(columns.length > 0 ? [metadataObject(target, columns, updateCount)] : []),
  ])
  const result: ExecutionResult = {
    columns,
    rowCount: lines.length - (hasHeader ? 1 : 0),
    resultBytes: text.size,
    ...(updateCount !== undefined && { updateCount }),
    form: { kind: 'text', hasHeader },
  }
  return { result, versions }
}

export function locationIsInvalid(): ReportedFailure {
  return new ReportedFailure(
    'The S3 location provided to save your query results is invalid. Please check your S3 location is correct and is in the same region and try again. If you continue to see the issue, contact customer support for further assistance.',
    { category: 2, type: WRITE_RESULTS_TYPE },
  )
}
