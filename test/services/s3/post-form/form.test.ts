import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readForm } from '../../../../src/services/s3/post-form/form.ts'
import { WireError } from '../../../../src/wire/error.ts'
import type { WireRequest } from '../../../../src/wire/http.ts'

const FILE = Buffer.from('the\r\n--file\r\n--b\r\n--boun, and more')
const WHOLE = Buffer.concat([
  Buffer.from('--bound\r\nContent-Disposition: form-data; name="key"\r\n\r\na\r\n'),
  Buffer.from('--bound\r\nContent-Disposition: form-data; name="x-amz-meta-a"\r\n\r\n1\r\n'),
  Buffer.from('--bound\r\nContent-Disposition: form-data; name="X-Amz-Meta-A"\r\n\r\n2\r\n'),
  Buffer.from('--bound\r\nContent-Disposition: form-data; name="file"; filename="f"\r\n\r\n'),
  FILE,
  Buffer.from('\r\n--bound--\r\n'),
])

async function read(pieces: readonly Uint8Array[]) {
  const request = {
    headers: { 'content-type': 'multipart/form-data; boundary=bound' },
    body: (async function* () {
      yield* pieces
    })(),
  } as unknown as WireRequest
  const { fields, file } = await readForm(request)
  const chunks: Uint8Array[] = []
  for await (const chunk of file) chunks.push(chunk)
  return { fields, file: Buffer.concat(chunks) }
}

test('a form is the same however the network cuts it', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(WHOLE.byteLength), { maxLength: 12 }), async (cuts) => {
      const at = [0, ...cuts.toSorted((a, b) => a - b), WHOLE.byteLength]
      const { fields, file } = await read(at.slice(1).map((end, index) => WHOLE.subarray(at[index], end)))
      expect(fields).toEqual({ key: 'a', 'x-amz-meta-a': '1,2' })
      expect(file.equals(FILE)).toBe(true)
    }),
  )
})

test('bytes that were mangled give a form or a refusal, and nothing else', async () => {
  const change = fc.record({ at: fc.nat(WHOLE.byteLength - 1), byte: fc.nat(255) })
  await fc.assert(
    fc.asyncProperty(fc.array(change, { maxLength: 5 }), fc.nat(WHOLE.byteLength), async (changes, end) => {
      const mangled = Buffer.from(WHOLE)
      for (const { at, byte } of changes) mangled[at] = byte
      const outcome = await read([mangled.subarray(0, end)]).catch((error: unknown) => error)
      if (outcome instanceof Error) expect(outcome).toBeInstanceOf(WireError)
    }),
    { numRuns: 300 },
  )
})

test('a file cut anywhere is never taken for whole', async () => {
  const start = WHOLE.indexOf(FILE)
  const closing = WHOLE.byteLength - '--\r\n'.length
  for (let end = start; end < closing; end++) {
    await expect(read([WHOLE.subarray(0, end)]), `${end}`).rejects.toThrow('well-formed')
  }
})
