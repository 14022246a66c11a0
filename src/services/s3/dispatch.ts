/** One request's way: find, detect, screen, check the digest, decode, authorise, run, encode. */
import { isRefusal } from '../../platform/refusal.ts'
import type { WireRequest, WireResponse } from '../../wire/http.ts'
import { type S3Operations, s3Model } from '../../wire/model/s3.ts'
import { restXmlCodec } from '../../wire/rest-xml/index.ts'
import { type Asked, authorise, isAllowed } from './access/authorise.ts'
import { type Address, addressOf } from './addressing.ts'
import { verifiedBody } from './body-digests.ts'
import type { S3Context, S3Operation, S3OperationName } from './context.ts'
import { control, isControl } from './control.ts'
import { detectOperation, isForm } from './detect.ts'
import { accessDenied, notImplemented, toWireError } from './errors.ts'
import { withHoistedHeaders } from './hoisted-headers.ts'
import { operations } from './operations.ts'
import { type PutObject, postObject } from './post-form/post-object.ts'
import { screen } from './screen.ts'

const codec = restXmlCodec<S3Operations>(s3Model)

export async function dispatch(received: WireRequest, context: S3Context): Promise<WireResponse> {
  try {
    const request = withHoistedHeaders(received)
    if (isControl(request)) return await control(request, context)
    const address = addressOf(request.host, request.rawPath)
    if (isForm(request, address)) return await runForm(request, address.bucket as string, context)
    return await screenAndRun(offered(detectOperation(request, address)), { request, address, context })
  } catch (error) {
    throw (isRefusal(error) && toWireError(error)) || error
  }
}

function runForm(request: WireRequest, bucket: string, context: S3Context): Promise<WireResponse> {
  const put: PutObject = (putting, address, putContext) =>
    screenAndRun('PutObject', { request: putting, address, context: putContext })
  return postObject(request, { bucket, context, put })
}

interface Way {
  readonly request: WireRequest
  readonly address: Address
  readonly context: S3Context
}

async function screenAndRun(name: S3OperationName, way: Way): Promise<WireResponse> {
  screen(way.request, way.address, way.context)
  return run(name, way)
}

function offered(name: string): S3OperationName {
  if (!(name in operations)) throw notImplemented(name)
  return name as S3OperationName
}

async function run<Name extends S3OperationName>(
  name: Name,
  { request, address, context }: Way,
): Promise<WireResponse> {
  const body = await verifiedBody(name, request)
  const labels = { ...(address.bucket && { Bucket: address.bucket }), ...(address.key && { Key: address.key }) }
  const input = (await codec.decode(name, request, labels, body)) as S3Operations[Name]['input']
  await authorise(name, input, { request, context })
  const operation = (operations as Readonly<Record<string, unknown>>)[name] as S3Operation<Name>
  const { output, status, headers } = await operation(input, context, request).catch(async (error: unknown) => {
    throw (await isSecret(error, { request, context })) ? accessDenied() : error
  })
  return codec.encode(name, output as never, { ...(status !== undefined && { status }), ...(headers && { headers }) })
}

/** That a key or version is not there is known only to those who may list: to others it is forbidden like any other. */
async function isSecret(error: unknown, asked: Asked): Promise<boolean> {
  if (!isRefusal(error)) return false
  const action = LISTINGS[error.code]
  return action !== undefined && !(await isAllowed({ action, bucket: String(error.fields['bucket']) }, asked))
}

const LISTINGS: Readonly<Record<string, string>> = {
  noSuchKey: 's3:ListBucket',
  noSuchVersion: 's3:ListBucketVersions',
}
