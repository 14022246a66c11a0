/** Where a crawler looks: a bucket and a folder in it, from a path as users write it (`s3://how.raw/events`, `how.raw/events/`). */

export interface IncludePath {
  readonly bucket: string
  /** '' for the whole bucket, else ends in `/`. */
  readonly prefix: string
}

/** undefined when there is no bucket in it. */
export function parseIncludePath(path: string): IncludePath | undefined {
  const [, bucket, key = ''] = /^(?:s3[an]?:\/\/)?([^/:]{3,63})(?:\/(.*))?$/s.exec(path.trim()) ?? []
  if (bucket === undefined) return undefined
  return { bucket, prefix: key === '' || key.endsWith('/') ? key : `${key}/` }
}

export function s3Url(bucket: string, key: string): string {
  return `s3://${bucket}/${key}`
}
