/** Every function the language offers, one list. Operators are declared in `operators.ts`. */
import { aggregateDeclarations } from './aggregate.ts'
import { binaryDeclarations } from './binary.ts'
import { arrayDeclarations, mapDeclarations } from './collection.ts'
import { datetimeDeclarations } from './datetime.ts'
import type { FunctionDeclaration } from './declare.ts'
import { geospatialDeclarations } from './geospatial.ts'
import { jsonDeclarations } from './json.ts'
import { bitwiseDeclarations, mathDeclarations } from './math.ts'
import { sessionDeclarations } from './session.ts'
import { sketchDeclarations } from './sketches.ts'
import { regexpDeclarations, stringDeclarations, urlDeclarations } from './string.ts'
import { windowDeclarations } from './window.ts'

export const allFunctions: readonly FunctionDeclaration[] = [
  ...mathDeclarations,
  ...bitwiseDeclarations,
  ...stringDeclarations,
  ...regexpDeclarations,
  ...urlDeclarations,
  ...datetimeDeclarations,
  ...jsonDeclarations,
  ...arrayDeclarations,
  ...mapDeclarations,
  ...binaryDeclarations,
  ...geospatialDeclarations,
  ...sessionDeclarations,
  ...aggregateDeclarations,
  ...windowDeclarations,
  ...sketchDeclarations,
]
