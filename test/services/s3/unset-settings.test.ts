/** Settings that nobody can make: what is so already may be said, the rest is refused by name and leaves no trace. */
import { expect, test } from 'vitest'
import { elementOf, perTest, s3World } from './support.ts'

const { call } = perTest(() => s3World({ bucket: 'lake' }))

const LOGGING =
  '<BucketLoggingStatus><LoggingEnabled><TargetBucket>lake</TargetBucket><TargetPrefix/></LoggingEnabled></BucketLoggingStatus>'
const QUEUE =
  '<NotificationConfiguration><QueueConfiguration><Queue>arn:aws:sqs:us-east-1:000000000000:q</Queue><Event>s3:ObjectCreated:*</Event></QueueConfiguration></NotificationConfiguration>'
const payer = (who: string) => `<RequestPaymentConfiguration><Payer>${who}</Payer></RequestPaymentConfiguration>`
const accelerate = (status: string) => `<AccelerateConfiguration><Status>${status}</Status></AccelerateConfiguration>`
const WEBSITE =
  '<WebsiteConfiguration><IndexDocument><Suffix>index.html</Suffix></IndexDocument></WebsiteConfiguration>'

test.each([
  ['logging', '<BucketLoggingStatus/>', 200, undefined],
  ['logging', LOGGING, 501, 'PutBucketLogging'],
  ['requestPayment', payer('BucketOwner'), 200, undefined],
  ['requestPayment', payer('Requester'), 501, 'PutBucketRequestPayment'],
  ['requestPayment', payer('Nobody'), 400, undefined],
  ['accelerate', accelerate('Suspended'), 200, undefined],
  ['accelerate', accelerate('Enabled'), 501, 'PutBucketAccelerateConfiguration'],
  ['accelerate', '<AccelerateConfiguration/>', 400, undefined],
  ['notification', '<NotificationConfiguration/>', 200, undefined],
  ['notification', QUEUE, 501, 'PutBucketNotificationConfiguration'],
  [
    'notification',
    '<NotificationConfiguration><EventBridgeConfiguration/></NotificationConfiguration>',
    501,
    'PutBucket',
  ],
  ['website', WEBSITE, 501, 'PutBucketWebsite'],
] as const)('PUT ?%s of %s answers %i', async (parameter, body, status, name) => {
  const before = await call('GET', `/lake?${parameter}`)
  const answer = await call('PUT', `/lake?${parameter}`, { body })
  expect(answer.status).toBe(status)
  if (status === 501) expect(elementOf(answer.text, 'Message')).toContain(name)
  if (status !== 200) expect((await call('GET', `/lake?${parameter}`)).text).toBe(before.text)
  if (status === 200) expect((await call('PUT', `/none?${parameter}`, { body })).status).toBe(404)
})

test('acceleration that was suspended is read back so', async () => {
  await call('PUT', '/lake?accelerate', { body: accelerate('Suspended') })
  expect(elementOf((await call('GET', '/lake?accelerate')).text, 'Status')).toBe('Suspended')
})

test.each(['website', 'replication'])('DELETE ?%s succeeds, for there is none', async (parameter) => {
  expect((await call('DELETE', `/lake?${parameter}`)).status).toBe(204)
  expect((await call('DELETE', `/none?${parameter}`)).status).toBe(404)
})

test.each(['inventory', 'analytics', 'metrics', 'intelligent-tiering'])(
  'DELETE ?%s with an id finds none',
  async (parameter) => {
    const answer = await call('DELETE', `/lake?${parameter}&id=1`)
    expect([answer.status, elementOf(answer.text, 'Code')]).toEqual([404, 'NoSuchConfiguration'])
  },
)
