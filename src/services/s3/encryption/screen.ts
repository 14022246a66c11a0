/** Headers that ask for encryption, checked on every request: what does not fit together is refused, never ignored. */
import type { WireRequest } from '../../../wire/http.ts'
import { headerNotImplemented, invalidArgument, invalidRequest } from '../errors.ts'
import { type KeyHeaders, sentKey } from './customer-key.ts'

const SSE = 'x-amz-server-side-encryption'
const OF_KMS = [`${SSE}-aws-kms-key-id`, `${SSE}-context`, `${SSE}-bucket-key-enabled`]
const PREFIXES: readonly KeyHeaders[] = [SSE, 'x-amz-copy-source-server-side-encryption']

/** SSE-S3 is what happens to every object; keys of KMS or of the customer are not offered and so are refused. */
export function screenEncryption(request: WireRequest): void {
  const { headers } = request
  const method = headers[SSE]
  if (method !== undefined) requireMethod(method, request)
  requireKmsHeadersFit(headers)
  for (const prefix of PREFIXES) {
    if (sentKey(headers, prefix) === undefined) continue
    if (method !== undefined && prefix === SSE) {
      throw invalidArgument(
        'Server Side Encryption with Customer provided key is incompatible with the encryption method specified',
        SSE,
        method,
      )
    }
    if (request.method === 'GET' || request.method === 'HEAD') {
      throw invalidRequest('The encryption parameters are not applicable to this object.')
    }
    throw headerNotImplemented(
      `${prefix}-customer-algorithm`,
      'Encryption with keys of the customer (SSE-C) is not offered.',
    )
  }
  if (method !== undefined && method !== 'AES256') {
    throw headerNotImplemented(SSE, `Objects are encrypted with SSE-S3 (AES256); ${method} is not offered.`)
  }
}

/** Reading takes no method, nor does a part: its upload has one. */
function requireMethod(method: string, { method: verb, query }: WireRequest): void {
  if (verb === 'GET' || verb === 'HEAD' || query.some(([name]) => name === 'partNumber')) {
    throw invalidArgument(`${SSE} header is not supported for this operation.`, SSE, method)
  }
  if (method === 'AES256' || method === 'aws:kms' || method === 'aws:kms:dsse') return
  throw invalidArgument('The encryption method specified is not supported', SSE, method)
}

function requireKmsHeadersFit(headers: WireRequest['headers']): void {
  const method = headers[SSE]
  if (method === 'aws:kms' || method === 'aws:kms:dsse') return
  // That no bucket key is wanted is true of everything else.
  const isMeant = (name: string) => headers[name] !== undefined && headers[name]?.toLowerCase() !== 'false'
  if (!OF_KMS.some(isMeant)) return
  throw invalidArgument(
    `Server Side Encryption with AWS KMS managed key requires HTTP header ${SSE} : aws:kms`,
    SSE,
    method ?? 'null',
  )
}
