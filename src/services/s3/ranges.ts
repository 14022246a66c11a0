/** Which bytes of an object a read means. */
import type { ByteRange, ObjectVersion } from '../../objects/object-store.ts'
import { invalidPartNumber, invalidRange, invalidRequest } from './errors.ts'
import { requirePartNumber } from './upload-part.ts'

export interface WantedBytes {
  /** undefined: all of them, answered with 200. */
  readonly range: ByteRange | undefined
  readonly partsCount?: number
  readonly partNumber?: number
}

export function wantedBytes(version: ObjectVersion, input: { Range?: string; PartNumber?: number }): WantedBytes {
  if (input.PartNumber === undefined) return { range: byteRange(version.size, input.Range) }
  if (input.Range !== undefined) {
    throw invalidRequest('Cannot specify both Range header and partNumber query parameter')
  }
  return partRange(version, input.PartNumber)
}

/** A range that is malformed, reversed or one of several is as if it were not there. */
function byteRange(size: number, header: string | undefined): ByteRange | undefined {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header?.replace(/\s/g, '') ?? '')
  if (match === null) return undefined
  const [first = '', last = ''] = match.slice(1)
  if (first === '' && last === '') return undefined
  if (first === '') {
    const count = Math.min(Number(last), size)
    if (count === 0) throw invalidRange({ RangeRequested: header, ActualObjectSize: size })
    return { start: size - count, end: size - 1 }
  }
  const start = Number(first)
  if (last !== '' && Number(last) < start) return undefined
  if (start >= size) throw invalidRange({ RangeRequested: header, ActualObjectSize: size })
  return { start, end: last === '' ? size - 1 : Math.min(Number(last), size - 1) }
}

function partRange({ partSizes, size }: ObjectVersion, partNumber: number): WantedBytes {
  requirePartNumber(partNumber)
  const sizes = partSizes ?? [size]
  const partSize = sizes[partNumber - 1]
  if (partSize === undefined) {
    throw invalidPartNumber({ ActualPartCount: sizes.length, PartNumberRequested: partNumber })
  }
  const start = sizes.slice(0, partNumber - 1).reduce((sum, bytes) => sum + bytes, 0)
  return {
    range: partSize === 0 ? undefined : { start, end: start + partSize - 1 },
    partNumber,
    ...(partSizes !== undefined && { partsCount: sizes.length }),
  }
}
