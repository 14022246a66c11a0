/**
 * The ways through the gateway, each one sentence: read, authenticate, decode, authorise, run, encode. Each answers every
 * failure in its own dialect and never throws, except ClientGone.
 */
import type { Ids } from '../platform/ids.ts'
import type { Log } from '../platform/log.ts'
import { ReusedBuffers } from '../platform/reused-buffers.ts'
import type { Access } from '../services/access.ts'
import {
  ADMIN_SIGNING_NAME,
  type AdminContext,
  adminPermission,
  handleAdmin,
  isOpenOnThisMachine,
  mustBeSigned,
} from '../services/admin/index.ts'
import type { Caller, HttpService, Operation, Service, SignerOfForm } from '../services/operation.ts'
import { jsonCodec } from '../wire/aws-json/index.ts'
import { WireError } from '../wire/error.ts'
import type { RpcCodec, WireRequest, WireResponse } from '../wire/http.ts'
import { wireModels } from '../wire/models.ts'
import { formParameters, queryCodec } from '../wire/query/index.ts'
import { encodeRestXmlError } from '../wire/rest-xml/index.ts'
import { cborCodec } from '../wire/rpc-v2-cbor/index.ts'
import type { ServiceModel } from '../wire/shape.ts'
import { queryPairs, type RequestHead, sha256Hex } from '../wire/sigv4/canonical.ts'
import { jsonSignatureError, querySignatureError, s3SignatureError } from '../wire/sigv4/failure.ts'
import type { ClaimedSignature } from '../wire/sigv4/parse.ts'
import { contentSha256, openPayload, payloadMode, withoutChunkedEncoding } from '../wire/sigv4/payload.ts'
import type { Authenticate } from './authenticate.ts'
import {
  adminAccessDenied,
  authoriseOperation,
  jsonAccessDenied,
  queryAccessDenied,
  refuseDenied,
} from './authorise.ts'
import { ClientGone, contentLength, type Exchange, readStream, readWhole } from './exchange.ts'
import { type FailureDialect, internalFailure, internalS3Error, wireErrorOf } from './failure.ts'
import { gunzipped, isGzipped } from './gzipped-body.ts'
import { BODY_BYTES_MAX, BODY_BYTES_MAX_BY_SERVICE } from './limits.ts'
import { isUnsignedFromHere } from './loopback.ts'
import { payloadSha256 } from './payload-hash.ts'

export interface ProtocolParts {
  readonly authenticate: Authenticate
  readonly access: Access
  /** False for an open lake, whose payloads need no hashing. */
  readonly verifies: boolean
  readonly ids: Ids
  readonly log: Log
}

export function modelOf(signingName: string): ServiceModel {
  const model = wireModels[signingName]
  if (model === undefined) throw new Error(`wire/models.ts has no model for the service ${signingName}.`)
  return model
}

const bodyBytesMax = (service: string) => BODY_BYTES_MAX_BY_SERVICE[service] ?? BODY_BYTES_MAX

/** undefined when the service does not offer it. */
function operationNamed(service: Service, name: string) {
  if (!Object.hasOwn(service.operations, name)) return undefined
  return service.operations[name] as Operation<unknown, unknown, unknown> | undefined
}

// ---- aws-json and rpc-v2-cbor

export type RpcHandler = (exchange: Exchange, operation: string) => Promise<WireResponse>

export function jsonHandler(service: Service, parts: ProtocolParts): RpcHandler {
  const model = modelOf(service.signingName)
  return rpcHandler(service, parts, {
    codec: jsonCodec(model),
    isOther: (contentType) =>
      contentType.startsWith('application/x-amz-') &&
      !contentType.startsWith(`application/x-amz-json-${model.jsonVersion}`),
  })
}

export function cborHandler(service: Service, parts: ProtocolParts): RpcHandler {
  return rpcHandler(service, parts, { codec: cborCodec(modelOf(service.signingName)), isOther: () => false })
}

function rpcHandler(
  service: Service,
  parts: ProtocolParts,
  { codec, isOther }: { codec: RpcCodec; isOther: (contentType: string) => boolean },
): RpcHandler {
  const { authenticate, access, verifies, ids, log } = parts
  const { signingName } = service
  const model = modelOf(signingName)
  const bytesMax = bodyBytesMax(signingName)
  const buffers = new ReusedBuffers()
  const dialect: FailureDialect = {
    signatureError: jsonSignatureError,
    refusalError: service.toWireError,
    internalError: internalFailure,
  }

  /** Not within the handler: while that waits it would hold on to the decoded input, 500 records of it. */
  function perform(operation: Operation<unknown, unknown, unknown>, name: string, body: Buffer, caller: Caller) {
    const input = codec.decode(name, body)
    const asked = authoriseOperation(access, service, name, input, caller, jsonAccessDenied)
    if (asked === undefined) return operation(input, service.context, caller)
    return asked.then(() => operation(input, service.context, caller))
  }

  return async (exchange, operationName) => {
    const { head } = exchange
    const requestId = ids.uuid()
    let body: Buffer = NO_BYTES
    try {
      if (isOther(head.headers['content-type'] ?? '')) return wrongContentType(requestId)
      body = await readWhole(exchange, bytesMax, buffers)
      const payloadHash = verifies ? await payloadSha256(body) : ''
      const { caller } = authenticate({
        head,
        service: signingName,
        requestId,
        sourceIp: exchange.sourceIp,
        payloadHash: () => payloadHash,
      })
      const operation = operationNamed(service, operationName)
      if (operation === undefined) throw unknownOperation(model, operationName)
      const plain = isGzipped(head) ? await gunzipped(body, bytesMax) : body
      const output = await perform(operation, operationName, plain, caller)
      return withRequestId(codec.encode(operationName, output), requestId)
    } catch (error) {
      if (error instanceof ClientGone) throw error
      return withRequestId(codec.encodeError(wireErrorOf(error, dialect, log, requestId)), requestId)
    } finally {
      // Not earlier: the input's blobs are views of it, and an operation is done with them when it settles.
      buffers.giveBack(body)
    }
  }
}

const NO_BYTES = Buffer.alloc(0)

/** AWS answers another JSON version (or CBOR, where it is not spoken) with 404 and XML. */
function wrongContentType(requestId: string): WireResponse {
  return {
    status: 404,
    headers: { 'content-type': 'application/xml', 'x-amzn-RequestId': requestId },
    body: '<UnknownOperationException/>\n',
  }
}

function unknownOperation(model: ServiceModel, name: string): WireError {
  const isKnown = model.known.some((operation) => operation.name === name)
  return new WireError(
    'UnknownOperationException',
    isKnown
      ? `lakelet does not offer ${model.signingName} ${name}.`
      : `${model.signingName} has no operation ${name.slice(0, 128)}.`,
  )
}

/** A target or service that is not offered at all. */
export function unknownJsonAnswer(name: string, requestId: string): WireResponse {
  return {
    status: 400,
    headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amzn-RequestId': requestId },
    body: JSON.stringify({
      __type: 'UnknownOperationException',
      message: `lakelet does not offer ${name.slice(0, 128)}.`,
    }),
  }
}

// ---- query

export type QueryHandler = (exchange: Exchange, signedFor: string | undefined) => Promise<WireResponse>

/** All query services in one: an unsigned request belongs to whichever knows its Action. */
export function queryHandler(
  services: readonly Service[],
  { authenticate, access, ids, log }: ProtocolParts,
): QueryHandler {
  const spoken = services.map((service) => {
    const model = modelOf(service.signingName)
    return { service, model, codec: queryCodec(model) }
  })

  return async (exchange, signedFor) => {
    const { head } = exchange
    const requestId = ids.uuid()
    let owner = spoken.find(({ service }) => service.signingName === signedFor)
    try {
      const bytesMax = bodyBytesMax(signedFor ?? 'sts')
      const body = await readWhole(exchange, bytesMax)
      const plain = isGzipped(head) ? await gunzipped(body, bytesMax) : body
      const parameters = formParameters(`${head.rawQuery}&${plain.toString('utf8')}`)
      const action = parameters['Action']
      if (action === undefined) throw new WireError('MissingAction', 'The request must contain the parameter Action.')
      owner ??= spoken.find(({ model }) => model.known.some((operation) => operation.name === action))
      if (owner === undefined) throw notOffered(`the action ${action}`)

      const { service, codec } = owner
      // Named before anybody is asked who they are: federation comes unsigned.
      const operation = operationNamed(service, action)
      if (operation === undefined) throw notOffered(`the action ${action}`)
      const { caller } = authenticate({
        head,
        service: service.signingName,
        requestId,
        sourceIp: exchange.sourceIp,
        payloadHash: () => sha256Hex(body),
      })
      const input = codec.decode(action, parameters)
      await authoriseOperation(access, service, action, input, caller, queryAccessDenied)
      const output = await operation(input, service.context, caller)
      return withRequestId(codec.encode(action, output, requestId), requestId)
    } catch (error) {
      if (error instanceof ClientGone) throw error
      const wireError = wireErrorOf(error, queryDialect(owner?.service), log, requestId)
      const codec = owner?.codec ?? queryCodec(modelOf('sts'))
      return withRequestId(codec.encodeError(wireError, requestId), requestId)
    }
  }
}

function queryDialect(service: Service | undefined): FailureDialect {
  return {
    signatureError: querySignatureError,
    refusalError: (refusal) => service?.toWireError(refusal),
    internalError: internalFailure,
  }
}

function withRequestId(answer: WireResponse, requestId: string): WireResponse {
  return { ...answer, headers: { 'x-amzn-RequestId': requestId, ...answer.headers } }
}

function notOffered(what: string): WireError {
  return new WireError('InvalidAction', `lakelet does not offer ${what.slice(0, 128)}.`)
}

export function unknownQueryAnswer(name: string, requestId: string): WireResponse {
  return withRequestId(queryCodec(modelOf('sts')).encodeError(notOffered(name), requestId), requestId)
}

// ---- S3

export type S3Handler = (exchange: Exchange) => Promise<WireResponse>

export function s3Handler(
  service: HttpService,
  { authenticate, signerOfForm, ids, log }: ProtocolParts & { readonly signerOfForm: SignerOfForm },
): S3Handler {
  const dialect: FailureDialect = {
    signatureError: s3SignatureError,
    refusalError: () => undefined,
    internalError: internalS3Error,
  }
  return async (exchange) => {
    const { head } = exchange
    const requestId = ids.hex(16).toUpperCase()
    const hostId = ids.base64(48)
    let answer: WireResponse
    try {
      requireDecodable(head.rawPath)
      if (head.method === 'OPTIONS' && service.crossOrigin !== undefined) {
        return withS3Ids(service.crossOrigin.preflight(head), { requestId, hostId })
      }
      const mode = payloadMode(head)
      const { caller, signature } = authenticate({
        head,
        service: 's3',
        requestId,
        sourceIp: exchange.sourceIp,
        payloadHash: (claimed) => s3PayloadHash(claimed, head),
      })
      const payload = openPayload(mode, readStream(exchange), signature)
      const request: WireRequest = {
        requestId,
        method: head.method,
        host: head.headers['host'] ?? '',
        rawPath: head.rawPath,
        query: queryPairs(head.rawQuery),
        headers: unframedHeaders(head),
        body: payload.body,
        bodyLength: mode.kind === 'chunked' ? mode.decodedLength : contentLength(head),
        trailers: payload.trailers,
        get signal() {
          return goneSignal(exchange)
        },
      }
      answer = await service.handle(request, caller, signerOfForm)
    } catch (error) {
      if (error instanceof ClientGone) throw error
      const wireError = wireErrorOf(error, dialect, log, requestId)
      answer = encodeRestXmlError(wireError, { requestId, hostId })
    }
    const shared = head.headers['origin'] === undefined ? undefined : service.crossOrigin?.headersFor(head)
    return withS3Ids(answer, { requestId, hostId, shared })
  }
}

/** `shared`: headers that let a page of another origin read the answer. */
function withS3Ids(
  answer: WireResponse,
  { requestId, hostId, shared }: { requestId: string; hostId: string; shared?: WireResponse['headers'] | undefined },
): WireResponse {
  return {
    ...answer,
    headers: { 'x-amz-request-id': requestId, 'x-amz-id-2': hostId, server: 'AmazonS3', ...shared, ...answer.headers },
  }
}

/** S3 says so before it looks at the signature, which cannot be right: its canonical path is the decoded one. */
function requireDecodable(rawPath: string): void {
  if (!rawPath.includes('%')) return
  try {
    decodeURIComponent(rawPath)
  } catch (cause) {
    throw new WireError('InvalidURI', "Couldn't parse the specified URI.", { extra: { URI: rawPath }, cause })
  }
}

function s3PayloadHash(claimed: ClaimedSignature, head: RequestHead): string {
  const word = contentSha256(head)
  if (word !== undefined) return word
  if (claimed.expiresSeconds !== undefined) return 'UNSIGNED-PAYLOAD'
  throw new WireError('InvalidRequest', 'Missing required header for this request: x-amz-content-sha256')
}

function unframedHeaders({ headers }: RequestHead): Readonly<Record<string, string>> {
  const encoding = headers['content-encoding']
  if (encoding === undefined || !encoding.toLowerCase().includes('aws-chunked')) return headers
  const { 'content-encoding': _framing, ...rest } = headers
  const kept = withoutChunkedEncoding(encoding)
  return kept === undefined ? rest : { ...rest, 'content-encoding': kept }
}

function goneSignal({ response }: Exchange): AbortSignal {
  const gone = new AbortController()
  if (response.destroyed && !response.writableFinished) gone.abort(new ClientGone())
  response.once('close', () => {
    if (!response.writableFinished) gone.abort(new ClientGone())
  })
  return gone.signal
}

// ---- admin

export type AdminHandler = (exchange: Exchange) => Promise<WireResponse>

/** The lake's own paths. They take no payload; what tells of the lake's content must be signed like
 * any AWS call, and allowed. */
export function adminHandler(context: AdminContext, { authenticate, access, ids, log }: ProtocolParts): AdminHandler {
  const dialect: FailureDialect = {
    signatureError: jsonSignatureError,
    refusalError: () => undefined,
    internalError: internalFailure,
  }
  return async ({ head, sourceIp }) => {
    const requestId = ids.uuid()
    try {
      let caller: Caller | undefined
      const isOpen = isOpenOnThisMachine(head.rawPath) && isUnsignedFromHere(head, sourceIp)
      if (mustBeSigned(head.rawPath) && !isOpen) {
        const payloadHash = () => sha256Hex(new Uint8Array())
        caller = authenticate({ head, service: ADMIN_SIGNING_NAME, requestId, sourceIp, payloadHash }).caller
        const permission = adminPermission(head.method, head.rawPath)
        if (permission !== undefined) refuseDenied(access, caller, permission, adminAccessDenied)
      }
      const target = `${head.rawPath}?${head.rawQuery}`
      return await handleAdmin(head.method, target, context, { headers: head.headers, caller })
    } catch (error) {
      const { code, message, status } = wireErrorOf(error, dialect, log, requestId)
      const body = JSON.stringify({ error: message, code })
      return { status, headers: { 'content-type': 'application/json' }, body: `${body}\n` }
    }
  }
}
