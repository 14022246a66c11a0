/**
 * The right to the key of KMS that an object is encrypted with: who writes needs kms:GenerateDataKey of it, who reads
 * kms:Decrypt, both through S3. The key's own policy must allow it, or leave it to the account.
 */
import type { CustomerKeys } from '../../../keys/customer-keys.ts'
import type { Encryption, NewEncryption } from '../../../objects/encryption.ts'
import type { WireRequest } from '../../../wire/http.ts'
import type { Permission } from '../../access.ts'
import type { S3Context } from '../context.ts'
import { invalidArgument, notAuthorised } from '../errors.ts'
import { queryValue } from '../requests.ts'

export interface KeyAccount {
  readonly keys: Pick<CustomerKeys, 'byId'>
  readonly accountId: string
  readonly region: string
}

export interface KeyUse {
  readonly object: { readonly bucket: string; readonly key: string }
  readonly request: WireRequest
  readonly context: S3Context
}

/** Throws AccessDenied. Nothing is asked where no key of KMS is used. */
export function requireKeyUse(
  verb: 'GenerateDataKey' | 'Decrypt',
  encryption: Encryption | NewEncryption | undefined,
  { object, request, context }: KeyUse,
): void {
  if (typeof encryption !== 'object' || encryption.kind !== 'kms') return
  requireVersion4(request, context)
  const { caller, access } = context
  for (const permission of keyPermissions(verb, encryption, { object, account: context })) {
    const decision = access.judge(caller, permission)
    if (!decision.isAllowed) throw notAuthorised(caller, permission, decision.because)
  }
}

/** None where no key of KMS is used. */
export function keyPermissions(
  verb: 'GenerateDataKey' | 'Decrypt',
  encryption: Encryption | NewEncryption | undefined,
  { object, account: { keys, accountId, region } }: Pick<KeyUse, 'object'> & { readonly account: KeyAccount },
): readonly Permission[] {
  if (typeof encryption !== 'object' || encryption.kind !== 'kms') return []
  const arn = `arn:aws:s3:::${object.bucket}${encryption.usesBucketKey ? '' : `/${object.key}`}`
  // Where the object is, is not for who writes it to say.
  const given = { ...encryption.context, 'aws:s3:arn': arn }
  const pairs = Object.entries(given)
  const permission = {
    action: `kms:${verb}`,
    resource: encryption.keyArn,
    facts: {
      'kms:calleraccount': [accountId],
      'kms:viaservice': [`s3.${region}.amazonaws.com`],
      'kms:encryptioncontextkeys': pairs.map(([name]) => name),
      ...Object.fromEntries(pairs.map(([name, value]) => [`kms:encryptioncontext:${name.toLowerCase()}`, [value]])),
    },
    ofResource: { policy: keys.byId(encryption.keyId).policy, mustGrant: true },
  }
  return [permission]
}

/** Neither nobody nor the old signature gets at a key of KMS. */
function requireVersion4(request: WireRequest, { caller }: S3Context): void {
  if (caller.principal.kind !== 'anonymous' && queryValue(request, 'AWSAccessKeyId') === undefined) return
  throw invalidArgument(
    'Requests specifying Server Side Encryption with AWS KMS managed keys require AWS Signature Version 4.',
    'Authorization',
    'null',
  )
}
