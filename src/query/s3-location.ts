/** `s3://bucket/key` as its two parts. */
export interface S3Location {
  readonly bucket: string
  /** May be empty: the whole bucket. */
  readonly key: string
}

/** undefined: not an S3 location. `s3a://` and `s3n://` are old spellings of the same. */
export function parseS3Location(text: string): S3Location | undefined {
  const found = /^s3[an]?:\/\/([^/]+)(?:\/(.*))?$/s.exec(text)
  return found === null ? undefined : { bucket: found[1] ?? '', key: found[2] ?? '' }
}

/** A folder's prefix: with a slash at its end, or empty for the whole bucket. */
export function folderPrefix(key: string): string {
  return key === '' || key.endsWith('/') ? key : `${key}/`
}
