/** What a prefix comes to just now, by the very code that delivers. */
import { evaluatePrefix, parsePrefix } from '../../../../src/delivery/prefix/prefix-expression.ts'
import { UTC, zonedDate } from '../../../../src/delivery/prefix/zoned-date.ts'
import { browserIds } from './browser-random.ts'

const EXTENSIONS: Readonly<Record<string, string>> = {
  UNCOMPRESSED: '',
  GZIP: '.gz',
  ZIP: '.zip',
  Snappy: '.snappy',
  HADOOP_SNAPPY: '.snappy',
}

export interface PrefixRequest {
  readonly prefix: string
  readonly errorPrefix: string
  readonly compression: string
  readonly stream: string
  readonly nowMs: number
}

export type Preview = { readonly key: string; readonly errorFolder: string } | { readonly problem: string }

export function previewPrefix({ prefix, errorPrefix, compression, stream, nowMs }: PrefixRequest): Preview {
  const date = zonedDate(nowMs, UTC)
  const values = { date, ids: browserIds, partitionKeys: undefined }
  try {
    const expression = parsePrefix(prefix)
    const dated = evaluatePrefix(
      parsePrefix('!{timestamp:yyyy}/!{timestamp:MM}/!{timestamp:dd}/!{timestamp:HH}/'),
      values,
    )
    const folder = `${evaluatePrefix(expression, values)}${expression.hasExpressions ? '' : dated}`
    const name = evaluatePrefix(parsePrefix('!{timestamp:yyyy-MM-dd-HH-mm-ss}'), values)
    const errors = parsePrefix(errorPrefix || prefix, 'ErrorOutputPrefix')
    const errorFolder = evaluatePrefix(errors, { ...values, errorOutputType: 'processing-failed' })
    return {
      key: `${folder}${stream || 'stream'}-1-${name}-${browserIds.uuid()}${EXTENSIONS[compression] ?? ''}`,
      errorFolder: errors.hasExpressions ? errorFolder : `${errorFolder}processing-failed/${dated}`,
    }
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error) }
  }
}
