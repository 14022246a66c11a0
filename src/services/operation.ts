/**
 * What an operation is to the gateway. Operations translate: wire shape in, one or two calls of the domain, wire shape
 * out. They know nothing of HTTP (except S3's, whose protocol is HTTP: see `s3/`); the gateway knows nothing of them
 * but these tables.
 *
 * A service names itself by `signingName` alone: the gateway finds its shapes, protocol and X-Amz-Target prefix in
 * `wire/models.ts` under that name, decodes and validates the input before the operation runs, and encodes what it
 * gives. Keys of the operation table are AWS's names.
 */
import type { Principal } from '../identity/access.ts'
import type { Refusal } from '../platform/refusal.ts'
import type { WireError } from '../wire/error.ts'
import type { WireRequest, WireResponse } from '../wire/http.ts'
import type { RequestHead } from '../wire/sigv4/canonical.ts'
import type { Permission } from './access.ts'

export type { Principal } from '../identity/access.ts'
export { WireError } from '../wire/error.ts'

/** Who asks and how, as far as a domain may care. */
export interface Caller {
  /** The access key id that signed, or 'anonymous'. */
  readonly accessKeyId: string
  /** `arn:aws:iam::<account>:root` or `…:user/<name>`; 'anonymous' of nobody. */
  readonly arn: string
  readonly principal: Principal
  readonly requestId: string
  /** The client's address, as the socket has it. */
  readonly sourceIp: string
  /** As the client's headers say, which nobody checks. */
  readonly userAgent?: string | undefined
  readonly referer?: string | undefined
}

export type Operation<Input, Output, Context> = (input: Input, context: Context, caller: Caller) => Promise<Output>

/**
 * The operation table of a service, checked against its generated model: `{ PutRecord: putRecord, … } satisfies
 * OperationTable<FirehoseOperations, FirehoseContext>`.
 */
export type OperationTable<Operations, Context> = {
  readonly [Name in keyof Operations]?: Operations[Name] extends {
    readonly input: infer Input
    readonly output: infer Output
  }
    ? Operation<Input, Output, Context>
    : never
}

/**
 * What an operation needs to be allowed, all of it, from its input. Asked before the operation runs; a promise only
 * where something must be looked up.
 */
export type Permissions<Input, Context> = (input: Input, context: Context, caller: Caller) => Asked

type Asked = readonly Permission[] | Promise<readonly Permission[]>

/** One entry per operation offered (`Names`), so that none can be offered without saying what it needs. */
export type PermissionTable<Operations, Names extends keyof Operations, Context> = {
  readonly [Name in Names]: Operations[Name] extends { readonly input: infer Input }
    ? Permissions<Input, Context>
    : never
}

/** Written as a method so that a `Service<FirehoseContext>` is a `Service`: each is called only with its own context. */
type AnyOperation<Context> = { run(input: never, context: Context, caller: Caller): Promise<unknown> }['run']

type AnyPermissions<Context> = {
  ask(input: never, context: Context, caller: Caller): Asked
}['ask']

/** One service spoken over aws-json or query. S3 has its own table type in `services/s3`. */
export interface Service<Context = unknown> {
  /** `firehose`, as signed. */
  readonly signingName: string
  /** Every operation offered, by AWS's name. An operation not in the table answers UnknownOperationException. */
  readonly operations: Readonly<Record<string, AnyOperation<Context>>>
  /** For each of them. */
  readonly permissions: Readonly<Record<string, AnyPermissions<Context>>>
  readonly context: Context
  /** The one place that knows AWS's names for the domain's refusals. undefined: not ours, answer InternalFailure. */
  readonly toWireError: (refusal: Refusal) => WireError | undefined
}

/** S3, whose protocol is HTTP itself: it detects the operation from method, path and query. Errors are thrown as WireError. */
export interface HttpService {
  readonly signingName: string
  handle(request: WireRequest, caller: Caller, signerOfForm: SignerOfForm): Promise<WireResponse>
  /** Absent: no page of another origin may ask. */
  readonly crossOrigin?: CrossOrigin | undefined
}

/**
 * Who signed a browser's form, whose signature is among its fields (by lower-case name); `sender` where nobody did.
 * Throws what a wrong signature is answered with.
 */
export type SignerOfForm = (fields: Readonly<Record<string, string>>, sender: Caller) => Caller

export interface CrossOrigin {
  /** Answers a browser that asks whether a page of another origin may make a request. Nobody signs such questions. */
  preflight(head: RequestHead): WireResponse
  /** What lets a browser show such a page the answer, whatever it is, also a refusal of the signature. */
  headersFor(head: RequestHead): Readonly<Record<string, string>>
}
