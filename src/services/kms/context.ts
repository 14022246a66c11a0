/** What KMS's operations work with. */
import type { CustomerKeys } from '../../keys/customer-keys.ts'
import type { Random } from '../../platform/random.ts'
import type { KmsOperations } from '../../wire/model/kms.ts'
import type { Operation } from '../operation.ts'

export interface KmsContext {
  readonly keys: CustomerKeys
  readonly random: Random
  readonly region: string
  /** Twelve digits. */
  readonly accountId: string
}

export type KmsOperation<Name extends keyof KmsOperations> = Operation<
  KmsOperations[Name]['input'],
  KmsOperations[Name]['output'],
  KmsContext
>
