/** Tags between the wire's list and the domain's record. A key that comes twice keeps its last value. */
import type { Tag } from '../../wire/model/firehose.ts'

export function toTags(tags: readonly Tag[]): Record<string, string> {
  return Object.fromEntries(tags.map(({ Key, Value }) => [Key, Value ?? '']))
}
