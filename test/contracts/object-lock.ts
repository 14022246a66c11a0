/** What every store with Object Lock promises. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Retention } from '../../src/objects/object-lock.ts'
import type { S3ObjectStore } from '../../src/objects/s3-object-store.ts'
import type { FakeClock } from '../support/fake-clock.ts'

export interface OpenedLockingStore {
  readonly store: S3ObjectStore
  readonly clock: FakeClock
  close(): Promise<void>
}

const DAY_MS = 24 * 3600 * 1000
const BYPASS = { bypassesGovernance: true }
const bucket = 'locked'
const ref = { bucket, key: 'k' }

export function objectLockContract(name: string, open: () => Promise<OpenedLockingStore>): void {
  describe(`${name} keeps the contract of Object Lock`, () => {
    let opened: OpenedLockingStore
    let store: S3ObjectStore
    beforeEach(async () => {
      opened = await open()
      store = opened.store
      await store.createBucket(bucket, 'us-east-1', { versioning: 'enabled', objectLock: {} })
      await store.createBucket('plain', 'us-east-1', { versioning: 'enabled' })
    })
    afterEach(() => opened.close())

    const inDays = (days: number) => opened.clock.nowMs() + days * DAY_MS
    const governance = (days: number): Retention => ({ mode: 'governance', untilMs: inDays(days) })
    const compliance = (days: number): Retention => ({ mode: 'compliance', untilMs: inDays(days) })
    const put = async (lock?: Parameters<S3ObjectStore['put']>[2]) => {
      const { versionId } = await store.put(ref, Buffer.from('body'), lock)
      return { ...ref, versionId }
    }
    const refused = { code: 'objectLocked' }

    test.each([
      ['governance', () => ({ retention: governance(1) }), true],
      ['compliance', () => ({ retention: compliance(1) }), false],
      ['a legal hold', () => ({ isHeld: true }), false],
    ] as const)('a version under %s stays, hidden or not, until it may go', async (_, lock, mayBeBypassed) => {
      const version = await put({ lock: lock() })
      await store.delete(ref)
      await expect(store.delete(version)).rejects.toMatchObject(refused)
      expect((await store.head(version)).versionId).toBe(version.versionId)
      const bypassing = store.delete(version, undefined, BYPASS)
      if (mayBeBypassed) await expect(bypassing).resolves.toMatchObject({ versionId: version.versionId })
      else await expect(bypassing).rejects.toMatchObject(refused)
    })

    test('a retention ends by itself, a hold when it is lifted, and one does not end the other', async () => {
      const version = await put({ lock: { retention: compliance(2), isHeld: true } })
      await store.setLegalHold(version, false)
      await expect(store.delete(version)).rejects.toMatchObject(refused)
      await store.setLegalHold(version, true)
      await opened.clock.advance(3 * DAY_MS)
      await expect(store.delete(version)).rejects.toMatchObject(refused)
      await store.setLegalHold(version, false)
      expect(await store.delete(version)).toEqual({ versionId: version.versionId })
    })

    test('a refused change changes nothing', async () => {
      const version = await put({ lock: { retention: compliance(5) } })
      const { lock } = await store.head(version)
      for (const looser of [undefined, governance(9), compliance(1)]) {
        await expect(store.setRetention(version, looser, BYPASS)).rejects.toMatchObject(refused)
      }
      expect((await store.head(version)).lock).toEqual(lock)
      await store.setRetention(version, compliance(6))
      expect((await store.head(version)).lock?.retention).toEqual(compliance(6))
    })

    test('default retention is of the time of writing, for puts, copies and uploads alike', async () => {
      await store.changeBucket(bucket, { objectLock: { defaultRetention: { mode: 'governance', days: 2 } } })
      const upload = await store.createUpload({ bucket, key: 'parts' }, {})
      const part = await store.putPart(upload, 1, Buffer.from('part'))
      await opened.clock.advance(DAY_MS)
      const source = await store.put({ bucket: 'plain', key: 'source' }, Buffer.from('copied'))
      const written = [
        await store.put(ref, Buffer.from('body')),
        await store.copy(source, { bucket, key: 'copy' }, { metadata: {} }),
        await store.completeUpload(upload, [part]),
      ]
      for (const { key, lock } of written) expect(lock?.retention, key).toEqual(governance(2))
      expect(source.lock).toBeUndefined()
    })

    test('a copy does not take the lock of its source along', async () => {
      const version = await store.head(await put({ lock: { retention: compliance(1), isHeld: true } }))
      expect((await store.copy(version, { bucket, key: 'copy' }, { metadata: {} })).lock).toBeUndefined()
    })

    test('without Object Lock nothing is locked, and with it versioning stays', async () => {
      const plain = { bucket: 'plain', key: 'k' }
      const missing = { code: 'lockMissing' }
      const locked = store.put(plain, Buffer.from('x'), { lock: { isHeld: true } })
      await expect(locked).rejects.toMatchObject(missing)
      await expect(store.head(plain)).rejects.toMatchObject({ code: 'noSuchKey' })
      await store.put(plain, Buffer.from('x'))
      await expect(store.setLegalHold(plain, true)).rejects.toMatchObject(missing)
      await expect(store.setRetention(plain, governance(1))).rejects.toMatchObject(missing)
      const suspended = store.changeBucket(bucket, { versioning: 'suspended' })
      await expect(suspended).rejects.toMatchObject({ code: 'versioningNeeded' })
      expect(store.findBucket(bucket)?.versioning).toBe('enabled')
    })
  })
}
