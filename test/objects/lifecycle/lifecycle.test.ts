import { afterEach, beforeEach, expect, test } from 'vitest'
import { LifecycleRuns } from '../../../src/objects/lifecycle/lifecycle.ts'
import type { LifecycleRule } from '../../../src/objects/lifecycle/rules.ts'
import type { BucketSettings } from '../../../src/objects/object-store.ts'
import { silentLog } from '../../../src/platform/log.ts'
import { dataDirectory } from '../local/support.ts'

const DAY_MS = 24 * 3600 * 1000

async function lifecycleWorld() {
  const data = await dataDirectory()
  const { store, close } = await data.open()
  const { clock } = data
  const runs = new LifecycleRuns({ objects: store, clock, log: silentLog })
  const put = (key: string, body = 'x') => store.put({ bucket: 'lake', key }, Buffer.from(body))
  return {
    store,
    clock,
    runs,
    put,
    async bucket(rules: readonly Partial<LifecycleRule>[], settings: BucketSettings = {}) {
      await store.createBucket('lake', 'us-east-1')
      const whole = rules.map((rule, index): LifecycleRule => {
        return { id: `r${index}`, isEnabled: true, filter: {}, form: 'one', ...rule }
      })
      const lifecycle = { rules: whole, transitionMinimum: 'all_storage_classes_128K' as const }
      await store.changeBucket('lake', { lifecycle, ...settings })
    },
    /** Runs; time moves with it only where a run waits for requests. */
    async run() {
      const done = runs.run()
      while (runs.progress.isRunning) await clock.advance(1)
      await done
      return runs.progress
    },
    async keys() {
      return (await store.list('lake', { limit: 10_000 })).objects.map(({ key }) => key)
    },
    async versions() {
      const { versions } = await store.listVersions('lake', { limit: 10_000 })
      return versions.map(
        ({ key, isDeleteMarker, isLatest }) => `${key}${isDeleteMarker ? ' marker' : ''}${isLatest ? '' : ' old'}`,
      )
    },
    async close() {
      await runs.close()
      await close()
      await data.remove()
    },
  }
}

let world: Awaited<ReturnType<typeof lifecycleWorld>>
beforeEach(async () => {
  world = await lifecycleWorld()
})
afterEach(() => world.close())

test('what is old enough goes, what is younger or elsewhere stays', async () => {
  await world.bucket([{ filter: { prefix: 'logs/' }, expiration: { afterDays: 2 } }])
  await world.put('logs/old')
  await world.put('keep/old')
  await world.clock.advance(2 * DAY_MS)
  await world.put('logs/young')
  await world.clock.advance(DAY_MS)
  expect(await world.run()).toMatchObject({ seen: 2, expired: 1, removed: 0 })
  expect(await world.keys()).toEqual(['keep/old', 'logs/young'])
  expect(await world.run(), 'a second run finds nothing more').toMatchObject({ seen: 1, expired: 0, removed: 0 })
})

test('with versioning an expired object gets a marker, its versions age, and the marker goes last', async () => {
  const rules = [{ expiration: { afterDays: 1 }, noncurrent: { afterDays: 1 } }]
  await world.bucket(rules, { versioning: 'enabled' })
  await world.put('a')
  await world.clock.advance(2 * DAY_MS)
  await world.run()
  expect(await world.versions()).toEqual(['a marker', 'a old'])
  await world.clock.advance(2 * DAY_MS)
  await world.run()
  expect(await world.versions()).toEqual(['a marker'])
  await world.run()
  expect(await world.versions()).toEqual([])
})

test('the newest noncurrent versions are kept', async () => {
  await world.bucket([{ noncurrent: { afterDays: 1, newestKept: 2 } }], { versioning: 'enabled' })
  for (const body of ['1', '2', '3', '4', '5']) await world.put('a', body)
  await world.clock.advance(2 * DAY_MS)
  expect(await world.run()).toMatchObject({ seen: 5, removed: 2 })
  expect(await world.versions()).toEqual(['a', 'a old', 'a old'])
})

test('histories longer than a page are judged to their end', async () => {
  await world.bucket([{ noncurrent: { afterDays: 1, newestKept: 1 } }], { versioning: 'enabled' })
  await Promise.all(Array.from({ length: 2_300 }, (_, index) => world.put('a', String(index))))
  await world.put('b')
  await world.clock.advance(3 * DAY_MS)
  expect(await world.run()).toMatchObject({ seen: 2_301, removed: 2_298 })
  expect(await world.versions()).toEqual(['a', 'a old', 'b'])
})

test('uploads that nobody completes are aborted, and younger ones are not', async () => {
  await world.bucket([{ abortsUploadsAfterDays: 3 }])
  const old = await world.store.createUpload({ bucket: 'lake', key: 'a' }, {})
  await world.store.putPart(old, 1, Buffer.from('part'))
  await world.clock.advance(3 * DAY_MS)
  await world.store.createUpload({ bucket: 'lake', key: 'b' }, {})
  await world.clock.advance(DAY_MS)
  expect(await world.run()).toMatchObject({ aborted: 1 })
  const { uploads } = await world.store.listUploads('lake', { limit: 10 })
  expect(uploads.map(({ key }) => key)).toEqual(['b'])
})

test('a version that was replaced since it was read stays', async () => {
  await world.bucket([{ expiration: { afterDays: 1 } }])
  const read = await world.put('a', 'old')
  await world.put('a', 'old')
  const condition = { ifRevision: read.revision ?? '' }
  await expect(world.store.delete({ bucket: 'lake', key: 'a' }, condition)).rejects.toMatchObject({
    code: 'preconditionFailed',
  })
  expect(await world.keys()).toEqual(['a'])
})

test('rules are carried out after the start and after every midnight, by themselves', async () => {
  await world.bucket([{ expiration: { afterDays: 1 } }])
  await world.put('a')
  world.runs.start()
  await world.clock.advance(DAY_MS)
  expect(await world.keys(), 'the day is not over').toEqual(['a'])
  await world.clock.advance(DAY_MS)
  await world.clock.advance(1)
  expect(await world.keys()).toEqual([])
})
