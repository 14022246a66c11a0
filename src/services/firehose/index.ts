/**
 * Amazon Data Firehose over aws-json 1.1: Direct PUT to S3. The operation table, and nothing else.
 *
 * Known gaps, each refused by name at creation or update: sources other than Direct PUT, destinations other than S3,
 * and conversion to ORC.
 */
import type { FirehoseOperations } from '../../wire/model/firehose.ts'
import type { Service } from '../operation.ts'
import type { FirehoseContext } from './context.ts'
import { createDeliveryStream } from './create-delivery-stream.ts'
import { deleteDeliveryStream } from './delete-delivery-stream.ts'
import { describeDeliveryStream } from './describe-delivery-stream.ts'
import { toFirehoseError } from './errors.ts'
import { listDeliveryStreams } from './list-delivery-streams.ts'
import { listTagsForDeliveryStream } from './list-tags-for-delivery-stream.ts'
import { measured } from './measured.ts'
import { firehosePermissions } from './permissions.ts'
import { putRecord } from './put-record.ts'
import { putRecordBatch } from './put-record-batch.ts'
import { startDeliveryStreamEncryption } from './start-delivery-stream-encryption.ts'
import { stopDeliveryStreamEncryption } from './stop-delivery-stream-encryption.ts'
import { tagDeliveryStream } from './tag-delivery-stream.ts'
import { untagDeliveryStream } from './untag-delivery-stream.ts'
import { updateDestination } from './update-destination.ts'

const operations = {
  CreateDeliveryStream: createDeliveryStream,
  DeleteDeliveryStream: deleteDeliveryStream,
  DescribeDeliveryStream: describeDeliveryStream,
  ListDeliveryStreams: listDeliveryStreams,
  ListTagsForDeliveryStream: listTagsForDeliveryStream,
  PutRecord: putRecord,
  PutRecordBatch: putRecordBatch,
  StartDeliveryStreamEncryption: startDeliveryStreamEncryption,
  StopDeliveryStreamEncryption: stopDeliveryStreamEncryption,
  TagDeliveryStream: tagDeliveryStream,
  UntagDeliveryStream: untagDeliveryStream,
  UpdateDestination: updateDestination,
} satisfies Record<keyof FirehoseOperations, unknown>

export function firehoseService(context: FirehoseContext): Service<FirehoseContext> {
  return {
    signingName: 'firehose',
    context,
    toWireError: toFirehoseError(context.accountId),
    permissions: firehosePermissions,
    operations: measured(operations),
  }
}
