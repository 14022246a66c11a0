/** Compares what was read with what was kept: sizes, ETag, checksum, of the whole and of its parts. Pure. */
import { isRefusal } from '../../../platform/refusal.ts'
import type { Digests } from '../../digests.ts'
import type { ObjectChecksum } from '../../object-store.ts'
import type { ProblemKind, ScrubProblem } from '../../scrub-events.ts'
import { checksumOfParts, compositeMd5 } from '../assemble.ts'
import type { PinnedBlob } from '../blob-store.ts'
import type { ThreadFailure, Verified } from '../byte-thread-protocol.ts'
import type { StoredPart } from '../version-table.ts'

/** A version, or a part of an upload, as its row describes it. */
export interface Expected {
  readonly name: {
    readonly bucket: string
    readonly key: string
    readonly versionId?: string
    readonly part?: number
  }
  readonly size: number
  readonly etag: string
  /** Random, so that it says nothing of the bytes. */
  readonly hasRandomEtag: boolean
  readonly checksum: ObjectChecksum | undefined
  readonly blobIds: readonly number[]
  /** Of a multipart object. */
  readonly parts: readonly StoredPart[] | undefined
}

/** `read`: an outcome a blob, or why none of them could be read. undefined: all is well. */
export function judge(
  expected: Expected,
  read: readonly Verified[] | Error | 'noRow',
  blobs: readonly Pick<PinnedBlob, 'size'>[],
): ScrubProblem | undefined {
  if (read === 'noRow') return problem(expected, 'missing', 'its bytes have no row in lake.db')
  if (read instanceof Error) {
    if (isRefusal(read)) return problem(expected, 'damaged', `the key of its bytes cannot be used: ${read.message}`)
    throw read
  }
  const digests: Digests[] = []
  for (const [index, outcome] of read.entries()) {
    if ('error' in outcome) return failure(expected, outcome.error, index)
    digests.push(outcome.digests)
  }
  const difference = differenceOf(expected, digests, blobs)
  return difference === undefined ? undefined : problem(expected, 'damaged', difference)
}

/** Of bytes whose key is not at hand. */
export function judgeLocked(
  expected: Expected,
  sizes: readonly { readonly id: number; readonly expected: number; readonly actual: number | undefined }[],
): ScrubProblem | undefined {
  for (const { id, expected: bytes, actual } of sizes) {
    if (actual === undefined) return problem(expected, 'missing', `file ${id} is not there`)
    if (actual !== bytes) return problem(expected, 'damaged', `file ${id} has ${actual} bytes instead of ${bytes}`)
  }
  return undefined
}

function differenceOf(
  expected: Expected,
  digests: readonly Digests[],
  blobs: readonly Pick<PinnedBlob, 'size'>[],
): string | undefined {
  const size = blobs.reduce((sum, blob) => sum + blob.size, 0)
  if (size !== expected.size) return `it has ${size} bytes, its row says ${expected.size}`
  const { checksum, parts } = expected
  const actual = digests.map(({ md5, checksums }, index) => ({
    etag: md5,
    checksum: checksum === undefined ? '' : (checksums[checksum.algorithm] ?? ''),
    size: blobs[index]?.size ?? 0,
  }))
  for (const [index, part] of (parts ?? []).entries()) {
    const found = actual[index]
    if (found?.size !== part.size) return `part ${part.number} has ${found?.size} bytes, its row says ${part.size}`
    if (part.checksum !== undefined && part.checksum !== found.checksum)
      return `the ${checksum?.algorithm} of part ${part.number} is ${found.checksum}, its row says ${part.checksum}`
  }
  const etag = parts === undefined ? actual[0]?.etag : compositeMd5(actual)
  if (etag !== expected.etag && !expected.hasRandomEtag)
    return `its ETag would be ${etag}, its row says ${expected.etag}`
  if (checksum === undefined) return undefined
  const value = parts === undefined ? actual[0]?.checksum : checksumOfParts(checksum, actual).value
  return value === checksum.value ? undefined : `its ${checksum.algorithm} is ${value}, its row says ${checksum.value}`
}

function failure(expected: Expected, { refusalCode, systemCode, message }: ThreadFailure, index: number): ScrubProblem {
  const part = expected.parts?.[index]
  const where = part === undefined ? '' : ` in part ${part.number}`
  if (systemCode === 'ENOENT')
    return problem(expected, 'missing', `file ${expected.blobIds[index]} is not there${where}`)
  if (refusalCode !== undefined) return problem(expected, 'damaged', `its stored bytes fail authentication${where}`)
  return problem(expected, 'unreadable', `file ${expected.blobIds[index]} cannot be read${where}: ${message}`)
}

const ADVICE: Readonly<Record<'damaged' | 'missing' | 'unreadable', string>> = {
  damaged: 'Put the object again, or take it from a backup; then delete this version.',
  missing: 'Put the object again, or take it from a backup; then delete this version.',
  unreadable: 'Look after the disk (dmesg, smartctl), then scrub again.',
}

function problem({ name }: Expected, kind: keyof typeof ADVICE & ProblemKind, says: string): ScrubProblem {
  const { part, ...named } = name
  const what = part === undefined ? '' : `part ${part} of an upload: `
  return { kind, ...named, says: `${what}${says}`, advice: ADVICE[kind] }
}
