/** Where a stream's batches go and how: the S3 destination in the lake's own words. */

export type Compression = 'UNCOMPRESSED' | 'GZIP' | 'ZIP' | 'Snappy' | 'HADOOP_SNAPPY'

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
  /** What is done with records before they are buffered for S3, in this order (AWS's own). Absent: nothing. */
  readonly processing?: readonly ProcessingStep[]
  /** Dynamic partitioning: every set of partition keys has a buffer, and objects, of its own. */
  readonly partitioning?: { readonly retryMs: number }
  /** Records become rows of a Parquet file. */
  readonly conversion?: Conversion
  /** Records go here too, as they came in. */
  readonly backup?: BackupDestination
  /** The key of KMS that objects are encrypted with. Absent: as the bucket says. */
  readonly kmsKeyArn?: string
  /** Where what goes wrong is told. */
  readonly errorLog?: { readonly group: string; readonly stream: string }
  /** Features that were named and switched off: without effect, kept as sent so that they can be read back. */
  readonly switchedOff: Readonly<Record<string, unknown>>
  /** Those that are switched on, kept as sent for the same purpose; what they mean is in the members above. */
  readonly switchedOn?: Readonly<Record<string, unknown>>
}

export type ProcessingStep =
  /** GZIP members become what is in them. */
  | { readonly kind: 'decompress' }
  /** Messages of CloudWatch Logs' subscription records become records. */
  | { readonly kind: 'extractLogMessages' }
  | {
      readonly kind: 'deaggregate'
      readonly subRecord:
        | { readonly kind: 'json' }
        /** Base64. */
        | { readonly kind: 'delimited'; readonly delimiter: string }
    }
  | {
      readonly kind: 'lambda'
      /** It may carry a version or an alias. */
      readonly functionArn: string
      /** Absent: the destination's. */
      readonly roleArn?: string
      /** Of records in one invocation. */
      readonly bufferBytes: number
      readonly bufferIntervalMs: number
      readonly retries: number
    }
  /** A jq program that gives an object: its members become partition keys. */
  | { readonly kind: 'extractMetadata'; readonly query: string }
  | { readonly kind: 'appendDelimiter'; readonly delimiter: string }

export interface Conversion {
  readonly schema: {
    readonly roleArn: string | undefined
    readonly catalogId: string | undefined
    readonly database: string
    readonly table: string
    readonly region: string | undefined
    /** `LATEST`, or a version's number. */
    readonly version: string
  }
  readonly deserializer:
    | {
        readonly kind: 'openx'
        readonly isCaseInsensitive: boolean
        readonly convertsDots: boolean
        /** JSON key by column. */
        readonly keyOfColumn: Readonly<Record<string, string>>
      }
    /** Joda patterns, or `millis`. */
    | { readonly kind: 'hive'; readonly timestampFormats: readonly string[] }
  readonly serializer: {
    readonly kind: 'parquet'
    readonly compression: 'SNAPPY' | 'GZIP' | 'UNCOMPRESSED'
    readonly blockBytes: number
    readonly pageBytes: number
    readonly usesDictionary: boolean
    readonly paddingBytesMax: number
    readonly writerVersion: 'V1' | 'V2'
  }
}

/** The destination of source records beside the stream's own. */
export type BackupDestination = Pick<
  S3Destination,
  'roleArn' | 'bucket' | 'prefix' | 'errorOutputPrefix' | 'buffering' | 'compression' | 'kmsKeyArn' | 'errorLog'
>

/** A destination as of one version of its stream: the version is part of every object's name. */
export interface VersionedDestination {
  readonly version: number
  readonly destination: S3Destination
}

/** Where one sealed batch goes. Journalled before the first attempt, so that every attempt goes to the same place. */
export type BatchTarget = ObjectTarget | StepTarget

export interface ObjectTarget {
  readonly kind?: undefined
  readonly version: number
  readonly bucket: string
  readonly key: string
  readonly compression: Compression
  readonly kmsKeyArn?: string
  /** What the records become, and where those go that cannot become it. */
  readonly conversion?: Conversion & {
    readonly errorKey: string
    /** When it was first tried; from then on the schema is at one version. */
    readonly attemptMs?: number
  }
}

/** To the processors. */
export interface StepTarget {
  readonly kind: 'step'
  readonly version: number
}

export const MEBIBYTE = 1024 * 1024
export const defaultBuffering: BufferingHints = { bytesMax: 5 * MEBIBYTE, intervalMs: 300_000 }
/** Of streams that partition or convert. */
export const largeBuffering: BufferingHints = { bytesMax: 128 * MEBIBYTE, intervalMs: 300_000 }
