/**
 * Well-formed requests for every operation there is, made from the service models: each required member, some of the
 * others, values that mean something where that leads deeper. What a fuzzer starts from.
 */
import { crc32 } from 'node:zlib'
import fc from 'fast-check'
import { wireModels } from '../../../src/wire/models.ts'
import type { Member, ServiceModel, Shape, StructureShape } from '../../../src/wire/shape.ts'

export interface PlainRequest {
  /** The signing name. */
  readonly service: string
  readonly method: string
  readonly target: string
  readonly headers: readonly (readonly [string, string])[]
  readonly body: Buffer
}

export const FUZZ_BUCKET = 'fuzz.raw'
export const FUZZ_KEY = 'kept'
/** Stands for an upload that is open; whoever sends the request puts a true one in its place. */
export const UPLOAD_MARK = 'UPLOAD-THAT-IS-OPEN'

const DEPTH_MAX = 5

/** Members whose value decides how far a request gets. */
const TELLING: Readonly<Record<string, readonly string[]>> = {
  Bucket: [FUZZ_BUCKET, FUZZ_BUCKET, FUZZ_BUCKET, 'absent', 'NO'],
  Key: [FUZZ_KEY, FUZZ_KEY, 'a b/ü+%', 'folder/', '//'],
  UploadId: [UPLOAD_MARK, UPLOAD_MARK, 'none'],
  VersionId: ['null', '0'.repeat(32)],
  CopySource: [`${FUZZ_BUCKET}/${FUZZ_KEY}`, `/${FUZZ_BUCKET}/none`],
  Range: ['bytes=0-1', 'bytes=-1', 'bytes=5-'],
  ETag: ['"5d41402abc4b2a76b9719d911017c592"'],
  ContentMD5: ['XUFAKrxLKna5cZ2REBfFkg=='],
  ExpectedBucketOwner: ['000000000000'],
  ExpectedSourceBucketOwner: ['000000000000'],
  Policy: [
    '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"*"}]}',
  ],
  PolicyDocument: [
    '{"Version":"2012-10-17","Statement":[]}',
    '{"Statement":{"Effect":"Deny","Action":"*","Resource":"*"}}',
  ],
  DeliveryStreamName: ['fuzz', 'absent'],
  DatabaseName: ['fuzz', 'absent'],
  UserName: ['fuzz'],
  RoleName: ['fuzz'],
  Tagging: ['a=b&c=d'],
}

const bytesOf = fc.constantFrom('hello', '', 'x'.repeat(3000)).map((text) => Buffer.from(text))

export function modelledRequest(): fc.Arbitrary<PlainRequest> {
  const ofModel = Object.values(wireModels).flatMap((model) =>
    Object.keys(model.operations).map((name) => ({ model, name, weight: model.protocol === 'rest-xml' ? 4 : 1 })),
  )
  return fc.oneof(...ofModel.map(({ model, name, weight }) => ({ arbitrary: requestOf(model, name), weight })))
}

function requestOf(model: ServiceModel, name: string): fc.Arbitrary<PlainRequest> {
  const { input } = model.operations[name] ?? {}
  const members =
    input === undefined ? fc.constant({}) : (valueFor(model, { shape: input }, '', 0) as fc.Arbitrary<object>)
  const values = members as fc.Arbitrary<Readonly<Record<string, unknown>>>
  switch (model.protocol) {
    case 'json':
      return values.map((value) => jsonRequest(model, name, value))
    case 'query':
      return values.map((value) => queryRequest(model, name, value))
    case 'rest-xml':
      return fc
        .tuple(values, fc.constantFrom('plain', 'plain', 'chunks', 'signed chunks'))
        .map(([value, framing]) => framed(restRequest(model, name, value), framing))
  }
}

// ---- values

function valueFor(model: ServiceModel, member: Member, name: string, depth: number): fc.Arbitrary<unknown> {
  const shape = model.shapes[member.shape] as Shape
  const telling = TELLING[name]
  if (telling !== undefined && shape.kind === 'string') return fc.constantFrom(...telling)
  switch (shape.kind) {
    case 'structure':
      return structureOf(model, shape, depth)
    case 'list': {
      if (depth > DEPTH_MAX) return fc.constant([])
      return fc.array(valueFor(model, shape.member, name, depth + 1), { minLength: shape.min ?? 0, maxLength: 3 })
    }
    case 'map':
      return fc.dictionary(fc.constantFrom('a', 'b', 'naïve'), valueFor(model, shape.value, '', depth + 1), {
        maxKeys: 2,
      })
    case 'string':
      return shape.enum === undefined
        ? fc.constantFrom(
            'fuzz',
            'other',
            'arn:aws:s3:::fuzz.raw',
            's3://fuzz.raw/',
            'a'.repeat(Math.min(shape.max ?? 9, 2000)),
          )
        : fc.constantFrom(...shape.enum)
    case 'integer':
    case 'long':
      return fc.constantFrom(shape.min ?? 1, shape.max ?? 2, 1, 3)
    case 'double':
    case 'float':
      return fc.constantFrom(0.5, 1)
    case 'blob':
      return bytesOf
    case 'timestamp':
      return fc.constantFrom(new Date('2027-01-01T00:00:00Z'), new Date('2020-01-01T00:00:00Z'))
    case 'boolean':
      return fc.boolean()
    case 'document':
      return fc.constant({})
  }
}

function structureOf(model: ServiceModel, shape: StructureShape, depth: number): fc.Arbitrary<object> {
  const required = new Set(shape.required ?? [])
  const names = Object.keys(shape.members).filter((name) => required.has(name) || depth <= DEPTH_MAX)
  const always = names.filter((name) => required.has(name))
  // A few of the others: all of them at once would be refused for the first that is not offered.
  return fc.subarray(names, { maxLength: Math.min(3, names.length) }).chain((some) => {
    const chosen = [...new Set([...always, ...some])]
    const parts = chosen.map((name) => [name, valueFor(model, shape.members[name] as Member, name, depth + 1)] as const)
    return fc.record(Object.fromEntries(parts))
  })
}

// ---- wire

function jsonRequest(model: ServiceModel, name: string, value: object): PlainRequest {
  const text = JSON.stringify(value, (_key, one: unknown) =>
    one instanceof Date ? one.getTime() / 1000 : asBase64(one),
  )
  return {
    service: model.signingName,
    method: 'POST',
    target: '/',
    headers: [
      ['x-amz-target', `${model.targetPrefix}.${name}`],
      ['content-type', `application/x-amz-json-${model.jsonVersion}`],
    ],
    body: Buffer.from(text),
  }
}

/** JSON.stringify has asked toJSON of a Buffer before it asks here. */
function asBase64(one: unknown): unknown {
  const isBuffer = typeof one === 'object' && one !== null && 'type' in one && one.type === 'Buffer' && 'data' in one
  return isBuffer ? Buffer.from(one.data as number[]).toString('base64') : one
}

function queryRequest(model: ServiceModel, name: string, value: object): PlainRequest {
  const parameters = new URLSearchParams({ Action: name, Version: model.apiVersion })
  const add = (path: string, one: unknown): void => {
    if (Array.isArray(one)) for (const [index, entry] of one.entries()) add(`${path}.member.${index + 1}`, entry)
    else if (one instanceof Date) parameters.append(path, one.toISOString())
    else if (typeof one === 'object' && one !== null)
      for (const [key, entry] of Object.entries(one)) add(path === '' ? key : `${path}.${key}`, entry)
    else parameters.append(path, String(one))
  }
  add('', value)
  return {
    service: model.signingName,
    method: 'POST',
    target: '/',
    headers: [['content-type', 'application/x-www-form-urlencoded']],
    body: Buffer.from(parameters.toString()),
  }
}

function restRequest(model: ServiceModel, name: string, value: Readonly<Record<string, unknown>>): PlainRequest {
  const operation = model.operations[name] as ServiceModel['operations'][string]
  const shape = model.shapes[operation.input ?? ''] as StructureShape | undefined
  const headers: [string, string][] = []
  const query: string[] = []
  let target = operation.uri
  let body = Buffer.alloc(0)
  for (const [key, one] of Object.entries(value)) {
    const member = shape?.members[key] as Member
    const wireName = member.name ?? key
    switch (member.in) {
      case 'uri':
        target = target.replace(new RegExp(`\\{${wireName}\\+?\\}`), () =>
          String(one).split('/').map(encodeURIComponent).join('/'),
        )
        break
      case 'querystring':
        query.push(`${wireName}=${encodeURIComponent(textOf(one))}`)
        break
      case 'header':
        if (wireName.toLowerCase() !== 'content-length') headers.push([wireName.toLowerCase(), textOf(one)])
        break
      case 'headers':
        for (const [suffix, text] of Object.entries(one as object))
          headers.push([`${wireName}${encodeURIComponent(suffix)}`, textOf(text)])
        break
      default:
        body =
          one instanceof Buffer
            ? one
            : typeof one === 'string'
              ? Buffer.from(one)
              : Buffer.from(xmlOf(model, member, wireName, one))
    }
  }
  const sign = target.includes('?') ? '&' : '?'
  return {
    service: 's3',
    method: operation.method,
    target: query.length === 0 ? target : `${target}${sign}${query.join('&')}`,
    headers,
    body,
  }
}

function xmlOf(model: ServiceModel, member: Member, name: string, value: unknown): string {
  const shape = model.shapes[member.shape] as Shape
  if (shape.kind === 'list') {
    const entry = shape.flattened === true || member.flattened === true ? name : (shape.member.name ?? 'member')
    const entries = (value as readonly unknown[]).map((one) => xmlOf(model, shape.member, entry, one)).join('')
    return entry === name ? entries : `<${name}>${entries}</${name}>`
  }
  if (shape.kind !== 'structure')
    return `<${name}>${textOf(value).replaceAll('&', '&amp;').replaceAll('<', '&lt;')}</${name}>`
  const inside = Object.entries(value as object).map(([key, one]) => {
    const inner = shape.members[key] as Member
    return xmlOf(model, inner, inner.name ?? key, one)
  })
  return `<${name}>${inside.join('')}</${name}>`
}

function textOf(value: unknown): string {
  if (value instanceof Date) return value.toUTCString()
  if (Array.isArray(value)) return value.map(textOf).join(',')
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}

/** A body in AWS's own chunks, as SDKs send streams. */
function framed(request: PlainRequest, framing: string): PlainRequest {
  if (framing === 'plain' || request.method !== 'PUT' || request.body.byteLength === 0) return request
  const isSigned = framing === 'signed chunks'
  const mark = isSigned ? `;chunk-signature=${'0'.repeat(64)}` : ''
  const { body } = request
  const sum = Buffer.alloc(4)
  sum.writeUInt32BE(crc32(body) >>> 0)
  const trailer = isSigned ? '' : `x-amz-checksum-crc32:${sum.toString('base64')}\r\n`
  const half = Math.ceil(body.byteLength / 2)
  const chunks = [body.subarray(0, half), body.subarray(half)].filter((part) => part.byteLength > 0)
  return {
    ...request,
    headers: [
      ...request.headers,
      ['content-encoding', 'aws-chunked'],
      ['x-amz-decoded-content-length', String(body.byteLength)],
      ['x-amz-content-sha256', isSigned ? 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD' : 'STREAMING-UNSIGNED-PAYLOAD-TRAILER'],
      ...(isSigned ? [] : [['x-amz-trailer', 'x-amz-checksum-crc32'] as const]),
    ],
    body: Buffer.concat([
      ...chunks.flatMap((part) => [
        Buffer.from(`${part.byteLength.toString(16)}${mark}\r\n`),
        part,
        Buffer.from('\r\n'),
      ]),
      Buffer.from(`0${mark}\r\n${trailer}\r\n`),
    ]),
  }
}
