/** What of a column's type the catalog cannot carry, so that it is given as text: said, never silent. */
import { type InferredField, type InferredType, TYPE_TEXT_LENGTH_MAX, typeText } from './inferred-type.ts'

/** Columns that are named. */
const NOTES_MAX = 20

export function notesOnTypes(columns: readonly InferredField[]): string[] {
  const notes = columns.flatMap(({ name, type }) => noteOn(name, type) ?? [])
  return notes.length <= NOTES_MAX ? notes : [...notes.slice(0, NOTES_MAX), 'further columns are given as string']
}

function noteOn(column: string, type: InferredType): string | undefined {
  if (type.kind === 'scalar' || type.kind === 'unknown') return undefined
  const member = unwritableMember(type)
  if (member !== undefined)
    return `${column} holds a member called ${JSON.stringify(member)}, which no type can carry: what holds it is given as string`
  if (typeText(type) !== 'string' || (type.kind === 'struct' && type.fields.length === 0)) return undefined
  return `${column} has a type of more than ${TYPE_TEXT_LENGTH_MAX} characters: it is given as string`
}

/** The first name that Hive's grammar of types has no room for. */
function unwritableMember(type: InferredType): string | undefined {
  switch (type.kind) {
    case 'unknown':
    case 'scalar':
      return undefined
    case 'array':
      return unwritableMember(type.element)
    case 'map':
      return unwritableMember(type.value)
    case 'struct':
      for (const { name, type: inner } of type.fields) {
        const found = /^[^,:<>]+$/.test(name) ? unwritableMember(inner) : name
        if (found !== undefined) return found
      }
      return undefined
  }
}
