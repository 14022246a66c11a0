/**
 * What KMS's operations need (Service Authorization Reference, "AWS Key Management Service", 2026-11). A key's own
 * policy must allow, or leave it to the account: `mustGrant`. Whatever names a key (id, arn, alias) means its arn.
 */
import type { CustomerKey, EncryptionContext } from '../../keys/customer-keys.ts'
import type { KmsOperations, Tag } from '../../wire/model/kms.ts'
import { type Permission, tagFacts } from '../access.ts'
import { keyNamed } from '../customer-keys.ts'
import type { Permissions, PermissionTable } from '../operation.ts'
import type { KmsContext } from './context.ts'
import { keyThatSealed } from './cryptography.ts'
import type { KmsOperationName } from './operations.ts'

type Of<Input> = Permissions<Input, KmsContext>
type Facts = NonNullable<Permission['facts']>

interface KeyGiven {
  readonly KeyId: string
  readonly EncryptionContext?: EncryptionContext
}

export const kmsPermissions: PermissionTable<KmsOperations, KmsOperationName, KmsContext> = {
  CreateKey: ({ Tags = [] }) => everywhere('CreateKey', tagsGiven(Tags)),
  DescribeKey: onKey('DescribeKey'),
  ListKeys: () => everywhere('ListKeys'),
  UpdateKeyDescription: onKey('UpdateKeyDescription'),
  EnableKey: onKey('EnableKey'),
  DisableKey: onKey('DisableKey'),
  ScheduleKeyDeletion: onKey('ScheduleKeyDeletion'),
  CancelKeyDeletion: onKey('CancelKeyDeletion'),
  CreateAlias: async ({ AliasName, TargetKeyId }, context) => [
    onAlias('CreateAlias', AliasName, context),
    of('CreateAlias', await keyNamed(TargetKeyId, context), context),
  ],
  UpdateAlias: async ({ AliasName, TargetKeyId }, context) => [
    onAlias('UpdateAlias', AliasName, context),
    ...behindAlias('UpdateAlias', AliasName, context),
    of('UpdateAlias', await keyNamed(TargetKeyId, context), context),
  ],
  DeleteAlias: ({ AliasName }, context) => [
    onAlias('DeleteAlias', AliasName, context),
    ...behindAlias('DeleteAlias', AliasName, context),
  ],
  ListAliases: () => everywhere('ListAliases'),
  Encrypt: onKey('Encrypt'),
  Decrypt: async ({ CiphertextBlob, KeyId, EncryptionContext }, context) => {
    const key = await keyThatSealed(CiphertextBlob ?? new Uint8Array(), KeyId, context)
    return [of('Decrypt', key, context, contextFacts(EncryptionContext))]
  },
  ReEncrypt: async (input, context) => {
    const from = await keyThatSealed(input.CiphertextBlob ?? new Uint8Array(), input.SourceKeyId, context)
    const to = await keyNamed(input.DestinationKeyId, context)
    return [
      of('ReEncryptFrom', from, context, contextFacts(input.SourceEncryptionContext)),
      of('ReEncryptTo', to, context, contextFacts(input.DestinationEncryptionContext)),
    ]
  },
  GenerateDataKey: onKey('GenerateDataKey'),
  GenerateDataKeyWithoutPlaintext: onKey('GenerateDataKeyWithoutPlaintext'),
  GenerateRandom: () => everywhere('GenerateRandom'),
  GetKeyPolicy: onKey('GetKeyPolicy'),
  PutKeyPolicy: onKey('PutKeyPolicy'),
  ListKeyPolicies: onKey('ListKeyPolicies'),
  ListResourceTags: onKey('ListResourceTags'),
  TagResource: async ({ KeyId, Tags }, context) => [
    of('TagResource', await keyNamed(KeyId, context), context, tagsGiven(Tags)),
  ],
  UntagResource: async ({ KeyId, TagKeys }, context) => [
    of('UntagResource', await keyNamed(KeyId, context), context, { 'aws:tagkeys': TagKeys }),
  ],
  GetKeyRotationStatus: onKey('GetKeyRotationStatus'),
  EnableKeyRotation: onKey('EnableKeyRotation'),
  DisableKeyRotation: onKey('DisableKeyRotation'),
  RotateKeyOnDemand: onKey('RotateKeyOnDemand'),
}

function onKey(action: string): Of<KeyGiven> {
  return async ({ KeyId, EncryptionContext }, context) => [
    of(action, await keyNamed(KeyId, context), context, contextFacts(EncryptionContext)),
  ]
}

function of(action: string, key: CustomerKey, { keys, accountId }: KmsContext, facts: Facts = {}): Permission {
  return {
    action: `kms:${action}`,
    resource: keys.arnOf(key.id),
    facts: { 'kms:calleraccount': [accountId], ...facts },
    ofResource: { policy: key.policy, mustGrant: true },
  }
}

function onAlias(action: string, alias: string, { keys }: KmsContext): Permission {
  return { action: `kms:${action}`, resource: keys.aliasArnOf(alias) }
}

/** The key that the alias names now; of an alias that is not there, none. */
function behindAlias(action: string, alias: string, context: KmsContext): readonly Permission[] {
  const keyId = context.keys.keyIdOfAlias(alias)
  return keyId === undefined ? [] : [of(action, context.keys.byId(keyId), context)]
}

function everywhere(action: string, facts: Facts = {}): readonly Permission[] {
  return [{ action: `kms:${action}`, resource: '*', facts }]
}

function contextFacts(given: EncryptionContext = {}): Facts {
  const pairs = Object.entries(given)
  if (pairs.length === 0) return {}
  const values = pairs.map(([key, value]) => [`kms:encryptioncontext:${key.toLowerCase()}`, [value]])
  return { ...Object.fromEntries(values), 'kms:encryptioncontextkeys': pairs.map(([key]) => key) }
}

function tagsGiven(tags: readonly Tag[]): Facts {
  return tagFacts(tags.map(({ TagKey, TagValue }) => [TagKey, TagValue]))
}
