/** What IAM's operations work with. */
import type { Identities } from '../../identity/identities.ts'
import type { IamOperations } from '../../wire/model/iam.ts'
import type { Operation } from '../operation.ts'

export interface IamContext {
  readonly identities: Identities
}

export type IamOperation<Name extends keyof IamOperations> = Operation<
  IamOperations[Name]['input'],
  IamOperations[Name]['output'],
  IamContext
>
