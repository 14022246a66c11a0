/** A key as KMS shows it. */
import type { CustomerKey, CustomerKeys } from '../../keys/customer-keys.ts'
import type { KeyMetadata, KeyState } from '../../wire/model/kms.ts'

const STATES: Readonly<Record<CustomerKey['state'], KeyState>> = {
  enabled: 'Enabled',
  disabled: 'Disabled',
  pendingDeletion: 'PendingDeletion',
}

export function keyShape(key: CustomerKey, keys: CustomerKeys, accountId: string): KeyMetadata {
  return {
    AWSAccountId: accountId,
    KeyId: key.id,
    Arn: keys.arnOf(key.id),
    CreationDate: new Date(key.createdAtMs),
    Enabled: key.state === 'enabled',
    Description: key.description,
    KeyUsage: 'ENCRYPT_DECRYPT',
    KeyState: STATES[key.state],
    ...(key.deletionAtMs !== undefined && { DeletionDate: new Date(key.deletionAtMs) }),
    Origin: 'AWS_KMS',
    KeyManager: key.manager === 'lake' ? 'AWS' : 'CUSTOMER',
    CustomerMasterKeySpec: 'SYMMETRIC_DEFAULT',
    KeySpec: 'SYMMETRIC_DEFAULT',
    EncryptionAlgorithms: ['SYMMETRIC_DEFAULT'],
    MultiRegion: false,
  }
}
