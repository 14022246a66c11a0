/** The columns of a JSON file, from a scan of its beginning. */
import { Conflicts } from '../conflicts.ts'
import { COLUMN_NAME_LENGTH_MAX, COLUMNS_MAX } from '../file-schema.ts'
import { type InferredField, type InferredType, widen } from '../inferred-type.ts'
import { notesOnTypes } from '../type-notes.ts'
import type { JsonMember, JsonScan } from './scan.ts'

export interface JsonSchema {
  readonly columns: readonly InferredField[]
  /** Top-level names as written, in order of appearance. */
  readonly paths: readonly string[]
  readonly notes: readonly string[]
}

/** Answers with the reason when the documents are not records of a table. */
export function jsonSchema({
  documents,
  malformed,
  conflicts: within,
}: JsonScan): JsonSchema | { readonly reason: string } {
  if (malformed > documents.length)
    return { reason: `it is not JSON: ${malformed} lines are malformed and only ${documents.length} are not` }
  const columns = new Map<string, InferredType>()
  const paths = new Set<string>()
  const nameless = new Set<string>()
  const conflicts = new Conflicts()
  for (const document of documents) {
    for (const { name, type } of membersOf(document)) {
      if (name === '' || name.length > COLUMN_NAME_LENGTH_MAX) {
        nameless.add(name)
        continue
      }
      const column = name.toLowerCase()
      const known = columns.get(column)
      paths.add(name)
      if (known === type) continue
      const widened = known === undefined ? type : widen(known, type)
      if (known !== undefined) conflicts.add(known, type, [column])
      if (widened !== known) columns.set(column, widened)
    }
    if (columns.size > COLUMNS_MAX) return { reason: `it has more than ${COLUMNS_MAX} different top-level names` }
  }
  const found = [...columns].map(([name, type]) => ({ name, type }))
  return {
    columns: found,
    paths: [...paths],
    notes: [
      ...(malformed > 0 ? [`${malformed} of the lines looked at are not well-formed JSON`] : []),
      ...(nameless.size > 0 ? [`${nameless.size} members are left out: no column can have their name`] : []),
      ...within,
      ...conflicts.notes(),
      ...notesOnTypes(found),
    ],
  }
}

/**
 * An array is one column called `array`, as AWS's JSON classifier makes it; a value that a path leads to is one called
 * `record` (Glue developer guide, "Writing JSON custom classifiers").
 */
function membersOf(document: JsonScan['documents'][number]): readonly JsonMember[] {
  if ('members' in document) return document.members
  return 'elements' in document
    ? [{ name: 'array', type: document.elements }]
    : [{ name: 'record', type: document.value }]
}
