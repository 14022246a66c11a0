/** The operation table of KMS, and nothing else. */
import type { KmsOperations } from '../../wire/model/kms.ts'
import type { OperationTable } from '../operation.ts'
import * as aliases from './aliases.ts'
import type { KmsContext } from './context.ts'
import * as cryptography from './cryptography.ts'
import * as dataKeys from './data-keys.ts'
import * as keyState from './key-state.ts'
import * as keys from './keys.ts'
import * as policies from './policies.ts'
import * as rotation from './rotation.ts'
import * as tags from './tags.ts'

export const kmsOperations = {
  CreateKey: keys.createKey,
  DescribeKey: keys.describeKey,
  ListKeys: keys.listKeys,
  UpdateKeyDescription: keys.updateKeyDescription,
  EnableKey: keyState.enableKey,
  DisableKey: keyState.disableKey,
  ScheduleKeyDeletion: keyState.scheduleKeyDeletion,
  CancelKeyDeletion: keyState.cancelKeyDeletion,
  CreateAlias: aliases.createAlias,
  UpdateAlias: aliases.updateAlias,
  DeleteAlias: aliases.deleteAlias,
  ListAliases: aliases.listAliases,
  Encrypt: cryptography.encrypt,
  Decrypt: cryptography.decrypt,
  ReEncrypt: cryptography.reEncrypt,
  GenerateDataKey: dataKeys.generateDataKey,
  GenerateDataKeyWithoutPlaintext: dataKeys.generateDataKeyWithoutPlaintext,
  GenerateRandom: dataKeys.generateRandom,
  GetKeyPolicy: policies.getKeyPolicy,
  PutKeyPolicy: policies.putKeyPolicy,
  ListKeyPolicies: policies.listKeyPolicies,
  ListResourceTags: tags.listResourceTags,
  TagResource: tags.tagResource,
  UntagResource: tags.untagResource,
  GetKeyRotationStatus: rotation.getKeyRotationStatus,
  EnableKeyRotation: rotation.enableKeyRotation,
  DisableKeyRotation: rotation.disableKeyRotation,
  RotateKeyOnDemand: rotation.rotateKeyOnDemand,
} satisfies OperationTable<KmsOperations, KmsContext>

export type KmsOperationName = keyof typeof kmsOperations
