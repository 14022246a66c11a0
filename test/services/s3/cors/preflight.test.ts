import { afterEach, beforeEach, expect, test } from 'vitest'
import { WireError } from '../../../../src/wire/error.ts'
import { s3World } from '../support.ts'

type World = Awaited<ReturnType<typeof s3World>>
let world: World

const CORS =
  '<CORSConfiguration><CORSRule><AllowedOrigin>http://page</AllowedOrigin><AllowedMethod>PUT</AllowedMethod><AllowedHeader>x-amz-*</AllowedHeader></CORSRule></CORSConfiguration>'

beforeEach(async () => {
  world = await s3World()
  await world.call('PUT', '/lake')
  await world.call('PUT', '/lake?cors', { body: CORS })
  await world.call('PUT', '/closed')
})
afterEach(() => world.close())

const headOf = (method: string, target: string, headers: Record<string, string>) => {
  const [rawPath = '/', rawQuery = ''] = target.split('?')
  return { method, rawPath, rawQuery, headers: { host: 'localhost:4566', ...headers } }
}

function ask(target: string, headers: Record<string, string>) {
  try {
    return world.service.crossOrigin?.preflight(headOf('OPTIONS', target, headers))
  } catch (error) {
    if (error instanceof WireError) return error
    throw error
  }
}

const asking = (method: string, headers = '', origin = 'http://page') => ({
  origin,
  'access-control-request-method': method,
  ...(headers !== '' && { 'access-control-request-headers': headers }),
})

test('a browser hears that a page may ask, also about a presigned link', () => {
  for (const target of ['/lake', '/lake/a', '/lake/a?X-Amz-Signature=abc']) {
    expect(ask(target, asking('PUT', 'X-Amz-Date, x-amz-meta-a'))).toMatchObject({
      status: 200,
      headers: {
        'access-control-allow-origin': 'http://page',
        'access-control-allow-headers': 'x-amz-date, x-amz-meta-a',
        'access-control-allow-credentials': 'true',
      },
    })
  }
})

const NOT_ALLOWED = 'CORSResponse: This CORS request is not allowed. This is usually because the evalution of Origin'
const NOT_ENABLED = 'CORSResponse: CORS is not enabled for this bucket.'

test.each([
  ['/lake/a', asking('GET'), 403, 'AccessForbidden', NOT_ALLOWED],
  ['/lake/a', asking('PUT', 'authorization'), 403, 'AccessForbidden', NOT_ALLOWED],
  ['/lake/a', asking('PUT', '', 'http://other'), 403, 'AccessForbidden', NOT_ALLOWED],
  ['/closed/a', asking('PUT'), 403, 'AccessForbidden', NOT_ENABLED],
  ['/', asking('PUT'), 403, 'AccessForbidden', NOT_ENABLED],
  ['/lake', { origin: 'http://page' }, 400, 'BadRequest', 'Invalid Access-Control-Request-Method: null'],
  ['/lake', asking('PATCH'), 400, 'BadRequest', 'Invalid Access-Control-Request-Method: PATCH'],
  ['/lake', asking('put'), 400, 'BadRequest', 'Invalid Access-Control-Request-Method: put'],
  [
    '/lake',
    asking('PUT', 'a b'),
    400,
    'BadRequest',
    'Access-Control-Request-Headers "a b" contains invalid character.',
  ],
  [
    '/lake',
    { 'access-control-request-method': 'PUT' },
    400,
    'BadRequest',
    'Insufficient information. Origin request header needed.',
  ],
] as const)('a preflight of %s with %o is refused with %i', (target, headers, status, code, message) => {
  const refusal = ask(target, headers as Record<string, string>)
  expect(refusal).toMatchObject({ status, code })
  expect((refusal as WireError).message).toContain(message)
})

test('a preflight of a bucket that is not there says so', async () => {
  expect(() => world.service.crossOrigin?.preflight(headOf('OPTIONS', '/none', asking('PUT')))).toThrow(
    'does not exist',
  )
})

test.each([
  ['PUT', '/lake/a', 'http://page', 'http://page'],
  ['PUT', '/lake/%ff', 'http://page', undefined],
  ['PUT', '/lake/a', 'http://other', undefined],
  ['GET', '/lake/a', 'http://page', undefined],
  ['PUT', '/closed/a', 'http://page', undefined],
  ['PUT', '/none/a', 'http://page', undefined],
  ['PUT', '/', 'http://page', undefined],
] as const)('the answer to %s %s from %s is shown to %s', (method, target, origin, shown) => {
  const headers = world.service.crossOrigin?.headersFor(headOf(method, target, { origin }))
  expect(headers?.['access-control-allow-origin']).toBe(shown)
})
