/** OPTIONS: a browser asks whether a page may make a request. Texts as S3 gives them. */
import type { ObjectStore } from '../../../objects/object-store.ts'
import { WireError } from '../../../wire/error.ts'
import type { WireResponse } from '../../../wire/http.ts'
import type { RequestHead } from '../../../wire/sigv4/canonical.ts'
import { addressOf } from '../addressing.ts'
import { accessForbidden } from '../errors.ts'
import { bucketNamed } from '../requests.ts'
import { METHODS } from './configuration.ts'
import { allowingHeaders, type CrossOriginAsk, ruleFor } from './rules.ts'

export function preflight(head: RequestHead, { objects }: { readonly objects: ObjectStore }): WireResponse {
  const ask = askOf(head)
  const { bucket, key } = addressOf(head.headers['host'] ?? '', head.rawPath)
  const forbidden = (message: string) =>
    accessForbidden(`CORSResponse: ${message}`, {
      Method: ask.method,
      ResourceType: bucket === undefined ? 'SERVICE' : key === undefined ? 'BUCKET' : 'OBJECT',
    })
  const rules = bucket === undefined ? undefined : bucketNamed(objects, bucket).cors
  if (rules === undefined) throw forbidden('CORS is not enabled for this bucket.')
  const rule = ruleFor(rules, ask)
  if (rule === undefined) {
    // The spelling is S3's.
    throw forbidden(
      "This CORS request is not allowed. This is usually because the evalution of Origin, request method / Access-Control-Request-Method or Access-Control-Request-Headers are not whitelisted by the resource's CORS spec.",
    )
  }
  return { status: 200, headers: allowingHeaders(rule, ask) }
}

function askOf({ headers }: RequestHead): CrossOriginAsk {
  const { origin } = headers
  if (origin === undefined) throw badRequest('Insufficient information. Origin request header needed.')
  const method = headers['access-control-request-method']
  if (method === undefined || !METHODS.has(method)) {
    throw badRequest(`Invalid Access-Control-Request-Method: ${method ?? 'null'}`)
  }
  const requestHeaders = (headers['access-control-request-headers'] ?? '')
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '')
  const strange = requestHeaders.find((name) => !/^[\w!#$%&'*+.^`|~-]+$/.test(name))
  if (strange !== undefined) {
    throw badRequest(`Access-Control-Request-Headers "${strange}" contains invalid character.`)
  }
  return { origin, method, requestHeaders }
}

const badRequest = (message: string) => new WireError('BadRequest', message)
