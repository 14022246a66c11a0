/** Streaming gzip decoding. Input that stops in the middle gives what could be decoded. */
import { Readable } from 'node:stream'
import { constants, createGunzip, createInflateRaw } from 'node:zlib'
import { corrupt } from './corrupt-data.ts'
import type { Unpacked } from './unpacked.ts'

export function gunzip(stored: AsyncIterable<Uint8Array>): Unpacked {
  return decode(stored, 'gzip', createGunzip({ finishFlush: constants.Z_SYNC_FLUSH }))
}

/** Deflate without a header, as it lies in a ZIP archive. */
export function inflateRaw(stored: AsyncIterable<Uint8Array>): Unpacked {
  return decode(stored, 'zip', createInflateRaw({ finishFlush: constants.Z_SYNC_FLUSH }))
}

function decode(stored: AsyncIterable<Uint8Array>, format: string, decoder: ReturnType<typeof createGunzip>): Unpacked {
  const source = Readable.from(stored, { objectMode: false })
  source.on('error', (error) => decoder.destroy(error))
  return { bytes: decoded(), consumed: () => decoder.bytesWritten }

  async function* decoded(): AsyncIterable<Uint8Array> {
    try {
      for await (const chunk of source.pipe(decoder)) yield chunk as Uint8Array
    } catch (error) {
      throw isZlibError(error) ? corrupt(format, error.message, error) : error
    } finally {
      decoder.destroy()
      source.destroy()
    }
  }
}

function isZlibError(error: unknown): error is Error {
  return error instanceof Error && String((error as NodeJS.ErrnoException).code).startsWith('Z_')
}
