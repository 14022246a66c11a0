/** What requests may ask for beside the work itself. What would have no effect here is refused. */
import { WireError } from '../../wire/error.ts'
import type { EncryptionAlgorithmSpec } from '../../wire/model/kms.ts'
import { dryRun, notOffered } from './errors.ts'

/** There are no grants, so there is no token of one. */
export function requireNoGrants({ GrantTokens }: { readonly GrantTokens?: readonly string[] }): void {
  if (GrantTokens !== undefined && GrantTokens.length > 0) {
    throw new WireError('InvalidGrantTokenException', 'Grants are not offered by lakelet.')
  }
}

/** Nitro enclaves and the like. */
export function requireNoRecipient({ Recipient }: { readonly Recipient?: object }): void {
  if (Recipient !== undefined) throw notOffered('Recipient')
}

export function requireSymmetric(algorithm: EncryptionAlgorithmSpec | undefined): void {
  if (algorithm === undefined || algorithm === 'SYMMETRIC_DEFAULT') return
  throw new WireError(
    'InvalidKeyUsageException',
    `Algorithm ${algorithm} is incompatible with key spec SYMMETRIC_DEFAULT.`,
  )
}

/** Called when all else is well. */
export function requireNotDry({ DryRun }: { readonly DryRun?: boolean }): void {
  if (DryRun === true) throw dryRun()
}
