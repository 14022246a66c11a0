import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Journal, type SealedBatch } from '../../../src/delivery/journal/journal.ts'
import { SealingKey } from '../../../src/delivery/journal/sealing.ts'
import type { FileSystem } from '../../../src/platform/file-system.ts'
import { seededRandom } from '../../../src/platform/random.ts'
import { bodies, journalContract, records } from '../../contracts/journal.ts'
import { settle } from '../../support/fake-clock.ts'
import { hastyFileSystem } from '../../support/hasty-disk.ts'
import { SimulatedDisk } from '../../support/simulated-disk.ts'

const SEGMENT_BYTES_MAX = 4_096
const DIRECTORY = '/journal/stream'

journalContract('simulated disk', async () => reopenable(DIRECTORY, newDisk().fileSystem(), async () => undefined))

journalContract('local disk', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'lakelet-journal-'))
  return reopenable(join(directory, 'stream'), hastyFileSystem, () => rm(directory, { recursive: true }))
})

journalContract('encrypted', async () => {
  const keys = new Map<number, Buffer>()
  const fresh = (journal: Journal<string>) => {
    const id = keys.size + 1
    keys.set(id, Buffer.alloc(32, id))
    journal.encryptWith(new SealingKey(id, Buffer.alloc(32, id)))
    return journal
  }
  const keyOf = (id: number) => keys.get(id) as Buffer
  const files = newDisk().fileSystem()
  const options = { directory: DIRECTORY, files, segmentBytesMax: SEGMENT_BYTES_MAX, keyOf }
  const under = {
    journal: fresh(await Journal.open<string>(options)),
    async reopen() {
      await under.journal.close()
      under.journal = fresh(await Journal.open<string>(options))
    },
    close: () => under.journal.close(),
  }
  return under
})

test('what is encrypted is not in the files, opens with its key alone, and stands beside what is not', async () => {
  const disk = newDisk()
  const key = Buffer.alloc(32, 1)
  const options = { directory: DIRECTORY, files: disk.fileSystem() }
  const journal = await Journal.open<string>({ ...options, keyOf: () => key })
  await journal.append(records('in the clear, '), 1)
  journal.encryptWith(new SealingKey(7, key))
  await journal.append(records('a secret', ' of two records, '), 2)
  journal.encryptWith(undefined)
  await journal.append(records('in the clear'), 3)
  await journal.seal('one', 'x')
  expect(await bodies(journal)).toEqual(['in the clear, a secret of two records, in the clear'])
  await journal.close()

  const [segment] = segments(disk) as [string]
  const file = await disk.fileSystem().open(segment, 'read')
  const written = (await file.read(disk.sizeOf(segment), 0)).toString('latin1')
  expect(written).toContain('in the clear')
  expect(written).not.toContain('secret')

  const others = await Journal.open<string>({ ...options, keyOf: () => Buffer.alloc(32, 2) })
  expect([...others.keysSeen]).toEqual([7])
  expect(others.sealed[0]).toMatchObject({ recordCount: 4, bytes: 51 })
  await expect(bodies(others)).rejects.toMatchObject({ code: 'journalUnreadable' })
  const none = await Journal.open<string>(options)
  await expect(bodies(none)).rejects.toMatchObject({ code: 'journalUnreadable' })
})

test('calls that come while a write runs share the next one', async () => {
  const disk = newDisk()
  const files = counting(disk.fileSystem())
  const journal = await open(files)
  const first = journal.append(records('a'), 1)
  await Promise.resolve()
  await Promise.resolve()
  const others = Array.from({ length: 100 }, () => journal.append(records('b'), 1))
  await Promise.all([first, ...others])
  expect(files.syncs).toBeLessThanOrEqual(3)
})

test('a full disk refuses the records and leaves the journal sound', async () => {
  const disk = newDisk()
  const journal = await open(disk.fileSystem())
  await journal.append(records('before'), 1)
  disk.faults.push('fullDisk')
  await expect(journal.append(records('refused'), 2)).rejects.toMatchObject({ code: 'journalUnwritable' })
  expect(journal.planned.bytes).toBe('before'.length)
  expect(journal.queuedBytes).toBe(0)
  await journal.append(records('after'), 3)
  await journal.seal('one', 'x')
  expect(await bodies(journal)).toEqual(['beforeafter'])
})

test('everything that waited behind a failed write fails with it, so that order is kept', async () => {
  const disk = newDisk()
  const journal = await open(disk.fileSystem())
  disk.faults.push('failedSync')
  const outcomes = await Promise.allSettled([
    journal.append(records('a'), 1),
    journal.append(records('b'), 1),
    journal.seal('one', 'x'),
  ])
  expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected'])
  await journal.append(records('c'), 2)
  expect(journal.planned).toEqual({ recordCount: 1, bytes: 1, firstRecordAtMs: 2 })
})

test('segments go when their batches were released, and not before', async () => {
  const disk = newDisk()
  const journal = await open(disk.fileSystem())
  for (const id of ['one', 'two', 'three']) {
    for (let index = 0; index < 8; index++) await journal.append([Buffer.alloc(1_000)], 1)
    await journal.seal(id, id)
  }
  const before = segments(disk).length
  await journal.release(journal.sealed[1] as SealedBatch<string>)
  await settle()
  expect(segments(disk)).toHaveLength(before)
  await journal.release(journal.sealed[0] as SealedBatch<string>)
  await settle()
  expect(segments(disk).length).toBeLessThan(before)
  await journal.release(journal.sealed[0] as SealedBatch<string>)
  await settle()
  expect(segments(disk)).toHaveLength(1)
})

test('a tail that a crash tore is cut off: what was acknowledged stays, and the journal goes on', async () => {
  await fc.assert(
    fc.asyncProperty(fc.nat(), fc.integer({ min: 1, max: 20 }), fc.nat(60), async (seed, appends, turns) => {
      const disk = new SimulatedDisk(seededRandom(seed))
      const journal = await open(disk.fileSystem())
      let acknowledged = ''
      for (let index = 0; index < appends; index++) {
        const text = `${index},`
        journal.append(records(text), 1).then(
          () => {
            acknowledged += text
          },
          () => undefined,
        )
        for (let turn = 0; turn < turns; turn++) await undefined
      }
      disk.crash()
      const survivor = await open(disk.fileSystem())
      expect(survivor.damage).toEqual([])
      await survivor.append(records('end'), 2)
      await survivor.seal('one', 'x')
      const [body = ''] = await bodies(survivor)
      expect(body.startsWith(acknowledged)).toBe(true)
      expect(body.endsWith('end')).toBe(true)
    }),
    { numRuns: 200 },
  )
})

test('wherever a crash cuts the write off, there is the batch, or all that became of it', async () => {
  const disk = newDisk()
  const begun = await Journal.open<string>({ directory: DIRECTORY, files: disk.fileSystem() })
  await begun.append(records('a', 'b'), 1)
  await begun.seal('step', 'process')
  const [segment] = segments(disk) as [string]
  const before = disk.sizeOf(segment)
  await begun.replace(begun.sealed[0] as SealedBatch<string>, 'attempt', [
    { lane: 'left', records: [{ data: Buffer.from('A'), arrivalMs: 1 }] },
    { lane: 'right', records: [{ data: Buffer.from('B'), arrivalMs: 1 }] },
  ])
  await begun.close()
  const seen = new Set<string>()
  for (let end = disk.sizeOf(segment); end >= before; end--) {
    const file = await disk.fileSystem().open(segment, 'readWrite')
    await file.truncate(end)
    await file.close()
    const survivor = await Journal.open<string>({ directory: DIRECTORY, files: disk.fileSystem() })
    seen.add([...survivor.sealed.map(({ id }) => id), ...[...survivor.lanes()].map(([lane]) => lane)].join())
    await survivor.close()
  }
  expect([...seen]).toEqual(['left,right', 'step'])
})

test('a flipped bit in acknowledged bytes is reported, and every other record is still delivered', async () => {
  await fc.assert(
    fc.asyncProperty(fc.nat(), async (anyBit) => {
      const disk = newDisk()
      const journal = await open(disk.fileSystem())
      for (let index = 0; index < 12; index++) await journal.append(records(`<${index}>`), 1)
      await journal.close()
      const [segment] = segments(disk) as [string]
      const lastFrame = 24 + 16 + '<11>'.length
      const bits = (disk.sizeOf(segment) - lastFrame) * 8
      disk.flipBit(segment, anyBit % bits)

      const survivor = await open(disk.fileSystem())
      expect(survivor.damage).toHaveLength(1)
      await survivor.seal('one', 'x')
      const [body = ''] = await bodies(survivor)
      expect([11, 12]).toContain(body.match(/<\d+>/g)?.length)
      expect(body).toMatch(/^(<\d+>)+$/)

      await survivor.release(survivor.sealed[0] as SealedBatch<string>)
      await survivor.close()
    }),
    { numRuns: 200 },
  )
})

test('a segment that is missing in the middle is reported', async () => {
  const disk = newDisk()
  const journal = await open(disk.fileSystem())
  for (let index = 0; index < 12; index++) await journal.append([Buffer.alloc(1_500, 97 + index)], 1)
  await journal.close()
  const [, second] = segments(disk) as [string, string]
  await disk.fileSystem().remove(second)
  const survivor = await open(disk.fileSystem())
  expect(survivor.damage).toEqual([{ segment: second, start: 0, end: 0 }])
  expect(survivor.planned.recordCount).toBe(10)
})

test('a damaged segment is kept for inspection when its batches are released', async () => {
  const disk = newDisk()
  const journal = await open(disk.fileSystem())
  for (let index = 0; index < 12; index++) await journal.append([Buffer.alloc(1_500, 97 + index)], 1)
  await journal.close()
  const [first] = segments(disk) as [string]
  disk.flipBit(first, 1_000)
  const survivor = await open(disk.fileSystem())
  await survivor.seal('one', 'x')
  await survivor.release(survivor.sealed[0] as SealedBatch<string>)
  await settle()
  expect([...disk.names.keys()]).toContain(`${first}.damaged`)
})

test('bytes that go bad after replay are never delivered as if they were whole', async () => {
  const disk = newDisk()
  const journal = await open(disk.fileSystem())
  await journal.append(records('sound', 'bytes'), 1)
  await journal.seal('one', 'x')
  const [segment] = segments(disk) as [string]
  disk.flipBit(segment, 8 * 60)
  await expect(bodies(journal)).rejects.toMatchObject({ code: 'journalUnreadable' })
})

test('records larger than the reading chunk read back whole', async () => {
  const disk = newDisk()
  const journal = await Journal.open<string>({ directory: DIRECTORY, files: disk.fileSystem() })
  const large = [Buffer.alloc(1_024_000, 'a'), Buffer.alloc(1_024_000, 'b'), Buffer.alloc(1_024_000, 'c')]
  await journal.append(large, 1)
  await journal.append(records('!'), 1)
  await journal.seal('one', 'x')
  expect(await bodies(journal)).toEqual([`${Buffer.concat(large)}!`])
})

function newDisk(): SimulatedDisk {
  return new SimulatedDisk(seededRandom(1))
}

function open(files: FileSystem): Promise<Journal<string>> {
  return Journal.open<string>({ directory: DIRECTORY, files, segmentBytesMax: SEGMENT_BYTES_MAX })
}

async function reopenable(directory: string, files: FileSystem, cleanUp: () => Promise<void>) {
  const openAgain = () => Journal.open<string>({ directory, files, segmentBytesMax: SEGMENT_BYTES_MAX })
  const under = {
    journal: await openAgain(),
    async reopen() {
      await under.journal.close()
      under.journal = await openAgain()
    },
    async close() {
      await under.journal.close()
      await cleanUp()
    },
  }
  return under
}

function segments(disk: SimulatedDisk): string[] {
  return [...disk.names.keys()].filter((name) => name.endsWith('.journal')).sort()
}

function counting(files: FileSystem): FileSystem & { syncs: number } {
  const counted = {
    ...bound(files),
    syncs: 0,
    async open(path: string, mode: 'create' | 'append' | 'read' | 'readWrite') {
      const file = await files.open(path, mode)
      return new Proxy(file, {
        get(target, name) {
          if (name === 'sync') counted.syncs += 1
          const value: unknown = Reflect.get(target, name)
          return typeof value === 'function' ? value.bind(target) : value
        },
      })
    },
  }
  return counted
}

function bound(files: FileSystem): FileSystem {
  return {
    open: files.open.bind(files),
    rename: files.rename.bind(files),
    link: files.link.bind(files),
    remove: files.remove.bind(files),
    removeTree: files.removeTree.bind(files),
    makeDirectory: files.makeDirectory.bind(files),
    syncDirectory: files.syncDirectory.bind(files),
    list: files.list.bind(files),
    size: files.size.bind(files),
  }
}
