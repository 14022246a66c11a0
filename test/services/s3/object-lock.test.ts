import { createHash } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { LifecycleRuns } from '../../../src/objects/lifecycle/lifecycle.ts'
import { silentLog } from '../../../src/platform/log.ts'
import { elementOf, elementsOf, s3World } from './support.ts'

const DAY_MS = 24 * 3600 * 1000
const LATER = '2026-02-01T00:00:00.000Z'
const MUCH_LATER = '2026-03-01T00:00:00.000Z'
const BYPASS = { 'x-amz-bypass-governance-retention': 'true' }

let world: Awaited<ReturnType<typeof s3World>>
beforeEach(async () => {
  world = await s3World()
  await world.call('PUT', '/lake', { headers: { 'x-amz-bucket-object-lock-enabled': 'true' } })
})
afterEach(() => world.close())

const retention = (mode: string, until: string) =>
  `<Retention><Mode>${mode}</Mode><RetainUntilDate>${until}</RetainUntilDate></Retention>`
const put = async (headers: Record<string, string> = {}) => {
  const body = 'body'
  const md5 = createHash('md5').update(body).digest('base64')
  return world.call('PUT', '/lake/k', { body, headers: { 'content-md5': md5, ...headers } })
}
const retain = (mode: string, until: string, headers = {}) =>
  world.call('PUT', '/lake/k?retention', { body: retention(mode, until), headers })
const removeVersion = (versionId: string | undefined, headers = {}) =>
  world.call('DELETE', `/lake/k?versionId=${versionId}`, { headers })
const outcome = ({ status, text }: { status: number; text: string }) =>
  `${status} ${elementOf(text, 'Code') ?? ''}`.trim()

test('a bucket with Object Lock has versioning, for good', async () => {
  expect((await world.call('GET', '/lake?versioning')).text).toContain('Enabled')
  const suspend = await world.call('PUT', '/lake?versioning', {
    body: '<VersioningConfiguration><Status>Suspended</Status></VersioningConfiguration>',
  })
  expect(outcome(suspend)).toBe('409 InvalidBucketState')
  expect((await world.call('GET', '/lake?object-lock')).text).toContain(
    '<ObjectLockEnabled>Enabled</ObjectLockEnabled>',
  )
})

test('a bucket without it says so everywhere', async () => {
  await world.call('PUT', '/plain')
  await world.call('PUT', '/plain/k', { body: 'x' })
  expect(outcome(await world.call('GET', '/plain?object-lock'))).toBe('404 ObjectLockConfigurationNotFoundError')
  for (const [method, target, body] of [
    ['GET', '/plain/k?retention', ''],
    ['GET', '/plain/k?legal-hold', ''],
    ['PUT', '/plain/k?retention', retention('GOVERNANCE', LATER)],
    ['PUT', '/plain/k?legal-hold', '<LegalHold><Status>ON</Status></LegalHold>'],
  ] as const) {
    const answer = await world.call(method, target, { body })
    expect(elementOf(answer.text, 'Message'), `${method} ${target}`).toBe('Bucket is missing Object Lock Configuration')
  }
  const locked = await world.call('PUT', '/plain/k', { body: 'x', headers: { 'x-amz-object-lock-legal-hold': 'ON' } })
  expect(outcome(locked)).toBe('400 InvalidRequest')
  const config = '<ObjectLockConfiguration><ObjectLockEnabled>Enabled</ObjectLockEnabled></ObjectLockConfiguration>'
  expect(outcome(await world.call('PUT', '/plain?object-lock', { body: config }))).toBe('409 InvalidBucketState')
  const versioning = '<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>'
  await world.call('PUT', '/plain?versioning', { body: versioning })
  expect((await world.call('PUT', '/plain?object-lock', { body: config })).status, 'with versioning it may').toBe(200)
})

test('a retained version stays until its day, and a delete without a version id only hides it', async () => {
  const headers = { 'x-amz-object-lock-mode': 'COMPLIANCE', 'x-amz-object-lock-retain-until-date': LATER }
  const { headers: written } = await put(headers)
  const versionId = written['x-amz-version-id']
  expect((await world.call('HEAD', '/lake/k')).headers).toMatchObject({
    'x-amz-object-lock-mode': 'COMPLIANCE',
    'x-amz-object-lock-retain-until-date': LATER,
  })
  const refused = await removeVersion(versionId, BYPASS)
  expect(outcome(refused)).toBe('403 AccessDenied')
  expect(elementOf(refused.text, 'Message')).toBe('Access Denied because object protected by object lock.')
  expect((await world.call('DELETE', '/lake/k')).headers['x-amz-delete-marker']).toBe('true')
  expect((await world.call('GET', `/lake/k?versionId=${versionId}`)).text).toBe('body')
  await world.clock.advance(30 * DAY_MS)
  expect((await removeVersion(versionId)).status).toBe(204)
})

test('governance gives way to those who may bypass it', async () => {
  const { headers: written } = await put()
  const versionId = written['x-amz-version-id']
  expect((await retain('GOVERNANCE', MUCH_LATER)).status).toBe(200)
  expect(outcome(await retain('GOVERNANCE', LATER)), 'shorter').toBe('403 AccessDenied')
  expect((await retain('GOVERNANCE', LATER, BYPASS)).status).toBe(200)
  expect((await retain('GOVERNANCE', MUCH_LATER)).status, 'longer').toBe(200)
  expect((await world.call('GET', '/lake/k?retention')).text).toContain(MUCH_LATER)
  expect(outcome(await removeVersion(versionId))).toBe('403 AccessDenied')
  expect((await removeVersion(versionId, BYPASS)).status).toBe(204)
})

test('compliance is lengthened and nothing else, whoever asks', async () => {
  await put()
  await retain('COMPLIANCE', LATER)
  expect(outcome(await retain('GOVERNANCE', MUCH_LATER, BYPASS))).toBe('403 AccessDenied')
  expect(outcome(await retain('COMPLIANCE', '2026-01-20T00:00:00Z', BYPASS))).toBe('403 AccessDenied')
  expect(outcome(await world.call('PUT', '/lake/k?retention', { body: '<Retention/>', headers: BYPASS }))).toBe(
    '403 AccessDenied',
  )
  expect((await retain('COMPLIANCE', MUCH_LATER)).status).toBe(200)
})

test('a legal hold protects until it is lifted', async () => {
  const { headers: written } = await put({ 'x-amz-object-lock-legal-hold': 'ON' })
  const versionId = written['x-amz-version-id']
  expect((await world.call('GET', '/lake/k?legal-hold')).text).toContain('<Status>ON</Status>')
  expect(outcome(await removeVersion(versionId, BYPASS))).toBe('403 AccessDenied')
  await world.call('PUT', '/lake/k?legal-hold', { body: '<LegalHold><Status>OFF</Status></LegalHold>' })
  expect((await world.call('GET', '/lake/k?legal-hold')).text).toContain('<Status>OFF</Status>')
  expect((await removeVersion(versionId)).status).toBe(204)
})

test('new versions get the default retention of their bucket, also those made in parts or copied', async () => {
  const body =
    '<ObjectLockConfiguration><ObjectLockEnabled>Enabled</ObjectLockEnabled><Rule><DefaultRetention><Mode>GOVERNANCE</Mode><Days>3</Days></DefaultRetention></Rule></ObjectLockConfiguration>'
  expect((await world.call('PUT', '/lake?object-lock', { body })).status).toBe(200)
  expect((await world.call('GET', '/lake?object-lock')).text).toContain('<Mode>GOVERNANCE</Mode><Days>3</Days>')
  await world.call('PUT', '/lake/put', { body: 'x' })
  await world.call('PUT', '/lake/copy', { headers: { 'x-amz-copy-source': '/lake/put' } })
  const { text } = await world.call('POST', '/lake/parts?uploads')
  const id = elementOf(text, 'UploadId')
  const part = await world.call('PUT', `/lake/parts?partNumber=1&uploadId=${id}`, { body: 'x' })
  await world.call('POST', `/lake/parts?uploadId=${id}`, {
    body: `<CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>${part.headers['etag']}</ETag></Part></CompleteMultipartUpload>`,
  })
  for (const key of ['put', 'copy', 'parts']) {
    expect((await world.call('HEAD', `/lake/${key}`)).headers['x-amz-object-lock-mode'], key).toBe('GOVERNANCE')
  }
})

test('DeleteObjects removes what it may and names what it may not', async () => {
  const { headers: locked } = await put({ 'x-amz-object-lock-legal-hold': 'ON' })
  const { headers: free } = await put()
  const objects = [locked, free].map(
    (headers) => `<Object><Key>k</Key><VersionId>${headers['x-amz-version-id']}</VersionId></Object>`,
  )
  const body = `<Delete>${objects.join('')}</Delete>`
  const md5 = createHash('md5').update(body).digest('base64')
  const { text } = await world.call('POST', '/lake?delete', { body, headers: { 'content-md5': md5 } })
  expect(elementsOf(text, 'Code')).toEqual(['AccessDenied'])
  expect(text.match(/<Deleted>/g)).toHaveLength(1)
})

test('lifecycle rules leave what is locked', async () => {
  await put({ 'x-amz-object-lock-legal-hold': 'ON' })
  await put()
  const noncurrent = { id: 'r', isEnabled: true, filter: {}, form: 'one' as const, noncurrent: { afterDays: 1 } }
  await world.store.changeBucket('lake', {
    lifecycle: { rules: [noncurrent], transitionMinimum: 'all_storage_classes_128K' },
  })
  await world.clock.advance(3 * DAY_MS)
  const runs = new LifecycleRuns({ objects: world.store, clock: world.clock, log: silentLog })
  const done = runs.run()
  while (runs.progress.isRunning) await world.clock.advance(1)
  await done
  expect(runs.progress).toMatchObject({ removed: 0, locked: 1 })
})

describe('refused', () => {
  test.each<[string, Record<string, string>, string]>([
    ['a mode alone', { 'x-amz-object-lock-mode': 'GOVERNANCE' }, 'must both be supplied'],
    ['a date alone', { 'x-amz-object-lock-retain-until-date': LATER }, 'must both be supplied'],
    [
      'another mode',
      { 'x-amz-object-lock-mode': 'NONE', 'x-amz-object-lock-retain-until-date': LATER },
      'Unknown wormMode directive.',
    ],
    [
      'a date that has passed',
      { 'x-amz-object-lock-mode': 'GOVERNANCE', 'x-amz-object-lock-retain-until-date': '2026-01-01T00:00:00Z' },
      'must be in the future!',
    ],
    ['another hold', { 'x-amz-object-lock-legal-hold': 'MAYBE' }, "Legal Hold must be either of 'ON' or 'OFF'"],
  ])('%s', async (_, headers, says) => {
    const answer = await put(headers)
    expect(answer.status).toBe(400)
    expect(answer.text.replaceAll('&apos;', "'")).toContain(says)
  })

  test.each([
    ['nothing', {}],
    ['how checksums are to be shown', { 'x-amz-checksum-mode': 'ENABLED' }],
    ['how a checksum would be made', { 'x-amz-checksum-algorithm': 'SHA256', 'x-amz-checksum-type': 'FULL_OBJECT' }],
    ['a trailer that is no checksum', { 'x-amz-trailer': 'x-amz-meta-a' }],
  ])('a lock on bytes that nothing proves: %s', async (_, headers) => {
    const asked = { 'x-amz-object-lock-legal-hold': 'ON', ...headers }
    const answer = await world.call('PUT', '/lake/k', { body: 'x', headers: asked })
    expect(answer.status).toBe(400)
    expect(answer.text).toContain('Content-MD5 OR x-amz-checksum- HTTP header is required')
    expect((await world.call('HEAD', '/lake/k')).status).toBe(404)
  })

  test.each([
    ['no mode', '<Days>1</Days>'],
    ['days and years', '<Mode>GOVERNANCE</Mode><Days>1</Days><Years>1</Years>'],
    ['neither', '<Mode>GOVERNANCE</Mode>'],
    ['no days', '<Mode>GOVERNANCE</Mode><Days>0</Days>'],
    ['too many days', '<Mode>GOVERNANCE</Mode><Days>36501</Days>'],
    ['too many years', '<Mode>GOVERNANCE</Mode><Years>101</Years>'],
  ])('a default retention with %s', async (_, inner) => {
    const body = `<ObjectLockConfiguration><ObjectLockEnabled>Enabled</ObjectLockEnabled><Rule><DefaultRetention>${inner}</DefaultRetention></Rule></ObjectLockConfiguration>`
    expect((await world.call('PUT', '/lake?object-lock', { body })).status).toBe(400)
  })
})
