/**
 * POST to a bucket: a browser's form puts an object. The form's fields are the headers of a PutObject, its file is the
 * body, and the policy in it, signed, stands for the signature of the request. A form without one is nobody's: what the
 * bucket lets nobody do is decided where it is for every PutObject.
 */
import type { WireRequest, WireResponse } from '../../../wire/http.ts'
import { element, textElement, XML_DECLARATION } from '../../../wire/xml/write.ts'
import type { S3Context } from '../context.ts'
import { entityTooLarge, entityTooSmall, invalidArgument } from '../errors.ts'
import { readForm } from './form.ts'
import { parseFormPolicy, requireByPolicy, type SizeRange } from './policy.ts'
import { putHeaders } from './put-headers.ts'

export type PutObject = (
  request: WireRequest,
  address: { readonly bucket: string; readonly key: string },
  context: S3Context,
) => Promise<WireResponse>

export async function postObject(
  request: WireRequest,
  { bucket, context, put }: { bucket: string; context: S3Context; put: PutObject },
): Promise<WireResponse> {
  const { fields, file } = await readForm(request)
  const key = fields['key']
  if (key === undefined || key === '') throw missingField('key')
  const caller = context.callerOfForm(fields)
  const policy = fields['policy']
  const sizes =
    policy === undefined
      ? undefined
      : requireByPolicy(parseFormPolicy(policy), { ...fields, bucket }, context.clock.nowMs())
  const putting: WireRequest = {
    ...request,
    method: 'PUT',
    query: [],
    headers: putHeaders(fields),
    body: sizes === undefined ? file : bounded(file, sizes),
    bodyLength: undefined,
    trailers: Promise.resolve({}),
    form: { isSigned: policy !== undefined },
  }
  const stored = await put(putting, { bucket, key }, { ...context, caller })
  return answer(stored, fields, { request, bucket, key })
}

export function missingField(name: string) {
  return invalidArgument(
    `Bucket POST must contain a field named '${name}'.  If it is specified, please check the order of the fields.`,
    name,
    '',
  )
}

async function* bounded(file: AsyncIterable<Uint8Array>, { min, max }: SizeRange): AsyncGenerator<Uint8Array> {
  let size = 0
  for await (const bytes of file) {
    size += bytes.byteLength
    if (size > max) throw entityTooLarge({ ProposedSize: size, MaxSizeAllowed: max })
    yield bytes
  }
  if (size < min) throw entityTooSmall({ ProposedSize: size, MinSizeAllowed: min })
}

function answer(
  { headers }: WireResponse,
  fields: Readonly<Record<string, string>>,
  { request, bucket, key }: { request: WireRequest; bucket: string; key: string },
): WireResponse {
  const etag = headers['etag'] ?? ''
  const redirect = redirectOf(fields['success_action_redirect'] ?? fields['redirect'], { bucket, key, etag })
  if (redirect !== undefined) return { status: 303, headers: { ...headers, location: redirect } }
  const path = request.rawPath.startsWith(`/${bucket}`) ? `/${bucket}/` : '/'
  const location = `http://${request.host}${path}${key.split('/').map(encodeURIComponent).join('/')}`
  const shown = { ...headers, location }
  if (fields['success_action_status'] === '200') return { status: 200, headers: shown }
  if (fields['success_action_status'] !== '201') return { status: 204, headers: shown }
  const members = { Location: location, Bucket: bucket, Key: key, ETag: etag }
  const markup = Object.entries(members).map(([name, text]) => textElement(name, text))
  return {
    status: 201,
    headers: { ...shown, 'content-type': 'application/xml' },
    body: XML_DECLARATION + element('PostResponse', markup.join('')),
  }
}

/** What is no address is as if it were not there. */
function redirectOf(text: string | undefined, told: Readonly<Record<string, string>>): string | undefined {
  if (text === undefined || !URL.canParse(text)) return undefined
  const url = new URL(text)
  for (const [name, value] of Object.entries(told)) url.searchParams.append(name, value)
  return url.toString()
}
