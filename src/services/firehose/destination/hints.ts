/** BufferingHints: megabytes and seconds at the wire, bytes and milliseconds inside. */
import { type BufferingHints, MEBIBYTE } from '../../../delivery/destination.ts'
import type { BufferingHints as WireBufferingHints } from '../../../wire/model/firehose.ts'
import { invalidArgument } from '../errors.ts'

/** AWS takes both hints or neither; `unset` is what neither means. */
export function toBuffering(hints: WireBufferingHints, member: string, unset: BufferingHints): BufferingHints {
  const { SizeInMBs, IntervalInSeconds } = hints
  if (SizeInMBs === undefined && IntervalInSeconds === undefined) return unset
  if (SizeInMBs === undefined || IntervalInSeconds === undefined)
    throw invalidArgument(`${member}.BufferingHints needs both SizeInMBs and IntervalInSeconds, or neither.`)
  return { bytesMax: SizeInMBs * MEBIBYTE, intervalMs: IntervalInSeconds * 1000 }
}

export function describeBuffering({ bytesMax, intervalMs }: BufferingHints): Required<WireBufferingHints> {
  return { SizeInMBs: bytesMax / MEBIBYTE, IntervalInSeconds: intervalMs / 1000 }
}
