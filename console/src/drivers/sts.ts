/** Who has signed in. Loaded when first asked, so that the shell is there before the SDK is. */
import { client } from './connection.ts'

export interface Identity {
  readonly accountId: string
  readonly arn: string
}

export async function callerIdentity(): Promise<Identity> {
  const { GetCallerIdentityCommand, STSClient } = await import('@aws-sdk/client-sts')
  const { Account = '', Arn = '' } = await client('sts', (config) => new STSClient(config)).send(
    new GetCallerIdentityCommand({}),
  )
  return { accountId: Account, arn: Arn }
}
