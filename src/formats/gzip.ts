/**
 * Streaming gzip decoding for readers that want only a beginning. Input that stops in the middle is normal when
 * sampling: what could be decoded is given and that is the end. Input that is wrong ends in `CorruptGzip`.
 */
import { Readable } from 'node:stream'
import { constants, createGunzip } from 'node:zlib'

export class CorruptGzip extends Error {
  constructor(cause: Error) {
    super(`the gzip data is corrupt (${cause.message})`, { cause })
    this.name = 'CorruptGzip'
  }
}

export interface Gunzipped {
  readonly bytes: AsyncIterable<Uint8Array>
  /** Compressed bytes decoded so far. */
  readonly consumed: () => number
}

export function gunzip(compressed: AsyncIterable<Uint8Array>): Gunzipped {
  const decoder = createGunzip({ finishFlush: constants.Z_SYNC_FLUSH })
  const source = Readable.from(compressed, { objectMode: false })
  source.on('error', (error) => decoder.destroy(error))
  return { bytes: decoded(), consumed: () => decoder.bytesWritten }

  async function* decoded(): AsyncIterable<Uint8Array> {
    try {
      for await (const chunk of source.pipe(decoder)) yield chunk as Uint8Array
    } catch (error) {
      throw isZlibError(error) ? new CorruptGzip(error) : error
    } finally {
      decoder.destroy()
      source.destroy()
    }
  }
}

function isZlibError(error: unknown): error is Error {
  return error instanceof Error && String((error as NodeJS.ErrnoException).code).startsWith('Z_')
}
