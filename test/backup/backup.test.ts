/** A disk that fails at any one step of a backup, or of restoring it, leaves nothing of it behind. */
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type BackupEvent, backUp } from '../../src/backup/backup.ts'
import { restoreBackup } from '../../src/cli/restore/restore.ts'
import { nodeFileSystem } from '../../src/platform/file-system.ts'
import { patterned } from '../contracts/object-store.ts'
import { dataDirectory } from '../objects/local/support.ts'
import { FaultyFileSystem } from '../support/faulty-file-system.ts'
import { temporaryDirectory } from '../support/lake.ts'

const CODES = ['ENOSPC', 'EIO'] as const
const folder = temporaryDirectory()
const at = (name: string) => join(folder.path, name)
let data: Awaited<ReturnType<typeof dataDirectory>>
let lake: Awaited<ReturnType<typeof data.open>>
/** Of a backup that nothing disturbs. */
const sound = new FaultyFileSystem()
/** What backups hold still at the moment. */
let holds = 0

beforeAll(async () => {
  data = await dataDirectory()
  lake = await data.open()
  await lake.store.createBucket('lake', 'us-east-1')
  await lake.store.put({ bucket: 'lake', key: 'small' }, Buffer.from('small'))
  for (const key of ['a', 'b']) await lake.store.put({ bucket: 'lake', key }, patterned(100_000))
  const journal = join(data.directory, 'journal', 'stream')
  await nodeFileSystem.makeDirectory(journal)
  const segment = await nodeFileSystem.open(join(journal, '1'), 'create')
  await segment.write(Buffer.from('records'))
  await segment.close()
  expect((await backedUp(at('sound'), sound)).at(-1)?.event).toBe('done')
})
afterAll(async () => {
  await lake.close()
  await data.remove()
  folder.remove()
})

async function backedUp(target: string, files: FaultyFileSystem): Promise<readonly BackupEvent[]> {
  const held = () => {
    holds++
    return () => void holds--
  }
  const parts = {
    directory: data.directory,
    databasePath: lake.database.path,
    files,
    clock: data.clock,
    version: '0.0.0',
    holdJournals: async () => ({
      journals: [{ folder: 'stream', files: [{ name: '1', bytes: 7 }] }],
      letGo: held(),
    }),
    holdFiles: async () => held(),
    filesOf: (path: string, signal: AbortSignal) => lake.store.filesOf(path, signal),
    isRotatingKeys: () => false,
  }
  const events: BackupEvent[] = []
  for await (const event of backUp(parts, target, new AbortController().signal)) events.push(event)
  return events
}

test('a backup', { timeout: 60_000 }, async () => {
  expect(sound.steps).toBeGreaterThan(40)
  for (let step = 1; step <= sound.steps; step++) {
    const code = CODES[step % CODES.length] as string
    const files = new FaultyFileSystem()
    files.failStep(step, code)
    const refusal = await backedUp(at('cut'), files).then(
      () => undefined,
      (error: Error & { code?: string }) => error,
    )
    expect(refusal, `step ${step} fails with ${code}`).toBeInstanceOf(Error)
    expect(existsSync(at('cut')), `after ${code} at step ${step}`).toBe(false)
    expect(holds).toBe(0)
  }
})

test('restoring one', { timeout: 60_000 }, async () => {
  const restored = (files: FaultyFileSystem, target: string) =>
    restoreBackup({ files, onProgress: () => undefined }, at('sound'), target)
  const undisturbed = new FaultyFileSystem()
  await restored(undisturbed, at('restored'))
  expect(undisturbed.steps).toBeGreaterThan(40)
  for (let step = 1; step <= undisturbed.steps; step++) {
    const code = CODES[step % CODES.length] as string
    const files = new FaultyFileSystem()
    files.failStep(step, code)
    await expect(restored(files, at('never')), `step ${step} fails with ${code}`).rejects.toMatchObject({ code })
    expect(readdirSync(folder.path).sort(), `after ${code} at step ${step}`).toEqual(['restored', 'sound'])
  }
})
