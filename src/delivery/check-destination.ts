/**
 * What a destination must be to be accepted, when a stream is made and at every update; nothing of it is found out at
 * the first delivery. Texts of refusals are AWS's, tried in us-east-1 in 2026 (see prefix-expression.ts).
 *
 * A bucket, a Lambda function, a key of KMS, and the table that records are converted by need not exist: deliveries
 * wait for them, as on AWS.
 */
import type { Ids } from '../platform/ids.ts'
import { Refusal } from '../platform/refusal.ts'
import { checkConversion } from './conversion/check.ts'
import { MEBIBYTE, type ProcessingStep, type S3Destination } from './destination.ts'
import { checkKeyLength } from './object-key.ts'
import { checkPrefixes, type PartitionKeyPart, parsePrefix, partitionKeysIn } from './prefix/prefix-expression.ts'
import { checkTimeZone } from './prefix/zoned-date.ts'

/** Names of the members that a jq program gives. undefined: only running it would tell. */
export type KeysOfQuery = (query: string) => readonly string[] | undefined

export interface DestinationFacts {
  readonly stream: string
  readonly nowMs: number
  readonly ids: Ids
  readonly keysOfQuery: KeysOfQuery
}

/** Throws a Refusal 'invalidDestination'. Roles are for others to look up: see `rolesOf`. */
export function checkDestination(destination: S3Destination, facts: DestinationFacts): void {
  const { backup, conversion, partitioning, prefix, errorOutputPrefix } = destination
  checkPrefixes(prefix, errorOutputPrefix, partitioning === undefined ? 'plain' : 'partitioned')
  if (backup !== undefined) checkPrefixes(backup.prefix, backup.errorOutputPrefix)
  checkTimeZone(destination.timeZone)
  checkKeyLength(destination, { stream: facts.stream, version: 1, firstRecordAtMs: facts.nowMs }, facts.ids)
  if (conversion !== undefined) {
    checkConversion(conversion)
    checkConvertible(destination)
  }
  if (partitioning !== undefined) checkPartitioning(destination, facts.keysOfQuery)
  else refusePartitioningSteps(destination)
}

/** The jq programs that records are put through. */
export function queriesOf({ processing = [] }: S3Destination): readonly string[] {
  return processing.flatMap((step) => (step.kind === 'extractMetadata' ? [step.query] : []))
}

/** Every role that the stream acts in, each once. */
export function rolesOf({ roleArn, backup, processing = [], conversion }: S3Destination): readonly string[] {
  const ofSteps = processing.map((step) => (step.kind === 'lambda' ? step.roleArn : undefined))
  const all = [roleArn, backup?.roleArn, conversion?.schema.roleArn, ...ofSteps]
  return [...new Set(all.filter((role) => role !== undefined))]
}

/** Conversion compresses inside its files, and needs batches that are worth a file. */
export function checkConvertible({ compression, buffering }: Pick<S3Destination, 'compression' | 'buffering'>): void {
  if (compression !== 'UNCOMPRESSED')
    throw invalid(
      "The S3 destination's compression format must be set to UNCOMPRESSED when data format conversion is enabled",
    )
  if (buffering.bytesMax < LARGE_BYTES_MIN)
    throw invalid('BufferingHints.SizeInMBs must be at least 64 when data format conversion is enabled.')
}

const LARGE_BYTES_MIN = 64 * MEBIBYTE
const PARTITIONED_INTERVAL_MS_MIN = 60_000
const PARTITION_KEYS_MAX = 50

function checkPartitioning(destination: S3Destination, keysOfQuery: KeysOfQuery): void {
  const { buffering, prefix = '', processing = [] } = destination
  if (buffering.bytesMax < LARGE_BYTES_MIN)
    throw invalid('BufferingHints.SizeInMBs must be at least 64 when Dynamic Partitioning is enabled.')
  if (buffering.intervalMs < PARTITIONED_INTERVAL_MS_MIN)
    throw invalid('BufferingHints.IntervalInSeconds must be at least 60 seconds when Dynamic Partitioning is enabled.')
  if (processing.length === 0) throw invalid('Processing Configuration is not enabled when DataPartitioning is enabled')
  const named = partitionKeysIn(parsePrefix(prefix))
  if (named.length === 0)
    throw invalid('S3 Prefix should contain Dynamic Partitioning namespaces when Dynamic Partitioning is enabled')
  if (new Set(named.map(({ from, name }) => `${from}:${name}`)).size > PARTITION_KEYS_MAX)
    throw invalid(`S3 Prefix can't contain more than ${PARTITION_KEYS_MAX} Dynamic Partitioning keys`)
  if (named.some(({ from }) => from === 'fromLambda') && !has(processing, 'lambda'))
    throw invalid('Lambda should be present when S3 Prefix contains keys from partitionKeyFromLambda namespace')
  checkQueryKeys(named, processing, keysOfQuery)
}

/** Every key that the query gives is in the prefix, and the other way round, as far as both can be told. */
function checkQueryKeys(
  named: readonly PartitionKeyPart[],
  processing: readonly ProcessingStep[],
  keysOfQuery: KeysOfQuery,
): void {
  const inPrefix = named.filter(({ from }) => from === 'fromQuery').map(({ name }) => name)
  const extraction = processing.find((step) => step.kind === 'extractMetadata')
  if (extraction === undefined) {
    if (inPrefix.length === 0) return
    throw invalid('MetadataExtraction processor should be present when S3 Prefix has partitionKeyFromQuery namespace')
  }
  const inQuery = keysOfQuery(extraction.query)
  if (inQuery === undefined) return
  if (inQuery.some((name) => !inPrefix.includes(name)))
    throw invalid("MetaDataExtraction JQ Query can't contain keys that are not present in the S3 Prefix expression")
  if (inPrefix.some((name) => !inQuery.includes(name)))
    throw invalid("S3 Prefix expression can't contain keys that are not present in the MetaDataExtraction JQ Query")
}

/** AWS's names for its own classes, kept as it sends them. */
const PARTITIONING_STEPS: Readonly<Partial<Record<ProcessingStep['kind'], string>>> = {
  deaggregate: 'RecordDeAggregationProcessor',
  extractMetadata: 'MetadataExtractionProcessor',
}

function refusePartitioningSteps({ processing = [] }: S3Destination): void {
  for (const { kind } of processing) {
    const name = PARTITIONING_STEPS[kind]
    if (name !== undefined)
      throw invalid(
        `class com.amazonaws.services.firehose.internal.model.${name} can only be present when Dynamic Partitioning is enabled.`,
      )
  }
}

function has(steps: readonly ProcessingStep[], kind: ProcessingStep['kind']): boolean {
  return steps.some((step) => step.kind === kind)
}

function invalid(reason: string): Refusal {
  return new Refusal('invalidDestination', reason)
}
