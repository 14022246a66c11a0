/** What S3 operations work with, and what they are. */

import type { CustomerKeys } from '../../keys/customer-keys.ts'
import type { S3ObjectStore } from '../../objects/s3-object-store.ts'
import type { Clock } from '../../platform/clock.ts'
import type { WireRequest } from '../../wire/http.ts'
import type { S3Operations } from '../../wire/model/s3.ts'
import type { Access } from '../access.ts'
import type { Caller } from '../operation.ts'

export interface S3Context {
  readonly objects: S3ObjectStore
  /** Of KMS. */
  readonly keys: CustomerKeys
  readonly clock: Clock
  readonly region: string
  /** Twelve digits: the owner of every bucket. */
  readonly accountId: string
  readonly access: Access
  /** Whether a policy may name this arn, account or id: only principals of the lake's own account are known. */
  readonly principalExists: (principal: string) => boolean
  readonly caller: Caller
  /** Who signed a browser's form; the caller where nobody did. Throws what S3 answers to a wrong signature. */
  readonly callerOfForm: (fields: Readonly<Record<string, string>>) => Caller
}

export type S3ServiceContext = Omit<S3Context, 'caller' | 'callerOfForm'>

export type S3OperationName = keyof S3Operations

export interface S3Reply<Output> {
  readonly output: Output
  /** Where it differs from the model's. */
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
}

/** Wire shape in, one or two calls of the store, wire shape out. Errors are thrown as WireError or as the store's Refusal. */
export type S3Operation<Name extends S3OperationName> = (
  input: S3Operations[Name]['input'],
  context: S3Context,
  request: WireRequest,
) => Promise<S3Reply<S3Operations[Name]['output']>>
