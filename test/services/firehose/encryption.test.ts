/** Starting, stopping and describing server-side encryption, and what producers see of it. */
import { expect, test } from 'vitest'
import type { DeliveryStreamEncryptionConfigurationInput } from '../../../src/wire/model/firehose.ts'
import { FirehoseWorld, NAME, S3 } from './firehose-world.ts'

type Input = DeliveryStreamEncryptionConfigurationInput

async function worldWithKey() {
  const firehose = await FirehoseWorld.open()
  firehose.region = 'us-east-1'
  const { customerKeys } = firehose.world
  const { id } = await customerKeys.create({ description: '', tags: {} })
  return { firehose, id, KeyARN: customerKeys.arnOf(id) }
}

const start = (firehose: FirehoseWorld, input?: Input) =>
  firehose.call('StartDeliveryStreamEncryption', {
    DeliveryStreamName: NAME,
    ...(input !== undefined && { DeliveryStreamEncryptionConfigurationInput: input }),
  })
const stop = (firehose: FirehoseWorld) => firehose.call('StopDeliveryStreamEncryption', { DeliveryStreamName: NAME })
const described = async (firehose: FirehoseWorld) => (await firehose.describe()).DeliveryStreamEncryptionConfiguration
const create = (firehose: FirehoseWorld, input: Input) =>
  firehose.call('CreateDeliveryStream', {
    DeliveryStreamName: NAME,
    S3DestinationConfiguration: S3,
    DeliveryStreamEncryptionConfigurationInput: input,
  })
const put = (firehose: FirehoseWorld) =>
  firehose.call('PutRecord', { DeliveryStreamName: NAME, Record: { Data: Buffer.from('a') } })

test('encryption is started under the key that AWS owns unless another one is named, and stopped', async () => {
  const { firehose, KeyARN } = await worldWithKey()
  await firehose.create()
  expect(await described(firehose)).toEqual({ Status: 'DISABLED' })
  expect(await start(firehose)).toEqual({})
  expect(await described(firehose)).toEqual({ KeyType: 'AWS_OWNED_CMK', Status: 'ENABLING' })
  await firehose.world.clock.advance(1_000)
  expect(await described(firehose)).toEqual({ KeyType: 'AWS_OWNED_CMK', Status: 'ENABLED' })
  await start(firehose, { KeyType: 'CUSTOMER_MANAGED_CMK', KeyARN })
  await firehose.world.clock.advance(1_000)
  expect(await described(firehose)).toEqual({ KeyType: 'CUSTOMER_MANAGED_CMK', KeyARN, Status: 'ENABLED' })
  expect(await stop(firehose)).toEqual({})
  expect(await described(firehose)).toEqual({ Status: 'DISABLING' })
  await firehose.world.clock.advance(1_000)
  expect(await described(firehose)).toEqual({ Status: 'DISABLED' })
  expect((await firehose.describe()).VersionId).toBe('1')
})

test('a stream is made with encryption', async () => {
  const { firehose, KeyARN } = await worldWithKey()
  await create(firehose, { KeyType: 'CUSTOMER_MANAGED_CMK', KeyARN })
  expect(await described(firehose)).toMatchObject({ Status: 'ENABLING' })
  await firehose.world.clock.advance(1_000)
  expect(await described(firehose)).toEqual({ KeyType: 'CUSTOMER_MANAGED_CMK', KeyARN, Status: 'ENABLED' })
})

test('producers are told whether what they put is kept encrypted', async () => {
  const { firehose } = await worldWithKey()
  await firehose.create()
  const Records = [{ Data: Buffer.from('a') }]
  const batch = () => firehose.call('PutRecordBatch', { DeliveryStreamName: NAME, Records })
  expect([(await put(firehose)).Encrypted, (await batch()).Encrypted]).toEqual([false, false])
  await start(firehose)
  await firehose.world.clock.advance(1_000)
  expect([(await put(firehose)).Encrypted, (await batch()).Encrypted]).toEqual([true, true])
})

const MANAGED = { KeyType: 'CUSTOMER_MANAGED_CMK' } as const
const OTHER_REGION = 'arn:aws:kms:eu-central-1:000000000000:key/1234abcd-12ab-34cd-56ef-1234567890ab'
const NOBODYS = 'arn:aws:kms:us-east-1:000000000000:key/1234abcd-12ab-34cd-56ef-1234567890ab'

/** [what, configuration, AWS's error] */
const refused: [string, Input, object][] = [
  [
    'a key of the lake that is named',
    { KeyType: 'AWS_OWNED_CMK', KeyARN: NOBODYS },
    { code: 'InvalidArgumentException', message: 'KeyARN cannot be specified when KeyType is AWS_OWNED_CMK' },
  ],
  [
    "a customer's key that is not named",
    MANAGED,
    { code: 'InvalidArgumentException', message: 'KeyARN has to be specified when KeyType is CUSTOMER_MANAGED_CMK' },
  ],
  [
    'a key of another region',
    { ...MANAGED, KeyARN: OTHER_REGION },
    {
      code: 'InvalidArgumentException',
      message: 'Cross-region keys are not allowed for SSE. Please provide CMKs in the same region as firehose',
    },
  ],
  [
    'a key that is not there',
    { ...MANAGED, KeyARN: NOBODYS },
    {
      code: 'InvalidKMSResourceException',
      message: `Key '${NOBODYS}' does not exist`,
      extra: { code: 'NotFoundException' },
    },
  ],
]

for (const [what, input, error] of refused)
  test(`${what} is refused, at creation and later`, async () => {
    const { firehose } = await worldWithKey()
    await expect(create(firehose, input)).rejects.toMatchObject(error)
    await firehose.create()
    await expect(start(firehose, input)).rejects.toMatchObject(error)
    expect(await described(firehose)).toEqual({ Status: 'DISABLED' })
  })

test("a key that was disabled or is about to be deleted is refused with KMS's own words", async () => {
  const { firehose, id, KeyARN } = await worldWithKey()
  const { customerKeys } = firehose.world
  await firehose.create()
  await customerKeys.setEnabled(id, false)
  await expect(start(firehose, { ...MANAGED, KeyARN })).rejects.toMatchObject({
    code: 'InvalidKMSResourceException',
    message: `${KeyARN} is disabled.`,
    extra: { code: 'DisabledException' },
  })
  await customerKeys.scheduleDeletion(id, 7)
  await expect(start(firehose, { ...MANAGED, KeyARN })).rejects.toMatchObject({
    code: 'InvalidKMSResourceException',
    extra: { code: 'KMSInvalidStateException' },
  })
})

test('producers are told when the key of their stream cannot be used', async () => {
  const { firehose, id, KeyARN } = await worldWithKey()
  await create(firehose, { ...MANAGED, KeyARN })
  await firehose.world.clock.advance(1_000)
  await firehose.world.customerKeys.setEnabled(id, false)
  await expect(put(firehose)).rejects.toMatchObject({
    code: 'InvalidKMSResourceException',
    status: 400,
    extra: { code: 'DisabledException' },
  })
})

test('a stream that could not be made says why', async () => {
  const { firehose, id, KeyARN } = await worldWithKey()
  await create(firehose, { ...MANAGED, KeyARN })
  await firehose.world.customerKeys.setEnabled(id, false)
  await firehose.world.clock.advance(1_000)
  const FailureDescription = { Type: 'DISABLED_KMS_KEY', Details: `${KeyARN} is disabled.` }
  expect(await firehose.describe()).toMatchObject({
    DeliveryStreamStatus: 'CREATING_FAILED',
    FailureDescription,
    DeliveryStreamEncryptionConfiguration: { ...MANAGED, KeyARN, Status: 'ENABLING_FAILED', FailureDescription },
  })
})

test('a change under way, and too many of them, are answered as AWS does', async () => {
  const { firehose } = await worldWithKey()
  await expect(start(firehose)).rejects.toMatchObject({ code: 'ResourceNotFoundException' })
  await expect(stop(firehose)).rejects.toMatchObject({ code: 'ResourceNotFoundException' })
  await firehose.create()
  await start(firehose)
  await expect(stop(firehose)).rejects.toMatchObject({ code: 'ResourceInUseException' })
  await firehose.world.clock.advance(1_000)
  for (let count = 1; count < 25; count++) {
    await (count % 2 === 0 ? start(firehose) : stop(firehose))
    await firehose.world.clock.advance(1_000)
  }
  await expect(stop(firehose)).rejects.toMatchObject({ code: 'LimitExceededException' })
})
