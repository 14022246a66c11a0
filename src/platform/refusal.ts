/**
 * A refusal: the domain says "no" for a reason the caller can act on.
 *
 * `code` is one of a few coarse words of the domain (`noSuchBucket`), never an AWS name: each service owns the one
 * table that turns codes into AWS errors. `fields` hold what that answer needs (the key, the limit, the found value).
 * A bug is not a refusal: use `assert`. A partial outcome is data, not a refusal.
 */
export class Refusal<Code extends string = string> extends Error {
  readonly code: Code
  readonly fields: Readonly<Record<string, unknown>>

  constructor(code: Code, message: string, options: { fields?: Record<string, unknown>; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.name = 'Refusal'
    this.code = code
    this.fields = Object.freeze({ ...options.fields })
  }
}

export function isRefusal(error: unknown): error is Refusal {
  return error instanceof Refusal
}
