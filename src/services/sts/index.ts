/** STS: who am I. Temporary credentials are not handed out, so asking for them is refused by name. */
import type { Identities } from '../../identity/identities.ts'
import type { StsOperations } from '../../wire/model/sts.ts'
import type { Operation, OperationTable, PermissionTable, Service } from '../operation.ts'

interface StsContext {
  readonly identities: Identities
}

type StsOperation<Name extends keyof StsOperations> = Operation<
  StsOperations[Name]['input'],
  StsOperations[Name]['output'],
  StsContext
>

const getCallerIdentity: StsOperation<'GetCallerIdentity'> = async (_input, { identities }, { accessKeyId, arn }) => ({
  UserId: identities.userOfKey(accessKeyId)?.id ?? identities.accountId,
  Account: identities.accountId,
  Arn: arn,
})

const operations = { GetCallerIdentity: getCallerIdentity } satisfies OperationTable<StsOperations, StsContext>

/** Everybody may know who they are. */
const permissions: PermissionTable<StsOperations, keyof typeof operations, StsContext> = {
  GetCallerIdentity: () => [],
}

export function stsService(identities: Identities): Service<StsContext> {
  return { signingName: 'sts', operations, permissions, context: { identities }, toWireError: () => undefined }
}
