/** Which partition a record belongs to: the values of the keys that the stream's prefix names. */
import { KEY_BYTES_MAX } from './object-key.ts'
import { missingPartitionKey, parsePrefix, partitionKeysIn } from './prefix/prefix-expression.ts'
import type { PartitionKeys, StreamRecord } from './processing/record.ts'

/** Room for the rest of an object's key: literal text, dates, name and extension. */
const OTHER_BYTES = 512

const TOO_LONG = 'The values of the partition keys are too long for the key of an object.'

export class Partitions {
  readonly #prefix: ReturnType<typeof parsePrefix>
  readonly #named: ReturnType<typeof partitionKeysIn>

  constructor(prefix: string) {
    this.#prefix = parsePrefix(prefix)
    this.#named = partitionKeysIn(this.#prefix)
  }

  /** Other keys make no difference to where a record goes. `missing`: why it can go nowhere. */
  keysOf({ partitionKeys = {} }: StreamRecord): PartitionKeys | { readonly missing: string } {
    const absent = missingPartitionKey(this.#prefix, partitionKeys)
    if (absent !== undefined) return { missing: `The partition key ${absent.name} has no value.` }
    const fromQuery: Record<string, string> = {}
    const fromLambda: Record<string, string> = {}
    let bytes = OTHER_BYTES
    for (const { from, name } of this.#named) {
      const value = partitionKeys[from]?.[name] ?? ''
      bytes += Buffer.byteLength(value)
      const keys = from === 'fromQuery' ? fromQuery : fromLambda
      keys[name] = value
    }
    if (bytes > KEY_BYTES_MAX) return { missing: TOO_LONG }
    return { fromQuery, fromLambda }
  }
}
