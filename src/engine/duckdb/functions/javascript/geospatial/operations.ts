/** How two geometries lie to each other, and geometries computed from geometries. All on the plane. */
import LengthIndexedLine from 'jsts/org/locationtech/jts/linearref/LengthIndexedLine.js'
import DistanceOp from 'jsts/org/locationtech/jts/operation/distance/DistanceOp.js'
import TopologyPreservingSimplifier from 'jsts/org/locationtech/jts/simplify/TopologyPreservingSimplifier.js'
import { invalidArgument, type JsFunction, js, jsWithNulls } from '../define.ts'
import { asText, asTexts, ofNumber, ofOne, ofTwo } from './define.ts'
import {
  canonical,
  collection,
  fromText,
  type Geometry,
  kindOf,
  point,
  pointAt,
  positions,
  requireKind,
  simpleParts,
  toText,
} from './geometry.ts'

const LINES = ['LINE_STRING', 'MULTI_LINE_STRING']

/** The algebra knows no collections; the parts of one dimension together are one. */
function operand(geometry: Geometry): Geometry {
  return kindOf(geometry) === 'GEOMETRY_COLLECTION' ? union(simpleParts(geometry)) : geometry
}

function joined(members: readonly Geometry[]): Geometry | undefined {
  return members.reduce<Geometry | undefined>(
    (whole, member) => (whole === undefined ? member : whole.union(member)),
    undefined,
  )
}

/** Each dimension is joined by itself; what a higher one covers is taken out of a lower. */
function union(geometries: readonly Geometry[]): Geometry {
  const simple = geometries.flatMap(simpleParts).filter((part) => !part.isEmpty())
  const [points, lines, areas] = [0, 1, 2].map((dimension) =>
    joined(simple.filter((part) => part.getDimension() === dimension)),
  )
  const outside = (lower: Geometry | undefined, higher: readonly (Geometry | undefined)[]) =>
    higher.reduce((rest, each) => (rest === undefined || each === undefined ? rest : rest.difference(each)), lower)
  const kept = [outside(points, [lines, areas]), outside(lines, [areas]), areas].filter(
    (each) => each !== undefined && !each.isEmpty(),
  )
  if (kept.length === 1) return canonical(kept[0])
  return canonical(collection('GEOMETRYCOLLECTION', kept.flatMap(simpleParts)))
}

function unionOfTexts(texts: readonly (string | null)[] | null): string | null {
  const given = texts?.filter((text) => text !== null).map(fromText)
  if (given === undefined || given.length === 0) return null
  return toText(given.every((each) => each.isEmpty()) ? given[0] : union(given))
}

function hullOfTexts(texts: readonly (string | null)[]): string | null {
  const given = texts.filter((text) => text !== null).map(fromText)
  if (given.length === 0) return null
  return toText(canonical(collection('GEOMETRYCOLLECTION', given.flatMap(simpleParts)).convexHull()))
}

const overlay = (name: string, method: 'intersection' | 'difference' | 'symDifference') =>
  ofTwo(
    name,
    'VARCHAR',
    asText((left, right) => canonical(operand(left)[method](operand(right)))),
  )

const relation = (name: string, method: string, whenApart = false) =>
  ofTwo(name, 'BOOLEAN', (left, right) => {
    if (!left.getEnvelopeInternal().intersects(right.getEnvelopeInternal())) return whenApart
    return operand(left)[method](operand(right))
  })

function buffer(geometry: Geometry, distance: number): Geometry | undefined {
  if (Number.isNaN(distance)) return invalidArgument('distance is NaN')
  if (distance < 0) return invalidArgument('distance is negative')
  if (distance === 0) return geometry
  return geometry.isEmpty() ? undefined : canonical(geometry.buffer(distance))
}

function simplified(geometry: Geometry, tolerance: number): Geometry {
  if (Number.isNaN(tolerance)) return invalidArgument('distanceTolerance is NaN')
  if (tolerance < 0) return invalidArgument('distanceTolerance is negative')
  return tolerance === 0 ? geometry : canonical(TopologyPreservingSimplifier.simplify(geometry, tolerance))
}

function locate(path: Geometry, place: Geometry): number | null {
  if (path.isEmpty() || place.isEmpty()) return null
  if (!LINES.includes(kindOf(path))) {
    return invalidArgument(
      `First argument to line_locate_point must be a LineString or a MultiLineString. Got: ${path.getGeometryType()}`,
    )
  }
  if (kindOf(place) !== 'POINT') {
    return invalidArgument(`Second argument to line_locate_point must be a Point. Got: ${place.getGeometryType()}`)
  }
  return (new LengthIndexedLine(path) as Geometry).indexOf(place.getCoordinate()) / path.getLength()
}

/** Points at `step`, 2 × `step`, … of the length; of these the first alone unless `repeated`. */
function interpolated(path: Geometry, step: number, repeated: boolean): Geometry[] | undefined {
  if (path.isEmpty()) return undefined
  requireKind('line_interpolate_point', path, ['LINE_STRING'])
  if (step < 0 || step > 1) return invalidArgument('fraction must be between 0 and 1')
  const [first, ...others] = positions(path)
  const last = others.at(-1)
  if (first === undefined || last === undefined) return undefined
  if (step === 0) return [pointAt(first)]
  if (step === 1) return [pointAt(last)]
  const count = repeated ? Math.floor(1 / step) : 1
  const length = path.getLength()
  const found: Geometry[] = []
  let [previous, passed, next] = [first, 0, step]
  for (const current of others) {
    const share = Math.hypot(current.x - previous.x, current.y - previous.y) / length
    for (; next < passed + share && found.length < count; next += step) {
      const within = (next - passed) / share
      found.push(point(previous.x + (current.x - previous.x) * within, previous.y + (current.y - previous.y) * within))
    }
    passed += share
    previous = current
  }
  if (found.length < count) found.push(pointAt(last))
  return found
}

export const operationFunctions: readonly JsFunction[] = [
  relation('st_contains', 'contains'),
  relation('st_crosses', 'crosses'),
  relation('st_disjoint', 'disjoint', true),
  relation('st_intersects', 'intersects'),
  relation('st_overlaps', 'overlaps'),
  relation('st_touches', 'touches'),
  relation('st_within', 'within'),
  ofTwo('st_equals', 'BOOLEAN', (left, right) => operand(left).equalsTopo(operand(right))),
  js('js_geo_st_relate', ['VARCHAR', 'VARCHAR', 'VARCHAR'], 'BOOLEAN', (left, right, pattern) =>
    operand(fromText(left)).relate(operand(fromText(right)), pattern),
  ),
  overlay('st_intersection', 'intersection'),
  overlay('st_difference', 'difference'),
  overlay('st_symdifference', 'symDifference'),
  ofTwo(
    'st_union',
    'VARCHAR',
    asText((left, right) => (left.isEmpty() && right.isEmpty() ? left : union([left, right]))),
  ),
  jsWithNulls('js_geo_geometry_union', ['VARCHAR[]'], 'VARCHAR', unionOfTexts),
  js('js_geo_convex_hull', ['VARCHAR[]'], 'VARCHAR', hullOfTexts),
  ofOne('st_area', 'DOUBLE', (geometry) => geometry.getArea()),
  ofOne('st_length', 'DOUBLE', (geometry) => {
    requireKind('ST_Length', geometry, LINES)
    return geometry.getLength()
  }),
  ofTwo('st_distance', 'DOUBLE', (left, right) => (left.isEmpty() || right.isEmpty() ? null : left.distance(right))),
  ofTwo(
    'nearest_points',
    'VARCHAR[]',
    asTexts((left, right) => {
      if (left.isEmpty() || right.isEmpty()) return undefined
      return (DistanceOp as Geometry).nearestPoints(left, right).map(pointAt)
    }),
  ),
  ofNumber('st_buffer', 'DOUBLE', 'VARCHAR', asText(buffer)),
  ofNumber('simplify_geometry', 'DOUBLE', 'VARCHAR', asText(simplified)),
  ofTwo('line_locate_point', 'DOUBLE', locate),
  ofNumber(
    'line_interpolate_point',
    'DOUBLE',
    'VARCHAR',
    asText((path, fraction) => interpolated(path, fraction, false)?.[0]),
  ),
  ofNumber(
    'line_interpolate_points',
    'DOUBLE',
    'VARCHAR[]',
    asTexts((path, step) => interpolated(path, step, true)),
  ),
]
