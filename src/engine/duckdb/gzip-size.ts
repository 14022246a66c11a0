/**
 * Whether a gzip file is whole. Its last four bytes are its plain size; when that is what the lines read from it add
 * up to (the last one with or without its newline), nothing is missing. Otherwise it is unpacked to its end, which
 * also finds damage.
 */
import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGunzip } from 'node:zlib'
import type { GzipSize } from './child-protocol.ts'

const SIZE_FIELD_BYTES = 4
const CHUNK_BYTES = 256 * 1024

export async function measureGzip(paths: readonly string[], expected: readonly number[]): Promise<GzipSize[]> {
  const sizes: GzipSize[] = []
  for (const [index, path] of paths.entries()) {
    const said = await saidSize(path)
    const sum = expected[index] ?? 0
    const whole = [sum, sum - 1].find((size) => said === size % 2 ** 32)
    sizes.push(whole === undefined ? await unpackedSize(path) : { path, plainBytes: whole })
  }
  return sizes
}

async function saidSize(path: string): Promise<number | undefined> {
  const file = await open(path, 'r')
  try {
    const { size } = await file.stat()
    if (size < SIZE_FIELD_BYTES) return undefined
    const { buffer } = await file.read(Buffer.alloc(SIZE_FIELD_BYTES), 0, SIZE_FIELD_BYTES, size - SIZE_FIELD_BYTES)
    return buffer.readUInt32LE()
  } finally {
    await file.close()
  }
}

async function unpackedSize(path: string): Promise<GzipSize> {
  let plainBytes = 0
  const counting = new Writable({
    write(chunk: Buffer, _encoding, done) {
      plainBytes += chunk.byteLength
      done()
    },
  })
  try {
    const unpacking = createGunzip({ chunkSize: CHUNK_BYTES })
    await pipeline(createReadStream(path, { highWaterMark: CHUNK_BYTES }), unpacking, counting)
    return { path, plainBytes }
  } catch (error) {
    return { path, plainBytes, damage: error instanceof Error ? error.message : String(error) }
  }
}
