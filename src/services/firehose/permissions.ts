/** What Firehose's operations need (Service Authorization Reference, "Amazon Data Firehose", 2026-11). */
import type { FirehoseOperations, ProcessingConfiguration, Tag } from '../../wire/model/firehose.ts'
import { type Permission, passRole, tagFacts } from '../access.ts'
import type { Permissions, PermissionTable } from '../operation.ts'
import { type FirehoseContext, streamArn } from './context.ts'
import { keyPermissions } from './encryption-shape.ts'

/** `firehose:<action>` on the stream that the input names. */
function onStream(action: string): Permissions<{ readonly DeliveryStreamName: string }, FirehoseContext> {
  const name = `firehose:${action}`
  return ({ DeliveryStreamName }, context) => [{ action: name, resource: streamArn(DeliveryStreamName, context) }]
}

export const firehosePermissions: PermissionTable<FirehoseOperations, keyof FirehoseOperations, FirehoseContext> = {
  CreateDeliveryStream: (input, context) => {
    const resource = streamArn(input.DeliveryStreamName, context)
    const facts = tagsGiven(input.Tags)
    return [
      { action: 'firehose:CreateDeliveryStream', resource, facts },
      ...(input.Tags?.length ? [{ action: 'firehose:TagDeliveryStream', resource, facts }] : []),
      ...passed(input.ExtendedS3DestinationConfiguration ?? input.S3DestinationConfiguration),
      ...keyPermissions(input.DeliveryStreamEncryptionConfigurationInput, context),
    ]
  },
  DeleteDeliveryStream: onStream('DeleteDeliveryStream'),
  DescribeDeliveryStream: onStream('DescribeDeliveryStream'),
  ListDeliveryStreams: () => [{ action: 'firehose:ListDeliveryStreams', resource: '*' }],
  ListTagsForDeliveryStream: onStream('ListTagsForDeliveryStream'),
  PutRecord: onStream('PutRecord'),
  PutRecordBatch: onStream('PutRecordBatch'),
  StartDeliveryStreamEncryption: (input, context) => [
    { action: 'firehose:StartDeliveryStreamEncryption', resource: streamArn(input.DeliveryStreamName, context) },
    ...keyPermissions(input.DeliveryStreamEncryptionConfigurationInput, context),
  ],
  StopDeliveryStreamEncryption: onStream('StopDeliveryStreamEncryption'),
  TagDeliveryStream: (input, context) => [
    {
      action: 'firehose:TagDeliveryStream',
      resource: streamArn(input.DeliveryStreamName, context),
      facts: tagsGiven(input.Tags),
    },
  ],
  UntagDeliveryStream: (input, context) => [
    {
      action: 'firehose:UntagDeliveryStream',
      resource: streamArn(input.DeliveryStreamName, context),
      facts: { 'aws:tagkeys': input.TagKeys },
    },
  ],
  UpdateDestination: (input, context) => [
    { action: 'firehose:UpdateDestination', resource: streamArn(input.DeliveryStreamName, context) },
    ...passed(input.ExtendedS3DestinationUpdate ?? input.S3DestinationUpdate),
  ],
}

/** The members of destinations and updates that name roles. */
interface RolesGiven {
  readonly RoleARN?: string
  readonly S3BackupConfiguration?: { readonly RoleARN?: string }
  readonly S3BackupUpdate?: { readonly RoleARN?: string }
  readonly DataFormatConversionConfiguration?: { readonly SchemaConfiguration?: { readonly RoleARN?: string } }
  readonly ProcessingConfiguration?: ProcessingConfiguration
}

/** Who gives a stream a role must be allowed to: the stream will act in it. */
function passed(destination: RolesGiven = {}): Permission[] {
  const { S3BackupConfiguration, S3BackupUpdate, DataFormatConversionConfiguration, ProcessingConfiguration } =
    destination
  const parameters = ProcessingConfiguration?.Processors?.flatMap(({ Parameters = [] }) => Parameters) ?? []
  const roles = [
    destination.RoleARN,
    S3BackupConfiguration?.RoleARN,
    S3BackupUpdate?.RoleARN,
    DataFormatConversionConfiguration?.SchemaConfiguration?.RoleARN,
    ...parameters.map(({ ParameterName, ParameterValue }) =>
      ParameterName === 'RoleArn' ? ParameterValue : undefined,
    ),
  ]
  const given = new Set(roles.filter((role) => role !== undefined))
  return [...given].map((role) => passRole(role, 'firehose.amazonaws.com'))
}

function tagsGiven(tags: readonly Tag[] = []) {
  return tagFacts(tags.map(({ Key, Value = '' }) => [Key, Value]))
}
