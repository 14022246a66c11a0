/** An AWS error as it goes on the wire: code, text, status, and what else its body or headers carry. */
export class WireError extends Error {
  readonly code: string
  readonly status: number
  /** Further members of the error's body. */
  readonly extra: Readonly<Record<string, unknown>>
  /** Further headers of the reply, names lower-case (S3's `x-amz-delete-marker` on a 404). */
  readonly headers: Readonly<Record<string, string>>

  constructor(
    code: string,
    message: string,
    options: {
      status?: number
      extra?: Record<string, unknown>
      headers?: Record<string, string>
      cause?: unknown
    } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.name = 'WireError'
    this.code = code
    this.status = options.status ?? 400
    this.extra = Object.freeze({ ...options.extra })
    this.headers = Object.freeze({ ...options.headers })
  }
}
