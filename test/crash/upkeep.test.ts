/**
 * Kills a real lake at random moments of its upkeep and of changes to many things at once: lifecycle runs, rotations of
 * the master key, backups, DeleteObjects, Object Lock, uploads being completed. What was acknowledged holds after every
 * start, and `scrub` finds every stored byte whole and every file in use.
 */
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import {
  CompleteMultipartUploadCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  GetObjectRetentionCommand,
  HeadObjectCommand,
  PutBucketLifecycleConfigurationCommand,
  PutObjectCommand,
  PutObjectLegalHoldCommand,
  PutObjectRetentionCommand,
  UploadPartCommand,
} from '@aws-sdk/client-s3'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { seededRandom } from '../../src/platform/random.ts'
import { runCli } from '../support/cli.ts'
import { eventually, startLake, type TestLake, temporaryDirectory } from '../support/lake.ts'
import { sendRaw } from '../support/raw-client.ts'

const Bucket = 'upkeep'
const MEGABYTE = 1024 * 1024
const PART_BYTES = 5 * MEGABYTE

let directory: ReturnType<typeof temporaryDirectory>
let lake: TestLake
const at = (name: string) => join(directory.path, name)
const restart = async () => {
  lake = await startLake(at('lake'))
}
beforeEach(async () => {
  directory = temporaryDirectory()
  await restart()
})
afterEach(async () => {
  await lake.kill()
  directory.remove()
})

/** Starts `work`, kills the lake within `ms` of it, and starts it again. Resolves to whether the work was answered. */
async function killedDuring(work: () => Promise<unknown>, ms: number): Promise<boolean> {
  const answered = work().then(
    () => true,
    (error: { $metadata?: { httpStatusCode?: number } }) => {
      // A refusal would be a finding; a lake that is gone is what the test is about.
      if (error.$metadata?.httpStatusCode !== undefined) throw error
      return false
    },
  )
  answered.catch(() => undefined)
  await new Promise((resolve) => setTimeout(resolve, ms))
  await lake.kill()
  const wasAnswered = await answered
  await restart()
  return wasAnswered
}

async function expectSound(): Promise<void> {
  const { status, body } = await admin('/_lakelet/scrub')
  expect(status).toBe(200)
  const events = body.split('\n').filter((line) => line !== '')
  expect(events.filter((line) => line.includes('"problem"'))).toEqual([])
  expect(JSON.parse(events.at(-1) ?? '{}')).toMatchObject({ event: 'done', figures: { problems: 0 } })
  expect(readdirSync(at('lake/staging')).filter((name) => name !== 'queries')).toEqual([])
}

async function admin(path: string, query: Record<string, string> = {}, method = 'POST') {
  const answer = await sendRaw(lake, { service: 'lakelet', method, path, query })
  if (answer.status >= 400)
    throw Object.assign(new Error(answer.body), { $metadata: { httpStatusCode: answer.status } })
  return answer
}

const put = (Key: string, Body: string | Buffer) => lake.s3.send(new PutObjectCommand({ Bucket, Key, Body }))
const bodyOf = (key: string, bytes: number) => Buffer.alloc(bytes, `${key} `)
const digestOf = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')
const SIZES = [100, 70_000, 200_000]

async function putMany(prefix: string, count: number): Promise<Map<string, string>> {
  const stored = new Map<string, string>()
  await Promise.all(
    Array.from({ length: count }, async (_, index) => {
      const key = `${prefix}/${index}`
      const body = bodyOf(key, SIZES[index % SIZES.length] as number)
      await put(key, body)
      stored.set(key, digestOf(body))
    }),
  )
  return stored
}

async function digestNow(Key: string, VersionId?: string): Promise<string | undefined> {
  try {
    const { Body } = await lake.s3.send(new GetObjectCommand({ Bucket, Key, VersionId }))
    return digestOf((await Body?.transformToByteArray()) ?? new Uint8Array())
  } catch (error) {
    if (['NoSuchKey', 'NoSuchVersion'].includes((error as Error).name)) return undefined
    throw error
  }
}

async function expectStored(stored: ReadonlyMap<string, string>): Promise<void> {
  await Promise.all([...stored].map(async ([key, digest]) => expect(await digestNow(key), key).toBe(digest)))
}

test('rotations of the master key: every object opens, whenever the lake died, and the rotation comes to its end', async () => {
  const random = seededRandom(11)
  await lake.s3.send(new CreateBucketCommand({ Bucket }))
  const stored = new Map<string, string>()
  for (let kill = 0; kill < 2; kill++) {
    for (const [key, digest] of await putMany(`kill-${kill}`, 150)) stored.set(key, digest)
    await killedDuring(() => admin('/_lakelet/keys/rotate'), random.unit() * 60)
    await expectStored(stored)
  }
  const progress = async () =>
    JSON.parse((await admin('/_lakelet/keys/rotate', {}, 'GET')).body) as { isRunning: boolean; damaged: number }
  const done = await eventually('the rotation ends', async () => {
    const now = await progress()
    return now.isRunning ? undefined : now
  })
  expect(done.damaged).toBe(0)
  expect(existsSync(at('lake/keys/master.next'))).toBe(false)
  await expectStored(stored)
  await expectSound()
})

test('lifecycle runs: what is due goes whole or stays whole, the rest stays, and another run ends the work', async () => {
  const random = seededRandom(12)
  await lake.s3.send(new CreateBucketCommand({ Bucket }))
  const rule = { ID: 'r', Status: 'Enabled', Filter: { Prefix: 'due/' }, Expiration: { Date: new Date('2020-01-01') } }
  const kept = await putMany('kept', 20)
  for (let kill = 0; kill < 2; kill++) {
    const due = await putMany('due', 150)
    await lake.s3.send(
      new PutBucketLifecycleConfigurationCommand({ Bucket, LifecycleConfiguration: { Rules: [rule] } as never }),
    )
    await killedDuring(() => admin('/_lakelet/lifecycle/run'), random.unit() * 80)
    await Promise.all(
      [...due].map(async ([key, digest]) => expect([digest, undefined], key).toContain(await digestNow(key))),
    )
    await expectStored(kept)
  }
  await admin('/_lakelet/lifecycle/run')
  await eventually('what is due is gone', async () => ((await digestNow('due/149')) === undefined ? true : undefined))
  await eventually('the run ends', async () => {
    const { body } = await admin('/_lakelet/lifecycle/run', {}, 'GET')
    return (JSON.parse(body) as { isRunning: boolean }).isRunning ? undefined : true
  })
  for (let index = 0; index < 150; index++) expect(await digestNow(`due/${index}`)).toBeUndefined()
  await expectStored(kept)
  await expectSound()
})

test('backups: one that was cut off is no backup, one that was finished is whole, and the lake goes on', async () => {
  const random = seededRandom(13)
  await lake.s3.send(new CreateBucketCommand({ Bucket }))
  const stored = await putMany('kept', 100)
  for (let kill = 0; kill < 2; kill++) {
    const target = at(`copy-${kill}`)
    const finished = await killedDuring(
      async () => {
        const { body } = await admin('/_lakelet/backup', { directory: target })
        if (!body.includes('"done"')) throw new Error('The backup was cut off.')
      },
      40 + random.unit() * 600,
    )
    const isBackup = existsSync(join(target, 'manifest.json'))
    if (finished) expect(isBackup).toBe(true)
    const restored = await runCli(['restore', target, '--data', at(`restored-${kill}`)])
    expect(restored.status).toBe(isBackup ? 0 : 1)
    expect(existsSync(at(`restored-${kill}`))).toBe(isBackup)
    rmSync(target, { recursive: true, force: true })
    await expectStored(stored)
    await expectSound()
  }
  const last = at('copy')
  expect((await admin('/_lakelet/backup', { directory: last })).body).toContain('"done"')
  expect(await runCli(['restore', last, '--data', at('restored')])).toMatchObject({ status: 0 })
  await lake.kill()
  lake = await startLake(at('restored'))
  await expectStored(stored)
})

test('DeleteObjects and locks: what was removed is gone, what is locked is whole, and no lock is half there', async () => {
  const random = seededRandom(14)
  await lake.s3.send(new CreateBucketCommand({ Bucket, ObjectLockEnabledForBucket: true }))
  const RetainUntilDate = new Date(Date.now() + 24 * 3600 * 1000)
  const held = new Map<string, { versionId: string; digest: string }>()
  for (let kill = 0; kill < 2; kill++) {
    const versions = new Map<string, { versionId: string; digest: string }>()
    for (let index = 0; index < 40; index++) {
      const key = `${kill}/${index}`
      const body = bodyOf(key, SIZES[index % SIZES.length] as number)
      const { VersionId: versionId = '' } = await put(key, body)
      versions.set(key, { versionId, digest: digestOf(body) })
    }
    const acknowledged = new Set<string>()
    const removed = new Set<string>()
    await killedDuring(async () => {
      for (const [index, [Key, { versionId: VersionId }]] of [...versions].entries()) {
        const at = { Bucket, Key, VersionId }
        if (index % 4 === 0) {
          const Retention = { Mode: 'COMPLIANCE' as const, RetainUntilDate }
          await lake.s3.send(new PutObjectRetentionCommand({ ...at, Retention }))
        } else if (index % 4 === 1) {
          await lake.s3.send(new PutObjectLegalHoldCommand({ ...at, LegalHold: { Status: 'ON' } }))
        } else continue
        acknowledged.add(Key)
      }
      const Objects = [...versions].map(([Key, { versionId: VersionId }]) => ({ Key, VersionId }))
      const { Deleted = [] } = await lake.s3.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects } }))
      for (const { Key = '' } of Deleted) removed.add(Key)
    }, random.unit() * 500)
    for (const [key, version] of versions) {
      const now = await digestNow(key, version.versionId)
      if (removed.has(key)) expect(now, `${key} was removed`).toBeUndefined()
      else expect([version.digest, undefined], key).toContain(now)
      if (!acknowledged.has(key)) continue
      expect(removed.has(key), `${key} is locked`).toBe(false)
      held.set(key, version)
    }
    for (const [key, { versionId, digest }] of held) {
      expect(await digestNow(key, versionId), `${key}, which is locked`).toBe(digest)
      const ref = { Bucket, Key: key, VersionId: versionId }
      if (Number(key.split('/')[1]) % 4 === 0) {
        const { Retention } = await lake.s3.send(new GetObjectRetentionCommand(ref))
        expect(Retention).toEqual({ Mode: 'COMPLIANCE', RetainUntilDate })
      } else {
        const { ObjectLockLegalHoldStatus } = await lake.s3.send(new HeadObjectCommand(ref))
        expect(ObjectLockLegalHoldStatus).toBe('ON')
      }
    }
  }
  expect(held.size).toBeGreaterThan(0)
  await expectSound()
})

test('an upload that was being completed is completed by asking again, to the same object', async () => {
  const random = seededRandom(15)
  await lake.s3.send(new CreateBucketCommand({ Bucket }))
  for (let kill = 0; kill < 3; kill++) {
    const upload = { Bucket, Key: `parts-${kill}` }
    const { UploadId } = await lake.s3.send(new CreateMultipartUploadCommand(upload))
    const bodies = [bodyOf(`${kill}/1`, PART_BYTES), bodyOf(`${kill}/2`, 1000)]
    const Parts = await Promise.all(
      bodies.map(async (Body, index) => {
        const part = { ...upload, UploadId, PartNumber: index + 1, Body }
        return { PartNumber: index + 1, ETag: (await lake.s3.send(new UploadPartCommand(part))).ETag }
      }),
    )
    const complete = () =>
      lake.s3.send(new CompleteMultipartUploadCommand({ ...upload, UploadId, MultipartUpload: { Parts } }))
    const isCompleted = await killedDuring(complete, random.unit() * 25)
    const whole = digestOf(Buffer.concat(bodies))
    const now = await digestNow(upload.Key)
    expect(isCompleted ? [whole] : [whole, undefined]).toContain(now)
    const { ETag } = await complete()
    expect((await complete()).ETag).toBe(ETag)
    expect(await digestNow(upload.Key)).toBe(whole)
    await expectSound()
  }
})
