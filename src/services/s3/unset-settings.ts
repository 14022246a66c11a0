/**
 * Bucket and object settings that lakelet does not have. Reading them answers as AWS does for a bucket where they were
 * never set (Terraform reads all of them on refresh). Setting one is refused by name, except where the setting says
 * what is so already; removing one that cannot be there succeeds.
 */
import { WireError } from '../../wire/error.ts'
import type { S3Operations } from '../../wire/model/s3.ts'
import type { S3Context, S3Operation, S3OperationName } from './context.ts'
import { malformedXml, settingNotImplemented } from './errors.ts'
import { bucketNamed } from './requests.ts'

type BucketInput = { readonly Bucket: string }

// ---- reading

const notFound = (code: string, message: string) =>
  reading<never>((input) => {
    throw new WireError(code, message, { status: 404, extra: { BucketName: input.Bucket } })
  })

/** Configurations that a bucket may have many of, each with an id: lists are empty, and no id is known. */
const noSuchConfiguration = notFound('NoSuchConfiguration', 'The specified configuration does not exist.')
const emptyList = reading(() => ({ IsTruncated: false }))

export const unsetReadings = {
  GetBucketWebsite: notFound(
    'NoSuchWebsiteConfiguration',
    'The specified bucket does not have a website configuration',
  ),
  GetBucketReplication: notFound(
    'ReplicationConfigurationNotFoundError',
    'The replication configuration was not found',
  ),
  GetBucketAnalyticsConfiguration: noSuchConfiguration,
  GetBucketIntelligentTieringConfiguration: noSuchConfiguration,
  GetBucketInventoryConfiguration: noSuchConfiguration,
  GetBucketMetricsConfiguration: noSuchConfiguration,
  ListBucketAnalyticsConfigurations: emptyList,
  ListBucketIntelligentTieringConfigurations: emptyList,
  ListBucketInventoryConfigurations: emptyList,
  ListBucketMetricsConfigurations: emptyList,
  GetBucketLogging: reading(() => ({})),
  GetBucketAccelerateConfiguration: reading(({ Bucket }, { objects }) => {
    const isSuspended = bucketNamed(objects, Bucket).acceleration === 'suspended'
    return isSuspended ? { Status: 'Suspended' as const } : {}
  }),
  GetBucketNotificationConfiguration: reading(() => ({})),
  GetBucketRequestPayment: reading(() => ({ Payer: 'BucketOwner' as const })),
}

// ---- setting what is so already

export const unsetSettings = {
  PutBucketRequestPayment: setting(
    'PutBucketRequestPayment',
    (input) => input.RequestPaymentConfiguration.Payer === 'BucketOwner',
  ),
  PutBucketAccelerateConfiguration: suspendAcceleration,
  PutBucketLogging: setting('PutBucketLogging', (input) => input.BucketLoggingStatus.LoggingEnabled === undefined),
  PutBucketNotificationConfiguration: setting('PutBucketNotificationConfiguration', (input) =>
    Object.values(input.NotificationConfiguration).every((value) => value === undefined),
  ),
}

// ---- removing what is not there; those with an id say so

export const unsetRemovals = {
  DeleteBucketAnalyticsConfiguration: noSuchConfiguration,
  DeleteBucketIntelligentTieringConfiguration: noSuchConfiguration,
  DeleteBucketInventoryConfiguration: noSuchConfiguration,
  DeleteBucketMetricsConfiguration: noSuchConfiguration,
  DeleteBucketWebsite: removal,
  DeleteBucketReplication: removal,
}

const NO_EFFECT = 'this setting: it would have no effect'

function reading<Output>(answer: (input: BucketInput, context: S3Context) => Output) {
  return async (input: BucketInput, context: S3Context) => {
    bucketNamed(context.objects, input.Bucket)
    return { output: answer(input, context) }
  }
}

function setting<Name extends S3OperationName>(
  name: Name,
  isSoAlready: (input: S3Operations[Name]['input']) => boolean,
): S3Operation<Name> {
  return async (input, { objects }) => {
    bucketNamed(objects, (input as BucketInput).Bucket)
    if (!isSoAlready(input)) throw settingNotImplemented(name, NO_EFFECT)
    return { output: {} as S3Operations[Name]['output'] }
  }
}

/** Whoever suspends what never was reads it back. */
async function suspendAcceleration(
  { Bucket, AccelerateConfiguration: { Status } }: S3Operations['PutBucketAccelerateConfiguration']['input'],
  { objects }: S3Context,
) {
  bucketNamed(objects, Bucket)
  if (Status === undefined) throw malformedXml()
  if (Status === 'Enabled') throw settingNotImplemented('PutBucketAccelerateConfiguration', NO_EFFECT)
  await objects.changeBucket(Bucket, { acceleration: 'suspended' })
  return { output: {} }
}

async function removal(input: BucketInput, { objects }: S3Context) {
  bucketNamed(objects, input.Bucket)
  return { output: {} }
}
