/** Everything that computes with geometries. Loaded by itself, with the geometry library, when a statement needs it. */
import TopologyException from 'jsts/org/locationtech/jts/geom/TopologyException.js'
import { fail, type JsFunction } from '../define.ts'
import { accessorFunctions } from './accessors.ts'
import { tileFunctions } from './bing-tiles.ts'
import { formatFunctions } from './formats.ts'
import { operationFunctions } from './operations.ts'
import { sphereFunctions } from './sphere.ts'

/** Athena mends geometries that cross themselves while it computes; the library gives up on some, which is said. */
const guarded = (definition: JsFunction): JsFunction => ({
  ...definition,
  compute: (args) => {
    try {
      return definition.compute(args)
    } catch (error) {
      if (!(error instanceof TopologyException)) throw error
      const name = definition.name.replace('js_geo_', '')
      return fail('NOT_SUPPORTED', `${name} is not supported for a geometry that is not valid`)
    }
  },
})

export const geospatialFunctions: readonly JsFunction[] = [
  ...accessorFunctions,
  ...operationFunctions,
  ...sphereFunctions,
  ...tileFunctions,
  ...formatFunctions,
].map(guarded)
