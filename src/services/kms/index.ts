/**
 * AWS KMS over aws-json 1.1: symmetric keys that the lake holds, and the work they do.
 *
 * Gaps, each refused by name: asymmetric and HMAC keys, multi-Region keys, imported material, custom and external key
 * stores, grants, recipients of enclaves.
 */
import type { Service } from '../operation.ts'
import type { KmsContext } from './context.ts'
import { toKmsError } from './errors.ts'
import { kmsOperations } from './operations.ts'
import { kmsPermissions } from './permissions.ts'

export function kmsService(context: KmsContext): Service<KmsContext> {
  return {
    signingName: 'kms',
    operations: kmsOperations,
    permissions: kmsPermissions,
    context,
    toWireError: toKmsError,
  }
}
