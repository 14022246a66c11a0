/**
 * What a conversion must be for a stream to be made or updated with it, beyond what its members' types say. That members are
 * there, that one deserialiser and one serialiser are named, and that ORC is not offered is told where the request is
 * translated; whether the table exists is found out by each batch, because tables come and go.
 */
import { isRefusal, Refusal } from '../../platform/refusal.ts'
import type { Conversion } from '../destination.ts'
import { rulesOf } from './rules.ts'
import { LATEST } from './schema.ts'

const BLOCK_BYTES_MIN = 64 * 1024 * 1024
const PAGE_BYTES_MIN = 64 * 1024

/** Throws a Refusal 'invalidDestination'. */
export function checkConversion({ schema, deserializer, serializer }: Conversion): void {
  if (schema.database === '') throw invalid('DatabaseName must not be null')
  if (schema.table === '') throw invalid('TableName must not be null')
  if (schema.version !== LATEST && !/^\d+$/.test(schema.version))
    throw invalid(`VersionId must be ${LATEST} or the number of a version, not ${schema.version}.`)
  checkOptions(deserializer)
  if (serializer.blockBytes < BLOCK_BYTES_MIN) throw invalid('BlockSizeBytes must be at least 67108864.')
  if (serializer.pageBytes < PAGE_BYTES_MIN) throw invalid('PageSizeBytes must be at least 65536.')
}

/** Patterns of timestamps are compiled once, to see whether they can be. */
function checkOptions(deserializer: Conversion['deserializer']): void {
  try {
    rulesOf(deserializer)
  } catch (error) {
    if (!isRefusal(error)) throw error
    throw invalid(`Invalid deserializer option(s): ${error.message}`)
  }
}

function invalid(reason: string): Refusal {
  return new Refusal('invalidDestination', reason)
}
