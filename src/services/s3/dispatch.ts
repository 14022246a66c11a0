/** One request's way: find, detect, refuse who is nobody, screen, check the digest, decode, run, encode. */
import { isRefusal } from '../../platform/refusal.ts'
import type { WireRequest, WireResponse } from '../../wire/http.ts'
import { type S3Operations, s3Model } from '../../wire/model/s3.ts'
import { restXmlCodec } from '../../wire/rest-xml/index.ts'
import { type Address, addressOf } from './addressing.ts'
import { verifiedBody } from './body-digests.ts'
import type { S3Context, S3Operation, S3OperationName } from './context.ts'
import { detectOperation } from './detect.ts'
import { accessDenied, notImplemented, toWireError } from './errors.ts'
import { withHoistedHeaders } from './hoisted-headers.ts'
import { operations } from './operations.ts'
import { screen } from './screen.ts'

const codec = restXmlCodec<S3Operations>(s3Model)

export async function dispatch(received: WireRequest, context: S3Context): Promise<WireResponse> {
  try {
    const request = withHoistedHeaders(received)
    const address = addressOf(request.host, request.rawPath)
    const name = offered(detectOperation(request, address))
    if (context.caller.principal.kind === 'anonymous') throw accessDenied()
    screen(request, address, context)
    return await run(name, { request, address, context })
  } catch (error) {
    throw (isRefusal(error) && toWireError(error)) || error
  }
}

function offered(name: string): S3OperationName {
  if (!(name in operations)) throw notImplemented(name)
  return name as S3OperationName
}

async function run<Name extends S3OperationName>(
  name: Name,
  { request, address, context }: { request: WireRequest; address: Address; context: S3Context },
): Promise<WireResponse> {
  const body = await verifiedBody(name, request)
  const labels = { ...(address.bucket && { Bucket: address.bucket }), ...(address.key && { Key: address.key }) }
  const input = await codec.decode(name, request, labels, body)
  const operation = (operations as Readonly<Record<string, unknown>>)[name] as S3Operation<Name>
  const { output, status, headers } = await operation(input as S3Operations[Name]['input'], context, request)
  return codec.encode(name, output as never, { ...(status !== undefined && { status }), ...(headers && { headers }) })
}
