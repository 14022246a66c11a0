import fc from 'fast-check'
import { expect, test } from 'vitest'
import { CorruptData } from '../../../src/formats/compression/corrupt-data.ts'
import { unzip } from '../../../src/formats/compression/zip.ts'
import { sourceOf } from '../sources.ts'
import { file, lines } from './streams.ts'

async function unzipped(archive: Buffer): Promise<Buffer> {
  const { bytes } = await unzip(sourceOf('x.zip', archive), 10_000_000)
  const parts: Uint8Array[] = []
  for await (const part of bytes) parts.push(part)
  return Buffer.concat(parts)
}

test('the only file of an archive is unpacked', async () => {
  expect((await unzipped(file('lines.zip'))).equals(lines)).toBe(true)
})

test('folders around the only file do not count', async () => {
  expect((await unzipped(file('in-folder.zip'))).toString('utf8')).toMatch(/^\{"id":0/)
})

test('a comment behind the archive does not hide it', async () => {
  const comment = Buffer.from('a comment')
  const archive = Buffer.concat([file('lines.zip'), comment])
  archive.writeUInt16LE(comment.length, archive.length - comment.length - 2)
  expect((await unzipped(archive)).equals(lines)).toBe(true)
})

test.each<[string, Buffer, RegExp]>([
  ['several files', file('two.zip'), /contains 2 files/],
  ['an encrypted file', file('encrypted.zip'), /encrypted/],
  ['no directory', file('lines.zip').subarray(0, 10_000), /cut short/],
  ['no file', Buffer.concat([Buffer.from([0x50, 0x4b, 5, 6]), Buffer.alloc(18)]), /contains no file/],
  ['nothing of an archive', Buffer.from('{"a":1}\n'), /cut short/],
])('an archive with %s is refused with the reason', async (_name, archive, reason) => {
  await expect(unzipped(archive)).rejects.toThrow(reason)
})

test('a damaged archive ends in CorruptData or in some bytes', async () => {
  const archive = file('in-folder.zip')
  const damage = fc.array(fc.tuple(fc.nat(archive.length - 1), fc.nat(255)), { minLength: 1, maxLength: 5 })
  await fc.assert(
    fc.asyncProperty(damage, async (changes) => {
      const damaged = Buffer.from(archive)
      for (const [at, byte] of changes) damaged[at] = byte
      await unzipped(damaged).catch((error: unknown) => expect(error).toBeInstanceOf(CorruptData))
    }),
    { numRuns: 300 },
  )
})
