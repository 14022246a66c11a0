/** Whether a key can be used: enabled, disabled, about to be deleted. The lake's clock deletes it when its time comes. */
import { keyByIdOrArn } from '../customer-keys.ts'
import type { KmsOperation } from './context.ts'
import { validation } from './errors.ts'

const WINDOW_DAYS = { least: 7, most: 30 }

export const enableKey: KmsOperation<'EnableKey'> = async ({ KeyId }, context) => {
  await context.keys.setEnabled(keyByIdOrArn(KeyId, context).id, true)
  return {}
}

export const disableKey: KmsOperation<'DisableKey'> = async ({ KeyId }, context) => {
  await context.keys.setEnabled(keyByIdOrArn(KeyId, context).id, false)
  return {}
}

export const scheduleKeyDeletion: KmsOperation<'ScheduleKeyDeletion'> = async (input, context) => {
  const days = input.PendingWindowInDays ?? WINDOW_DAYS.most
  if (days < WINDOW_DAYS.least || days > WINDOW_DAYS.most) {
    throw validation(`PendingWindowInDays must be between ${WINDOW_DAYS.least} and ${WINDOW_DAYS.most}`)
  }
  const { keys } = context
  const key = await keys.scheduleDeletion(keyByIdOrArn(input.KeyId, context).id, days)
  return {
    KeyId: keys.arnOf(key.id),
    DeletionDate: new Date(key.deletionAtMs ?? 0),
    KeyState: 'PendingDeletion',
    PendingWindowInDays: days,
  }
}

export const cancelKeyDeletion: KmsOperation<'CancelKeyDeletion'> = async ({ KeyId }, context) => {
  const { id } = keyByIdOrArn(KeyId, context)
  await context.keys.cancelDeletion(id)
  return { KeyId: context.keys.arnOf(id) }
}
