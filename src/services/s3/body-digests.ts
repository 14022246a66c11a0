/**
 * XML bodies are read whole before they are decoded, and held against the digest that came with them. Bodies of objects
 * are not read here: their digests are checked by the store, on the way to disk.
 */
import { digestsOf } from '../../objects/digests.ts'
import { Refusal } from '../../platform/refusal.ts'
import type { WireRequest } from '../../wire/http.ts'
import { s3Model } from '../../wire/model/s3.ts'
import { readBody, XML_BODY_BYTES_MAX } from '../../wire/rest-xml/index.ts'
import type { StructureShape } from '../../wire/shape.ts'
import { claimedChecksum, contentMd5Of } from './checksums.ts'
import type { S3OperationName } from './context.ts'
import { invalidRequest } from './errors.ts'

/** undefined: the operation takes its body as a stream, or has none. */
export async function verifiedBody(name: S3OperationName, request: WireRequest): Promise<Buffer | undefined> {
  if (!hasDocument(name)) return undefined
  const contentMd5 = contentMd5Of(request)
  // Where the model knows no checksum of the body, the headers mean something else: the whole object, when completing.
  const claimed = s3Model.operations[name]?.checksum === undefined ? undefined : claimedChecksum(request)
  if (name === 'DeleteObjects' && contentMd5 === undefined && claimed?.value === undefined) {
    throw invalidRequest('Missing required header for this request: Content-MD5')
  }
  const body = await readBody(request, XML_BODY_BYTES_MAX)
  const value = await claimed?.value
  if (contentMd5 === undefined && (claimed === undefined || value === undefined)) return body
  const digests = digestsOf(body, claimed === undefined ? [] : [claimed.algorithm])
  if (contentMd5 !== undefined) requireEqual('Content-MD5', contentMd5.toString('hex'), digests.md5)
  if (claimed !== undefined && value !== undefined) {
    requireEqual(claimed.algorithm, value, digests.checksums[claimed.algorithm])
  }
  return body
}

function hasDocument(name: S3OperationName): boolean {
  const input = s3Model.operations[name]?.input
  if (input === undefined) return false
  const { payload, members } = s3Model.shapes[input] as StructureShape
  return payload !== undefined && members[payload]?.streaming !== true
}

function requireEqual(algorithm: string, expected: string, calculated: string | undefined): void {
  if (expected === calculated) return
  throw new Refusal('badDigest', `The ${algorithm} of the body is ${calculated}.`, {
    fields: { algorithm, expected, calculated },
  })
}
