/** The operation table of STS, and nothing else. */
import type { StsOperations } from '../../wire/model/sts.ts'
import type { OperationTable } from '../operation.ts'
import { assumeRole } from './assume-role.ts'
import type { StsContext, StsOperation } from './context.ts'
import { getSessionToken } from './get-session-token.ts'

const getCallerIdentity: StsOperation<'GetCallerIdentity'> = async (_input, { identities }, { principal, arn }) => ({
  UserId: principal.kind === 'user' || principal.kind === 'roleSession' ? principal.id : identities.accountId,
  Account: identities.accountId,
  Arn: arn,
})

export const stsOperations = {
  AssumeRole: assumeRole,
  GetCallerIdentity: getCallerIdentity,
  GetSessionToken: getSessionToken,
} satisfies OperationTable<StsOperations, StsContext>

export type StsOperationName = keyof typeof stsOperations
