import { expect, test } from 'vitest'
import type { Permission } from '../../../src/services/access.ts'
import type { FirehoseContext } from '../../../src/services/firehose/context.ts'
import { firehosePermissions } from '../../../src/services/firehose/permissions.ts'
import type { CreateDeliveryStreamInput } from '../../../src/wire/model/firehose.ts'
import { rootCaller } from '../../support/callers.ts'
import { FirehoseWorld, NAME, S3 } from './firehose-world.ts'

const STREAM = 'arn:aws:firehose:us-east-1:000000000000:deliverystream/clicks'
const ROLES = 'arn:aws:iam::000000000000:role/'
const role = (name: string) => ({ RoleARN: ROLES + name })

const destination: Partial<CreateDeliveryStreamInput['ExtendedS3DestinationConfiguration']> = {
  ...role('main'),
  ProcessingConfiguration: {
    Enabled: true,
    Processors: [{ Type: 'Lambda', Parameters: [{ ParameterName: 'RoleArn', ParameterValue: `${ROLES}invoke` }] }],
  },
  DataFormatConversionConfiguration: { SchemaConfiguration: role('schema') },
}
const S3BackupConfiguration = { ...S3, ...role('backup') }

async function aWorld() {
  const { world, metrics } = await FirehoseWorld.open()
  const { streams, clock, customerKeys: keys } = world
  const context: FirehoseContext = { streams, keys, metrics, clock, region: 'us-east-1', accountId: '000000000000' }
  const key = await keys.create({ description: '', policy: '{"Version":"2012-10-17"}', tags: {} })
  return { context, key, KeyARN: keys.arnOf(key.id) }
}

const asked = (permissions: readonly Permission[]) =>
  permissions.map(({ action, resource }) => `${action} ${resource.replace(ROLES, '')}`)

test('every role that a destination names must be passed, each once', async () => {
  const { context } = await aWorld()
  const passed = ['main', 'backup', 'schema', 'invoke'].map((name) => `iam:PassRole ${name}`)
  const creation = await firehosePermissions.CreateDeliveryStream(
    { DeliveryStreamName: NAME, ExtendedS3DestinationConfiguration: { ...S3, ...destination, S3BackupConfiguration } },
    context,
    rootCaller(),
  )
  expect(asked(creation)).toEqual([`firehose:CreateDeliveryStream ${STREAM}`, ...passed])
  const update = await firehosePermissions.UpdateDestination(
    {
      DeliveryStreamName: NAME,
      CurrentDeliveryStreamVersionId: '1',
      DestinationId: 'd',
      ExtendedS3DestinationUpdate: { ...destination, S3BackupUpdate: S3BackupConfiguration },
    },
    context,
    rootCaller(),
  )
  expect(asked(update)).toEqual([`firehose:UpdateDestination ${STREAM}`, ...passed])
})

test("who encrypts a stream under a customer's key must be allowed to lend it, by the key's policy too", async () => {
  const { context, KeyARN } = await aWorld()
  const encryption = { KeyType: 'CUSTOMER_MANAGED_CMK', KeyARN } as const
  const ask = (
    DeliveryStreamEncryptionConfigurationInput: typeof encryption | { KeyType: 'AWS_OWNED_CMK' } | undefined,
  ) =>
    firehosePermissions.StartDeliveryStreamEncryption(
      { DeliveryStreamName: NAME, DeliveryStreamEncryptionConfigurationInput },
      context,
      rootCaller(),
    ) as readonly Permission[]
  const start = `firehose:StartDeliveryStreamEncryption ${STREAM}`
  expect(asked(ask(encryption))).toEqual([start, `kms:CreateGrant ${KeyARN}`])
  expect(ask(encryption)[1]?.ofResource).toEqual({ policy: '{"Version":"2012-10-17"}', mustGrant: true })
  expect(asked(ask({ KeyType: 'AWS_OWNED_CMK' }))).toEqual([start])
  expect(asked(ask(undefined))).toEqual([start])
  const creation = await firehosePermissions.CreateDeliveryStream(
    { DeliveryStreamName: NAME, DeliveryStreamEncryptionConfigurationInput: encryption },
    context,
    rootCaller(),
  )
  expect(asked(creation)).toContain(`kms:CreateGrant ${KeyARN}`)
})
