/**
 * The rest-xml protocol, S3's: an operation's input is spread over labels of the path, query parameters, headers and
 * an XML or raw body; its output over status, headers and body. The shape table says what goes where.
 *
 *   const codec = restXmlCodec<S3Operations>(s3Model)
 *   const input = await codec.decode('PutObject', request, { Bucket: 'b', Key: 'k' })   // input.Body is request.body
 *   return codec.encode('PutObject', { ETag: '"…"' })
 *
 * Detecting which operation a request is, and cutting the labels out of host and path, is the service's.
 */
import { isUtf8 } from 'node:buffer'
import { WireError } from '../error.ts'
import type { WireRequest, WireResponse } from '../http.ts'
import type { Member, OperationModel, ServiceModel, Shape, StructureShape } from '../shape.ts'
import { MalformedXml, parseXml } from '../xml/parse.ts'
import { decodeElement, encodeElement, encodeMembers, parseScalar, scalarText, shapeNamed } from '../xml/shapes.ts'
import { element, textElement, XML_DECLARATION } from '../xml/write.ts'
import { resultRoots, S3_NAMESPACE, unwrappedResults } from './results.ts'

/** XML bodies: 10,000 parts with checksums stay under it. */
export const XML_BODY_BYTES_MAX = 8 * 1024 * 1024

/** Path labels by member name, percent-decoded: `{ Bucket, Key }`. */
export type Labels = Readonly<Record<string, string>>

export interface RestXmlCodec<Operations> {
  /**
   * The operation's input. Members without a value are absent. A streaming member is `request.body` itself, unread.
   * An XML or text body is read whole (bounded by XML_BODY_BYTES_MAX) unless the caller has read it already to check
   * a digest and passes the bytes as `body`.
   *
   * Throws WireError: MalformedXML (not well-formed, DTD, unknown or missing elements, wrong enumeration),
   * MissingRequestBodyError, InvalidArgument {ArgumentName, ArgumentValue} (a header or parameter that is no number,
   * boolean or date), InvalidRequest (a required header or parameter is missing), MaxMessageLengthExceeded.
   * Enumerated headers and parameters are not checked: S3 has an answer of its own for each.
   */
  decode<Name extends keyof Operations & string>(
    operation: Name,
    request: WireRequest,
    labels: Labels,
    body?: Uint8Array,
  ): Promise<InputOf<Operations, Name>>

  /**
   * The reply: status from the model (204 for deletes) unless given, headers from the output's header members, body
   * from its payload or other members, with S3's root element and namespace. A streaming payload is passed on as it
   * is. `headers` are added last.
   */
  encode<Name extends keyof Operations & string>(
    operation: Name,
    output: OutputOf<Operations, Name>,
    options?: { status?: number; headers?: Readonly<Record<string, string>> },
  ): WireResponse
}

type InputOf<Operations, Name extends keyof Operations> = Operations[Name] extends { readonly input: infer Input }
  ? Input
  : never
type OutputOf<Operations, Name extends keyof Operations> = Operations[Name] extends { readonly output: infer Output }
  ? Output
  : never

export function restXmlCodec<Operations>(model: ServiceModel): RestXmlCodec<Operations> {
  return {
    async decode<Name extends keyof Operations & string>(
      operation: Name,
      request: WireRequest,
      labels: Labels,
      body?: Uint8Array,
    ) {
      const input = await decodeRestXml(model, operation, request, labels, body)
      return input as InputOf<Operations, Name>
    },
    encode: (operation, output, options) => encodeRestXml(model, operation, output, options),
  }
}

function operationNamed(model: ServiceModel, name: string): OperationModel {
  const operation = model.operations[name]
  if (operation === undefined) throw new Error(`The model of ${model.signingName} has no operation ${name}.`)
  return operation
}

// ---- requests

export async function decodeRestXml(
  model: ServiceModel,
  operationName: string,
  request: WireRequest,
  labels: Labels,
  body?: Uint8Array,
): Promise<Record<string, unknown>> {
  const operation = operationNamed(model, operationName)
  if (operation.input === undefined) return {}
  const shape = shapeNamed(model, operation.input) as StructureShape
  const input: Record<string, unknown> = {}
  for (const place of placesOf(model, shape)) {
    const value = locatedValue(model, place, request, labels)
    if (value !== undefined) input[place.key] = value
  }
  if (shape.payload !== undefined) {
    const payload = await decodePayload(model, shape, shape.payload, request, body)
    if (payload !== undefined) input[shape.payload] = payload
  }
  for (const key of shape.required ?? []) {
    if (input[key] === undefined) throw missing(key, shape.members[key] as Member)
  }
  return input
}

/** A member that is not in the body, with what every request would look up again. */
interface Place {
  readonly key: string
  readonly name: string
  readonly header: string
  readonly member: Member
  readonly shape: Shape
}

const placesOfShape = new WeakMap<StructureShape, readonly Place[]>()

function placesOf(model: ServiceModel, shape: StructureShape): readonly Place[] {
  const known = placesOfShape.get(shape)
  if (known !== undefined) return known
  const places = Object.entries(shape.members)
    .filter(([, member]) => member.in !== undefined)
    .map(([key, member]) => {
      const name = member.name ?? key
      return { key, name, header: name.toLowerCase(), member, shape: shapeNamed(model, member.shape) }
    })
  placesOfShape.set(shape, places)
  return places
}

function locatedValue(
  model: ServiceModel,
  { name, header, member, shape }: Place,
  request: WireRequest,
  labels: Labels,
): unknown {
  switch (member.in) {
    case 'uri':
      return labels[name]
    case 'header': {
      const text = request.headers[header]
      return text === undefined ? undefined : headerValue(model, name, shape, fromHeaderText(text), member)
    }
    case 'headers':
      return prefixedHeaders(header, request.headers)
    case 'querystring': {
      if (request.query.length === 0) return undefined
      const text = request.query.find(([parameter]) => parameter === name)?.[1]
      return text === undefined ? undefined : plainValue(name, shape, text, member.timestampFormat ?? 'iso8601')
    }
    default:
      return undefined
  }
}

/** node hands header bytes out one character each; clients write UTF-8. */
function fromHeaderText(text: string): string {
  return /[\u0080-\u00ff]/.test(text) ? Buffer.from(text, 'latin1').toString('utf8') : text
}

function toHeaderText(text: string): string {
  return /[^\u0020-\u007e]/.test(text) ? Buffer.from(text, 'utf8').toString('latin1') : text
}

function headerValue(model: ServiceModel, name: string, shape: Shape, text: string, member: Member): unknown {
  if (shape.kind === 'list') {
    const itemShape = shapeNamed(model, shape.member.shape)
    return text.split(',').map((item) => plainValue(name, itemShape, item.trim(), 'rfc822'))
  }
  // A date condition that is no date is as if it were not there (RFC 9110, 13.1.3).
  if (/^If-(Un)?modified-since$/i.test(name)) return parseScalar(shape, text, 'rfc822')
  return plainValue(name, shape, text, member.timestampFormat ?? 'rfc822')
}

function plainValue(name: string, shape: Shape, text: string, format: 'iso8601' | 'rfc822' | 'unixTimestamp'): unknown {
  const value = parseScalar(shape, text, format)
  if (value !== undefined) return value
  const isNumber = shape.kind === 'integer' || shape.kind === 'long'
  throw new WireError(
    'InvalidArgument',
    isNumber ? `Provided ${name} not an integer or within integer range` : `The value of ${name} is not valid.`,
    { extra: { ArgumentName: name, ArgumentValue: text } },
  )
}

function prefixedHeaders(prefix: string, headers: Readonly<Record<string, string>>) {
  let found: Record<string, string> | undefined
  for (const name in headers) {
    if (!name.startsWith(prefix) || name.length === prefix.length) continue
    found ??= {}
    found[name.slice(prefix.length)] = fromHeaderText(headers[name] as string)
  }
  return found
}

async function decodePayload(
  model: ServiceModel,
  shape: StructureShape,
  key: string,
  request: WireRequest,
  body: Uint8Array | undefined,
): Promise<unknown> {
  const member = shape.members[key] as Member
  if (member.streaming) return request.body
  const bytes = body ?? (await readBody(request, XML_BODY_BYTES_MAX))
  const payloadShape = shapeNamed(model, member.shape)
  if (payloadShape.kind === 'blob') return bytes
  // Read on, the bytes would become replacement characters: other keys than were sent.
  if (!isUtf8(bytes)) throw malformedXml(new MalformedXml('The body is not UTF-8.'))
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8')
  if (text.trim() === '') {
    if (!shape.required?.includes(key)) return undefined
    throw new WireError('MissingRequestBodyError', 'Request Body is empty')
  }
  if (payloadShape.kind === 'string') return text
  return decodeXmlBody(model, member, member.name ?? key, text)
}

function decodeXmlBody(model: ServiceModel, member: Member, root: string, text: string): unknown {
  try {
    const document = parseXml(text)
    if (document.name !== root) throw new MalformedXml(`The root element is ${document.name}, not ${root}.`)
    return decodeElement(model, member, document)
  } catch (error) {
    if (!(error instanceof MalformedXml)) throw error
    throw malformedXml(error)
  }
}

function malformedXml(cause: MalformedXml): WireError {
  return new WireError(
    'MalformedXML',
    'The XML you provided was not well-formed or did not validate against our published schema',
    { cause },
  )
}

function missing(key: string, member: Member): WireError {
  const name = member.name ?? key
  if (member.in === undefined) return new WireError('MissingRequestBodyError', 'Request Body is empty')
  const place = member.in === 'header' ? 'header' : 'parameter'
  return new WireError('InvalidRequest', `Missing required ${place} for this request: ${name}`)
}

/** The whole body, at most `bytesMax`; past that it throws MaxMessageLengthExceeded without reading on. */
export async function readBody(request: WireRequest, bytesMax: number): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of request.body) {
    length += chunk.byteLength
    if (length > bytesMax) {
      throw new WireError('MaxMessageLengthExceeded', 'Your request was too big.', {
        extra: { MaxMessageLengthBytes: bytesMax },
      })
    }
    chunks.push(chunk)
  }
  return Buffer.concat(chunks, length)
}

// ---- replies

export function encodeRestXml(
  model: ServiceModel,
  operationName: string,
  output: unknown,
  options: { status?: number; headers?: Readonly<Record<string, string>> } = {},
): WireResponse {
  const operation = operationNamed(model, operationName)
  const status = options.status ?? operation.responseCode ?? 200
  if (operation.output === undefined) return { status, headers: { ...options.headers } }
  const shape = shapeNamed(model, operation.output) as StructureShape
  const record = output as Readonly<Record<string, unknown>>
  const headers = headersOf(model, shape, record)
  const body = bodyOf(model, operationName, shape, record)
  const isXml = typeof body === 'string' && body.startsWith(XML_DECLARATION)
  return {
    status,
    headers: { ...(isXml && { 'content-type': 'application/xml' }), ...headers, ...options.headers },
    ...(body !== undefined && { body }),
  }
}

function headersOf(model: ServiceModel, shape: StructureShape, output: Readonly<Record<string, unknown>>) {
  const headers: Record<string, string> = {}
  for (const { key, header, member, shape: valueShape } of placesOf(model, shape)) {
    const value = output[key]
    if (value === undefined || value === null) continue
    if (member.in === 'header') {
      headers[header] = toHeaderText(scalarText(valueShape, value, member.timestampFormat ?? 'rfc822'))
    } else if (member.in === 'headers') {
      for (const [suffix, text] of Object.entries(value as Readonly<Record<string, string>>)) {
        headers[header + suffix.toLowerCase()] = toHeaderText(text)
      }
    }
  }
  return headers
}

function bodyOf(
  model: ServiceModel,
  operationName: string,
  shape: StructureShape,
  output: Readonly<Record<string, unknown>>,
): WireResponse['body'] {
  if (shape.payload !== undefined) {
    const member = shape.members[shape.payload] as Member
    const value = output[shape.payload]
    if (value === undefined) return undefined
    const isRaw = member.streaming || shapeNamed(model, member.shape).kind !== 'structure'
    if (isRaw) return value as WireResponse['body']
    return XML_DECLARATION + encodeElement(model, member.name ?? shape.payload, member, value, S3_NAMESPACE)
  }
  const hasBody = Object.values(shape.members).some((member) => member.in === undefined)
  if (!hasBody) return undefined
  const unwrapped = unwrappedResults[operationName]
  if (unwrapped !== undefined) {
    return XML_DECLARATION + element(unwrapped, textOf(output[unwrapped]), S3_NAMESPACE)
  }
  const root = resultRoots[operationName] ?? operationName
  return XML_DECLARATION + element(root, encodeMembers(model, shape, output), S3_NAMESPACE)
}

const textOf = (value: unknown) => (value === undefined ? '' : String(value))

/**
 * `<Error>` with code, text, the error's further members, request and host id. A 304 has no body; of a HEAD the gateway
 * leaves it out.
 */
export function encodeRestXmlError(
  error: WireError,
  { requestId, hostId }: { requestId: string; hostId: string },
): WireResponse {
  const extra = Object.entries(error.extra)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => textElement(name, String(value)))
    .join('')
  const content =
    textElement('Code', error.code) +
    textElement('Message', error.message) +
    extra +
    textElement('RequestId', requestId) +
    textElement('HostId', hostId)
  return {
    status: error.status,
    headers: { 'content-type': 'application/xml', ...error.headers },
    ...(error.status !== 304 && { body: XML_DECLARATION + element('Error', content) }),
  }
}
