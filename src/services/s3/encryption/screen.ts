/** Headers that ask for encryption, checked on every request: what does not fit together is refused, never ignored. */
import { isLoopback } from '../../../identity/lake-access.ts'
import type { WireRequest } from '../../../wire/http.ts'
import type { S3Context } from '../context.ts'
import { headerNotImplemented, invalidArgument, invalidRequest } from '../errors.ts'
import { type KeyHeaders, sentKey } from './customer-key.ts'

const SSE = 'x-amz-server-side-encryption'
const OF_KMS = [`${SSE}-aws-kms-key-id`, `${SSE}-context`, `${SSE}-bucket-key-enabled`]
const PREFIXES: readonly KeyHeaders[] = [SSE, 'x-amz-copy-source-server-side-encryption']

export function screenEncryption(request: WireRequest, { caller }: Pick<S3Context, 'caller'>): void {
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
    // The key must not be read on its way; what does not leave the machine cannot be.
    if (!isLoopback(caller.sourceIp)) {
      throw invalidRequest(
        'Requests specifying Server Side Encryption with Customer provided keys must be made over a secure connection.',
      )
    }
  }
}

/** Reading takes no method, nor does a part: its upload has one. */
function requireMethod(method: string, { method: verb, query }: WireRequest): void {
  if (verb === 'GET' || verb === 'HEAD' || query.some(([name]) => name === 'partNumber')) {
    throw invalidArgument(`${SSE} header is not supported for this operation.`, SSE, method)
  }
  if (method === 'AES256' || method === 'aws:kms') return
  if (method === 'aws:kms:dsse') {
    throw headerNotImplemented(SSE, 'Bytes are encrypted once, so encryption in two layers (DSSE-KMS) is not offered.')
  }
  throw invalidArgument('The encryption method specified is not supported', SSE, method)
}

function requireKmsHeadersFit(headers: WireRequest['headers']): void {
  const method = headers[SSE]
  if (method === 'aws:kms') return
  // That no bucket key is wanted is true of everything else.
  const isMeant = (name: string) => headers[name] !== undefined && headers[name]?.toLowerCase() !== 'false'
  if (!OF_KMS.some(isMeant)) return
  throw invalidArgument(
    `Server Side Encryption with AWS KMS managed key requires HTTP header ${SSE} : aws:kms`,
    SSE,
    method ?? 'null',
  )
}
