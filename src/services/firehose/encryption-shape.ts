/** Server-side encryption of streams between the wire and the domain. AWS's words were tried in us-east-1, 2026-09. */
import type { StreamEncryption } from '../../delivery/encryption.ts'
import type { JournalEncryption } from '../../delivery/journal-keys.ts'
import type {
  DeliveryStreamEncryptionConfiguration,
  DeliveryStreamEncryptionConfigurationInput,
  FailureDescription,
} from '../../wire/model/firehose.ts'
import type { Permission } from '../access.ts'
import { keyByIdOrArn } from '../customer-keys.ts'
import type { FirehoseContext } from './context.ts'
import { invalidArgument } from './errors.ts'

/** Refuses keyNotFound. */
export function toKey(
  { KeyType, KeyARN }: DeliveryStreamEncryptionConfigurationInput,
  context: FirehoseContext,
): JournalEncryption {
  if (KeyType === 'AWS_OWNED_CMK') {
    if (KeyARN === undefined) return 'owned'
    throw invalidArgument('KeyARN cannot be specified when KeyType is AWS_OWNED_CMK')
  }
  if (KeyARN === undefined) throw invalidArgument('KeyARN has to be specified when KeyType is CUSTOMER_MANAGED_CMK')
  const [, , , region] = KeyARN.split(':')
  if (region !== context.region)
    throw invalidArgument(
      'Cross-region keys are not allowed for SSE. Please provide CMKs in the same region as firehose',
    )
  return { keyArn: context.keys.arnOf(keyByIdOrArn(KeyARN, context).id) }
}

/** Who has streams encrypted under a key must be allowed to lend it to Firehose. */
export function keyPermissions(
  input: DeliveryStreamEncryptionConfigurationInput | undefined,
  context: FirehoseContext,
): readonly Permission[] {
  const key = input === undefined ? 'owned' : toKey(input, context)
  if (key === 'owned') return []
  return [
    {
      action: 'kms:CreateGrant',
      resource: key.keyArn,
      facts: {
        'kms:calleraccount': [context.accountId],
        'kms:viaservice': [`firehose.${context.region}.amazonaws.com`],
        'kms:grantisforawsresource': ['true'],
      },
      ofResource: { policy: keyByIdOrArn(key.keyArn, context).policy, mustGrant: true },
    },
  ]
}

export function describeStreamEncryption({ status, key, failure }: StreamEncryption) {
  const description: DeliveryStreamEncryptionConfiguration = {
    ...(key === 'owned' && { KeyType: 'AWS_OWNED_CMK' }),
    ...(typeof key === 'object' && { KeyARN: key.keyArn, KeyType: 'CUSTOMER_MANAGED_CMK' }),
    Status: status,
    ...(failure !== undefined && { FailureDescription: describeFailure(failure) }),
  }
  return description
}

export function describeFailure({ code, message }: NonNullable<StreamEncryption['failure']>): FailureDescription {
  const type = Object.hasOwn(FAILURE_TYPES, code) ? FAILURE_TYPES[code] : undefined
  return { Type: type ?? 'UNKNOWN_ERROR', Details: message }
}

const FAILURE_TYPES: Readonly<Record<string, FailureDescription['Type']>> = {
  keyDisabled: 'DISABLED_KMS_KEY',
  keyNotFound: 'KMS_KEY_NOT_FOUND',
  keyPendingDeletion: 'INVALID_KMS_KEY',
}
