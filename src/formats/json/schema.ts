/** The columns of a JSON file, from a scan of its beginning. */
import { type InferredField, type InferredType, widen } from '../inferred-type.ts'
import type { JsonMember, JsonScan } from './scan.ts'

export interface JsonSchema {
  readonly columns: readonly InferredField[]
  /** Top-level names as written, in order of appearance. */
  readonly paths: readonly string[]
  readonly notes: readonly string[]
}

/** Glue's bound on the name of a column. */
export const COLUMN_NAME_LENGTH_MAX = 255
/** More top-level names than this are data used as names, not columns. */
export const COLUMNS_MAX = 10_000

/** Answers with the reason when the documents are not records of a table. */
export function jsonSchema({ documents, malformed }: JsonScan): JsonSchema | { readonly reason: string } {
  if (malformed > documents.length)
    return { reason: `it is not JSON: ${malformed} lines are malformed and only ${documents.length} are not` }
  const columns = new Map<string, InferredType>()
  const paths = new Set<string>()
  const nameless = new Set<string>()
  for (const document of documents) {
    for (const { name, type } of membersOf(document)) {
      if (name === '' || name.length > COLUMN_NAME_LENGTH_MAX) {
        nameless.add(name)
        continue
      }
      const column = name.toLowerCase()
      const known = columns.get(column)
      const widened = known === undefined ? type : widen(known, type)
      if (widened !== known) columns.set(column, widened)
      paths.add(name)
    }
    if (columns.size > COLUMNS_MAX) return { reason: `it has more than ${COLUMNS_MAX} different top-level names` }
  }
  return {
    columns: [...columns].map(([name, type]) => ({ name, type })),
    paths: [...paths],
    notes: [
      ...(malformed > 0 ? [`${malformed} of the lines looked at are not well-formed JSON`] : []),
      ...(nameless.size > 0 ? [`${nameless.size} members are left out: no column can have their name`] : []),
    ],
  }
}

/** A top-level array is one column called `array`, as AWS's JSON classifier makes it. */
function membersOf(document: JsonScan['documents'][number]): readonly JsonMember[] {
  return 'members' in document ? document.members : [{ name: 'array', type: document.elements }]
}
