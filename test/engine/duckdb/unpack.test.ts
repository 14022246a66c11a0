import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { LineCheck, unpack } from '../../../src/engine/duckdb/unpack.ts'

function keysOf(text: string, chunkBytes = 7): readonly string[] | undefined {
  const bytes = Buffer.from(text)
  const check = new LineCheck()
  for (let at = 0; at < bytes.byteLength; at += chunkBytes) check.add(bytes.subarray(at, at + chunkBytes))
  return check.keys()
}

test.each<[string, string, string[] | undefined]>([
  ['keys of every record, as spelled', '{"Id":1,"b":2}\n{"Id":3,"b":4}\n', ['Id', 'b']],
  ['a last line without newline', '{"a":1}\n{"a":2}', ['a']],
  ['a key that is missing at times is not relied on', '{"a":1,"b":1}\n{"a":2}\n', ['a']],
  ['nor one that is null at times', '{"a":1,"b":1}\n{"a":2,"b":null}\n', ['a']],
  ['a blank line', '{"a":1}\n\n{"a":2}\n', undefined],
  ['a blank line at the start', '\n{"a":2}\n', undefined],
  ['a blank line at the end', '{"a":1}\n\n', undefined],
  ['blanks before a record', '{"a":1}\n {"a":2}\n', undefined],
  ['blanks after a record', '{"a":1} \n{"a":2}\n', undefined],
  ['Windows line ends', '{"a":1}\r\n{"a":2}\r\n', undefined],
  ['a line that is no record', '{"a":1}\nnonsense\n', undefined],
  ['a record cut off at the end', '{"a":1}\n{"a":', undefined],
  ['a key twice in two cases', '{"a":1,"A":2}\n', undefined],
  ['lenient writing', "{'a':1}\n", undefined],
  ['an empty file', '', undefined],
])('%s', (_what, text, keys) => {
  for (let chunkBytes = 1; chunkBytes < 12; chunkBytes++) expect(keysOf(text, chunkBytes)).toEqual(keys)
})

test('a blank line far behind the sample is seen', () => {
  const records = '{"a":1}\n'.repeat(20_000)
  expect(keysOf(records, 1000)).toEqual(['a'])
  expect(keysOf(`${records}\n${records}`, 1000)).toBeUndefined()
})

test('gzip files are copied whole; damaged ones and those too large leave nothing behind', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'lakelet-unpack-'))
  const plain = '{"a":1}\n'.repeat(50)
  const packed = gzipSync(plain)
  const order = (name: string, content: Uint8Array, plainBytesMax = 1000) => {
    writeFileSync(join(directory, name), content)
    return { path: join(directory, name), target: join(directory, `${name}.plain`), plainBytesMax }
  }
  const orders = [order('whole', packed), order('cut', packed.subarray(0, 30)), order('large', packed, 100)]
  const unpacked = new Map((await unpack(orders)).map((one) => [one.path, one]))
  const [whole, cut, large] = orders.map(({ path }) => unpacked.get(path))
  expect(whole).toMatchObject({ outcome: 'whole', plainBytes: plain.length, keys: ['a'] })
  expect(readFileSync(join(directory, 'whole.plain'), 'utf8')).toBe(plain)
  expect([cut?.outcome, large?.outcome]).toEqual(['damaged', 'tooLarge'])
  for (const name of ['cut.plain', 'large.plain']) expect(() => readFileSync(join(directory, name))).toThrow()
})
