/** Every bound of the listener, in one place. */

export const HEADER_BYTES_MAX = 32 * 1024
export const HEADER_COUNT_MAX = 200

/** Room for 10,000 clients that keep a connection and say nothing, and for those that do. */
const CONNECTIONS_MAX = 16_384
/** Descriptors that connections leave alone: a lake that cannot open its files answers nobody. */
const FILES_MIN = 1024

/** More than this are refused at the door. `openFilesMax`: of the process, undefined when nobody tells. */
export function connectionsMax(openFilesMax: number | undefined): number {
  if (openFilesMax === undefined) return CONNECTIONS_MAX
  return Math.min(CONNECTIONS_MAX, Math.max(openFilesMax - FILES_MIN, Math.floor(openFilesMax / 2)))
}

/** From the first byte of a request to the end of its headers. */
export const HEADERS_TIMEOUT_MS = 30_000
/** A connection on which nothing moves while a request is coming in. */
export const IDLE_TIMEOUT_MS = 120_000
/** The same once the request is there: a copy or the completion of an upload of gigabytes is silent for long. */
export const WORK_TIMEOUT_MS = 15 * 60_000
/** Longer than SDK connection pools keep an idle connection. */
export const KEEP_ALIVE_TIMEOUT_MS = 75_000
/** How long a shutdown waits for requests under way before it cuts them. */
export const SHUTDOWN_GRACE_MS = 15_000

/**
 * What is still read, and thrown away, of a body that nobody wanted, so that the client reads our answer: twice the
 * largest whole body, because a client that sends a little too much should learn that it did.
 */
export const DRAIN_BYTES_MAX = 32 * 1024 * 1024
export const DRAIN_MS_MAX = 5_000

/**
 * Whole bodies of JSON and form requests. Firehose takes 4 MiB of payload in a batch, base64 makes it 5.4; the rest is
 * room to answer a somewhat too large batch in Firehose's own words.
 */
export const BODY_BYTES_MAX = 10 * 1024 * 1024
export const BODY_BYTES_MAX_BY_SERVICE: Readonly<Record<string, number>> = {
  firehose: 16 * 1024 * 1024,
  sts: 1024 * 1024,
  iam: 1024 * 1024,
}
