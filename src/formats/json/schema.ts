/** The columns of a JSON file, from a scan of its beginning. */
import { type InferredField, mergeFields, unknown, widen } from '../inferred-type.ts'
import type { JsonScan } from './scan.ts'

export interface JsonSchema {
  readonly columns: readonly InferredField[]
  /** Top-level names as written, in order of appearance. */
  readonly paths: readonly string[]
}

/** undefined when the bytes are not JSON: no document, or more broken lines than documents. */
export function jsonSchema({ documents, malformed }: JsonScan): JsonSchema | undefined {
  if (documents.length === 0 || malformed > documents.length) return undefined
  const paths = new Set<string>()
  let columns: readonly InferredField[] = []
  for (const { members, type } of documents) {
    for (const { name } of members ?? []) paths.add(name)
    // A top-level array is one column called `array`, as AWS's JSON classifier makes it.
    const found = members === undefined ? [{ name: 'array', type }] : type.kind === 'struct' ? type.fields : []
    columns = isSameShape(columns, found) ? widenInPlace(columns, found) : mergeFields(columns, found)
  }
  return { columns, paths: paths.size === 0 && columns.length > 0 ? ['array'] : [...paths] }
}

function isSameShape(a: readonly InferredField[], b: readonly InferredField[]): boolean {
  return a.length === b.length && a.every((field, index) => field.name === b[index]?.name)
}

/** The common case, records with the same members in the same order, without building a map for each. */
function widenInPlace(a: readonly InferredField[], b: readonly InferredField[]): readonly InferredField[] {
  let changed = false
  const widened = a.map((field, index) => {
    const type = widen(field.type, b[index]?.type ?? unknown)
    if (type === field.type) return field
    changed = true
    return { name: field.name, type }
  })
  return changed ? widened : a
}
