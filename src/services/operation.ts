/**
 * What an operation is to the gateway. Operations translate: wire shape in, one or two calls of the domain, wire shape
 * out. They know nothing of HTTP (except S3's, whose protocol is HTTP: see `s3/`); the gateway knows nothing of them
 * but these tables.
 */
import type { Refusal } from '../platform/refusal.ts'
import type { WireRequest, WireResponse } from '../wire/http.ts'

/** Who asks and how, as far as a domain may care. */
export interface Caller {
  /** The access key id that signed, or 'anonymous'. */
  readonly accessKeyId: string
  /** `arn:aws:iam::<account>:root` or `…:user/<name>`. */
  readonly arn: string
  readonly requestId: string
}

export type Operation<Input, Output, Context> = (input: Input, context: Context, caller: Caller) => Promise<Output>

/** An AWS error as it goes on the wire. `extra` are further members of the error's body. */
export class WireError extends Error {
  readonly code: string
  readonly status: number
  readonly extra: Readonly<Record<string, unknown>>

  constructor(
    code: string,
    message: string,
    options: { status?: number; extra?: Record<string, unknown>; cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.name = 'WireError'
    this.code = code
    this.status = options.status ?? 400
    this.extra = Object.freeze({ ...options.extra })
  }
}

/** One service spoken over aws-json or query. S3 has its own table type in `services/s3`. */
export interface Service<Context = unknown> {
  /** `firehose`, as signed. */
  readonly signingName: string
  /** Every operation offered, by AWS's name. An operation not in the table answers UnknownOperationException. */
  readonly operations: Readonly<Record<string, Operation<never, unknown, Context>>>
  readonly context: Context
  /** The one place that knows AWS's names for the domain's refusals. undefined: not ours, answer InternalFailure. */
  readonly toWireError: (refusal: Refusal) => WireError | undefined
}

/** S3, whose protocol is HTTP itself: it detects the operation from method, path and query. Errors are thrown as WireError. */
export interface HttpService {
  readonly signingName: string
  handle(request: WireRequest, caller: Caller): Promise<WireResponse>
}
