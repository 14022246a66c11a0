/** Everything that computes with geometries. Loaded by itself, with the geometry library, when a statement needs it. */
import type { JsFunction } from '../define.ts'
import { accessorFunctions } from './accessors.ts'
import { tileFunctions } from './bing-tiles.ts'
import { formatFunctions } from './formats.ts'
import { operationFunctions } from './operations.ts'
import { sphereFunctions } from './sphere.ts'

export const geospatialFunctions: readonly JsFunction[] = [
  ...accessorFunctions,
  ...operationFunctions,
  ...sphereFunctions,
  ...tileFunctions,
  ...formatFunctions,
]
