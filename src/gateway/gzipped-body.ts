/** Bodies that SDKs send compressed: PutMetricData's above 10 KiB. The signature covers what is sent. */
import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'
import { WireError } from '../wire/error.ts'
import type { RequestHead } from '../wire/sigv4/canonical.ts'

const inflate = promisify(gunzip)

export function isGzipped({ headers }: RequestHead): boolean {
  return headers['content-encoding'] === 'gzip'
}

/** Throws WireError where the body is no gzip, or would be larger than `bytesMax`. */
export async function gunzipped(body: Uint8Array, bytesMax: number): Promise<Buffer> {
  try {
    return await inflate(body, { maxOutputLength: bytesMax })
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') {
      throw new WireError('RequestEntityTooLargeException', `Request size exceeded ${bytesMax} bytes`, {
        status: 413,
        cause,
      })
    }
    throw new WireError('SerializationException', 'The body is not gzip, as its Content-Encoding says.', { cause })
  }
}
