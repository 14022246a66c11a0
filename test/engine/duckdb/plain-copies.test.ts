import { existsSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { PlainCopies } from '../../../src/engine/duckdb/plain-copies.ts'
import { unpack } from '../../../src/engine/duckdb/unpack.ts'
import type { ScanFile } from '../../../src/engine/engine.ts'

const PLAIN = '{"a":1}\n'.repeat(10)

function world(copiesMax: number) {
  const directory = mkdtempSync(join(tmpdir(), 'lakelet-copies-'))
  const copies = new PlainCopies({ directory: join(directory, 'plain'), bytesMax: copiesMax * PLAIN.length })
  const file = (name: string, content: Uint8Array = gzipSync(PLAIN)): ScanFile => {
    const path = join(directory, name)
    writeFileSync(path, content)
    const sizeBytes = content.byteLength
    return { path, location: `s3://lake/${name}`, sizeBytes, modifiedAtMs: 0, versionKey: name, partition: -1 }
  }
  return { copies, file, directory }
}

test('a copy is made once and shared', async () => {
  const { copies, file } = world(2)
  const a = file('a')
  let unpacked = 0
  const counting = (orders: Parameters<typeof unpack>[0]) => {
    unpacked += orders.length
    return unpack(orders)
  }
  const [first, second] = await Promise.all([copies.take([a, a], counting), copies.take([a], counting)])
  expect([first.plain.get('a'), unpacked]).toEqual([second.plain.get('a'), 1])
})

test('without room a file has no copy; a copy in use is never removed, one let go makes room', async () => {
  const { copies, file } = world(1)
  const [a, b] = [file('a'), file('b')]
  const held = await copies.take([a], unpack)
  expect((await copies.take([b], unpack)).plain.size).toBe(0)
  held.release()
  held.release()
  expect([...(await copies.take([b], unpack)).plain.keys()]).toEqual(['b'])
  expect([existsSync(copies.pathOf(a)), existsSync(copies.pathOf(b))]).toEqual([false, true])
})

test('a damaged file is named and takes no room', async () => {
  const { copies, file } = world(1)
  const content = gzipSync(PLAIN)
  const damaged = Buffer.concat([content.subarray(0, 12), Buffer.alloc(4, 0xff), content.subarray(16)])
  await expect(copies.take([file('bad', damaged)], unpack)).rejects.toMatchObject({
    code: 'HIVE_CURSOR_ERROR',
    message: expect.stringContaining('s3://lake/bad'),
  })
  expect((await copies.take([file('good')], unpack)).plain.size).toBe(1)
})

test('a file that holds more than it says is left to be read as it is', async () => {
  const { copies, file } = world(10)
  const two = Buffer.concat([gzipSync(PLAIN), gzipSync('{"a":1}\n')])
  expect((await copies.take([file('two', two)], unpack)).plain.size).toBe(0)
})

test('when unpacking ends early the query fails, and the next one starts anew', async () => {
  const { copies, file } = world(1)
  const a = file('a')
  const stopped = () => Promise.reject(new Error('stopped'))
  await expect(copies.take([a], stopped)).rejects.toThrow('stopped')
  expect((await copies.take([a], unpack)).plain.size).toBe(1)
})
