/** Who has signed in. */
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts'
import { client } from './connection.ts'

export interface Identity {
  readonly accountId: string
  readonly arn: string
}

export async function callerIdentity(): Promise<Identity> {
  const { Account = '', Arn = '' } = await client('sts', (config) => new STSClient(config)).send(
    new GetCallerIdentityCommand({}),
  )
  return { accountId: Account, arn: Arn }
}
