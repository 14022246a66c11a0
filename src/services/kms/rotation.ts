/** New material for a key: by the lake's clock every so many days, or now. What older material sealed still opens. */
import { keyByIdOrArn } from '../customer-keys.ts'
import type { KmsOperation } from './context.ts'

const PERIOD_DAYS = 365

export const enableKeyRotation: KmsOperation<'EnableKeyRotation'> = async (input, context) => {
  const { id } = keyByIdOrArn(input.KeyId, context)
  await context.keys.setRotation(id, input.RotationPeriodInDays ?? PERIOD_DAYS)
  return {}
}

export const disableKeyRotation: KmsOperation<'DisableKeyRotation'> = async ({ KeyId }, context) => {
  await context.keys.setRotation(keyByIdOrArn(KeyId, context).id, undefined)
  return {}
}

export const getKeyRotationStatus: KmsOperation<'GetKeyRotationStatus'> = async ({ KeyId }, context) => {
  const { id, rotation } = keyByIdOrArn(KeyId, context)
  return {
    KeyId: id,
    KeyRotationEnabled: rotation !== undefined,
    ...(rotation !== undefined && {
      RotationPeriodInDays: rotation.periodDays,
      NextRotationDate: new Date(rotation.nextAtMs),
    }),
  }
}

export const rotateKeyOnDemand: KmsOperation<'RotateKeyOnDemand'> = async ({ KeyId }, context) => {
  const { id } = keyByIdOrArn(KeyId, context)
  await context.keys.rotateNow(id)
  return { KeyId: id }
}
