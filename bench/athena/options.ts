/** What `npm run bench -- athena` may be told. */
export interface AthenaOptions {
  /** Of TPC-H: 1 is six million lines of orders. */
  readonly scaleFactor: number
  /** Of web events, before gzip. */
  readonly eventsGigabytes: number
  /** Folder of a Trino server, as `npm run test:trino` puts it together. undefined: it is not measured. */
  readonly trinoFolder: string | undefined
}

export const ATHENA_DEFAULTS: AthenaOptions = { scaleFactor: 1, eventsGigabytes: 1, trinoFolder: undefined }
