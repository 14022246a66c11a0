/** What Firehose's operations need (Service Authorization Reference, "Amazon Data Firehose", 2026-11). */
import type { FirehoseOperations, Tag } from '../../wire/model/firehose.ts'
import { type Permission, passRole, tagFacts } from '../access.ts'
import type { Permissions, PermissionTable } from '../operation.ts'
import { type FirehoseContext, streamArn } from './context.ts'

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
      ...passed(input.ExtendedS3DestinationConfiguration, input.S3DestinationConfiguration),
    ]
  },
  DeleteDeliveryStream: onStream('DeleteDeliveryStream'),
  DescribeDeliveryStream: onStream('DescribeDeliveryStream'),
  ListDeliveryStreams: () => [{ action: 'firehose:ListDeliveryStreams', resource: '*' }],
  ListTagsForDeliveryStream: onStream('ListTagsForDeliveryStream'),
  PutRecord: onStream('PutRecord'),
  PutRecordBatch: onStream('PutRecordBatch'),
  StartDeliveryStreamEncryption: onStream('StartDeliveryStreamEncryption'),
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
    ...passed(input.ExtendedS3DestinationUpdate, input.S3DestinationUpdate),
  ],
}

/** Who gives a stream a role must be allowed to: the stream will write with it. */
function passed(...destinations: readonly ({ readonly RoleARN?: string } | undefined)[]): Permission[] {
  return destinations.flatMap((destination) =>
    destination?.RoleARN === undefined ? [] : [passRole(destination.RoleARN, 'firehose.amazonaws.com')],
  )
}

function tagsGiven(tags: readonly Tag[] = []) {
  return tagFacts(tags.map(({ Key, Value = '' }) => [Key, Value]))
}
