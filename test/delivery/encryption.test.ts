import { expect, test } from 'vitest'
import {
  changed,
  changing,
  encryptionAtCreation,
  notChanged,
  type StreamEncryption,
  unencrypted,
} from '../../src/delivery/encryption.ts'

const DAY_MS = 24 * 60 * 60 * 1000
const KEY = { keyArn: 'arn:aws:kms:us-east-1:000000000000:key/k' }
const OTHER = { keyArn: 'arn:aws:kms:us-east-1:000000000000:key/other' }
const failure = { code: 'keyDisabled', message: 'It is disabled.' }

const change = (encryption: StreamEncryption, key: Parameters<typeof changing>[1], nowMs = 0) =>
  changing({ name: 's', encryption }, key, nowMs)
const started = (key: Parameters<typeof changing>[1]) => changed(change(unencrypted, key))

test('a stream becomes encrypted, changes its key, and becomes plain again', () => {
  const enabling = change(unencrypted, 'owned')
  expect(enabling).toMatchObject({ status: 'ENABLING', key: 'owned', inEffect: undefined })
  const enabled = changed(enabling)
  expect(enabled).toMatchObject({ status: 'ENABLED', key: 'owned', inEffect: 'owned' })
  const changingKey = change(enabled, KEY)
  expect(changingKey).toMatchObject({ status: 'ENABLING', key: KEY, inEffect: 'owned' })
  const disabling = change(changed(changingKey), undefined)
  expect(disabling).toMatchObject({ status: 'DISABLING', inEffect: KEY })
  expect(changed(disabling)).toMatchObject({ status: 'DISABLED' })
  expect(changed(disabling).inEffect).toBe(undefined)
})

test('a key that could not be changed leaves the one before in effect, and the next change may succeed', () => {
  const failed = notChanged(change(started(KEY), OTHER), failure)
  expect(failed).toMatchObject({ status: 'ENABLING_FAILED', key: OTHER, inEffect: KEY, failure })
  expect(changed(change(failed, OTHER))).toMatchObject({ status: 'ENABLED', inEffect: OTHER })
  expect(changed(change(failed, OTHER)).failure).toBe(undefined)
  expect(change(failed, undefined)).toMatchObject({ status: 'DISABLING', inEffect: KEY })
  expect(notChanged(change(failed, undefined), failure)).toMatchObject({ status: 'DISABLING_FAILED', inEffect: KEY })
})

test('what is plain already is stopped at once', () => {
  expect(change(unencrypted, undefined)).toMatchObject({ status: 'DISABLED' })
  const neverBegun = notChanged(change(unencrypted, KEY), failure)
  expect(change(neverBegun, undefined)).toMatchObject({ status: 'DISABLED' })
})

test('a change under way is waited for', () => {
  const underWay = [change(unencrypted, KEY), change(started(KEY), undefined), encryptionAtCreation(KEY)]
  for (const encryption of underWay)
    for (const key of [OTHER, undefined])
      expect(() => change(encryption, key)).toThrow(
        expect.objectContaining({ code: 'streamBusy', fields: { name: 's', state: encryption.status } }),
      )
})

test('encryption is started and stopped 25 times in 24 hours, and not once more', () => {
  let encryption = unencrypted
  for (let count = 0; count < 25; count++)
    encryption = changed(change(encryption, count % 2 === 0 ? KEY : undefined, count))
  expect(() => change(encryption, undefined, DAY_MS - 1)).toThrow(
    expect.objectContaining({ code: 'tooManyEncryptionChanges' }),
  )
  const next = changed(change(encryption, undefined, DAY_MS))
  expect(() => change(next, KEY, DAY_MS)).toThrow(expect.objectContaining({ code: 'tooManyEncryptionChanges' }))
  expect(change(next, KEY, 2 * DAY_MS - 1).changesAtMs).toEqual([DAY_MS, 2 * DAY_MS - 1])
})

test('a stream may be made encrypted, which costs nothing of the quota', () => {
  expect(encryptionAtCreation(undefined)).toEqual(unencrypted)
  expect(changed(encryptionAtCreation(KEY))).toEqual({ status: 'ENABLED', key: KEY, inEffect: KEY, changesAtMs: [] })
})
