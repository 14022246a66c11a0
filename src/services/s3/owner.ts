/** The canonical user id of the lake's account: 64 hexadecimal digits, the same for the same account. */
import { createHash } from 'node:crypto'

export function ownerOf({ accountId }: { accountId: string }): { ID: string } {
  return { ID: createHash('sha256').update(`lakelet account ${accountId}`).digest('hex') }
}
