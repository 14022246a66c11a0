/** Where a stream's batches go and how: the S3 destination in the lake's own words. */

export type Compression = 'GZIP' | 'UNCOMPRESSED'

export interface BufferingHints {
  /** An open batch of this many bytes is delivered. */
  readonly bytesMax: number
  /** So is one whose oldest record has waited this long; 0 means as soon as the delivery before it is done. */
  readonly intervalMs: number
}

export interface S3Destination {
  readonly roleArn: string
  readonly bucket: string
  /** undefined: the dated folders alone. */
  readonly prefix: string | undefined
  readonly errorOutputPrefix: string | undefined
  readonly buffering: BufferingHints
  readonly compression: Compression
  /** Replaces the codec's own extension; changes neither body nor headers. */
  readonly fileExtension: string | undefined
  /** IANA name; every date in a key is told in it. */
  readonly timeZone: string
  /** Features that were named and switched off: without effect, kept as sent so that they can be read back. */
  readonly switchedOff: Readonly<Record<string, unknown>>
}

/** A destination as of one version of its stream: the version is part of every object's name. */
export interface VersionedDestination {
  readonly version: number
  readonly destination: S3Destination
}

/** Where one sealed batch goes. Journalled before the first attempt, so that every attempt goes to the same place. */
export interface BatchTarget {
  readonly version: number
  readonly bucket: string
  readonly key: string
  readonly compression: Compression
}

export const MEBIBYTE = 1024 * 1024
export const defaultBuffering: BufferingHints = { bytesMax: 5 * MEBIBYTE, intervalMs: 300_000 }
