/** Distances, lengths and areas on a sphere of the Earth's size; degrees in, kilometres or metres out. */
import { invalidArgument, type JsFunction, js } from '../define.ts'
import { ofOne, ofTwo } from './define.ts'
import { type Geometry, hasHeight, holes, kindOf, type Position, parts, positions, toText } from './geometry.ts'

export const EARTH_RADIUS_KM = 6371.01
const EARTH_RADIUS_M = EARTH_RADIUS_KM * 1000

/** By one factor: the order of the operations shows in the last digit. */
const DEGREES_TO_RADIANS = Math.PI / 180
export const radians = (degrees: number): number => degrees * DEGREES_TO_RADIANS

function checkPlace(latitude: number, longitude: number): void {
  if (!(latitude >= -90 && latitude <= 90)) invalidArgument('Latitude must be between -90 and 90')
  if (!(longitude >= -180 && longitude <= 180)) invalidArgument('Longitude must be between -180 and 180')
}

/** Kilometres. */
export function greatCircleDistance(
  latitude1: number,
  longitude1: number,
  latitude2: number,
  longitude2: number,
): number {
  checkPlace(latitude1, longitude1)
  checkPlace(latitude2, longitude2)
  const [phi1, phi2] = [radians(latitude1), radians(latitude2)]
  const [sin1, cos1, sin2, cos2] = [Math.sin(phi1), Math.cos(phi1), Math.sin(phi2), Math.cos(phi2)]
  const delta = radians(longitude1) - radians(longitude2)
  const across = cos2 * Math.sin(delta)
  const along = cos1 * sin2 - sin1 * cos2 * Math.cos(delta)
  const dot = sin1 * sin2 + cos1 * cos2 * Math.cos(delta)
  return Math.atan2(Math.sqrt(across * across + along * along), dot) * EARTH_RADIUS_KM
}

function requireSpherical(name: string, geometry: Geometry, kinds: readonly string[]): void {
  const kind = kindOf(geometry)
  if (kinds.includes(kind)) return
  invalidArgument(
    `When applied to SphericalGeography inputs, ${name} only supports ${kinds.join(' or ')}. Input type is: ${kind}`,
  )
}

function toGeography(geometry: Geometry): string {
  if (!geometry.isEmpty()) {
    const box = geometry.getEnvelopeInternal()
    checkPlace(box.getMinY(), 0)
    checkPlace(box.getMaxY(), 0)
    checkPlace(0, box.getMinX())
    checkPlace(0, box.getMaxX())
  }
  if (hasHeight(geometry)) invalidArgument('Cannot convert 3D geometry to a spherical geography')
  return toText(geometry)
}

function length(geometry: Geometry): number | null {
  if (geometry.isEmpty()) return null
  requireSpherical('ST_Length', geometry, ['LINE_STRING', 'MULTI_LINE_STRING'])
  let sum = 0
  for (const path of parts(geometry)) {
    const places = positions(path)
    for (const [index, place] of places.entries()) {
      const before = places[index - 1]
      if (before !== undefined) sum += greatCircleDistance(before.y, before.x, place.y, place.x)
    }
  }
  return sum * 1000
}

function distance(left: Geometry, right: Geometry): number | null {
  if (left.isEmpty() || right.isEmpty()) return null
  requireSpherical('ST_Distance', left, ['POINT'])
  requireSpherical('ST_Distance', right, ['POINT'])
  const [from, to] = [left.getCoordinate(), right.getCoordinate()]
  return greatCircleDistance(from.y, from.x, to.y, to.x) * 1000
}

const TURN = 2 * Math.PI
const signedTurn = (to: number, from: number): number => ((to - from + 3 * Math.PI) % TURN) - Math.PI

/** How far the angles of a ring exceed those on a plane; a ring around a pole is told by its course, which does not turn. */
function sphericalExcess(ring: readonly Position[]): number {
  const corners = ring.slice(0, -1)
  if (corners.length < 3) return invalidArgument('Polygon is not valid: a loop contains less then 3 vertices.')
  let [excess, course] = [0, 0]
  let [firstBearing, lastBearing]: (number | undefined)[] = [undefined, undefined]
  for (const [index, corner] of corners.entries()) {
    const before = corners.at(index - 1) ?? corner
    const [phi, phiBefore] = [radians(corner.y), radians(before.y)]
    const delta = radians(corner.x) - radians(before.x)
    if (delta === 0 && phi === phiBefore) {
      return invalidArgument('Polygon is not valid: it has two identical consecutive vertices')
    }
    const [tan, tanBefore] = [Math.tan(phi / 2), Math.tan(phiBefore / 2)]
    excess += 2 * Math.atan2(Math.tan(delta / 2) * (tanBefore + tan), 1 + tanBefore * tan)
    const [sin, cos, sinBefore, cosBefore] = [Math.sin(phi), Math.cos(phi), Math.sin(phiBefore), Math.cos(phiBefore)]
    const initial =
      (Math.atan2(Math.sin(delta) * cos, cosBefore * sin - sinBefore * cos * Math.cos(delta)) + TURN) % TURN
    const final =
      (Math.atan2(-Math.sin(delta) * cosBefore, sinBefore * cos - cosBefore * sin * Math.cos(delta)) + Math.PI) % TURN
    if (lastBearing !== undefined) course += signedTurn(initial, lastBearing)
    firstBearing ??= initial
    course += signedTurn(final, initial)
    lastBearing = final
  }
  course += signedTurn(firstBearing ?? 0, lastBearing ?? 0)
  return Math.abs(course) < Math.PI / 4 ? Math.abs(excess) - TURN : excess
}

function area(geometry: Geometry): number | null {
  if (geometry.isEmpty()) return null
  requireSpherical('ST_Area', geometry, ['POLYGON', 'MULTI_POLYGON'])
  let excess = 0
  for (const polygon of parts(geometry)) {
    excess += Math.abs(sphericalExcess(positions(polygon.getExteriorRing())))
    for (const hole of holes(polygon)) excess -= Math.abs(sphericalExcess(positions(hole)))
  }
  return Math.abs(excess * EARTH_RADIUS_M * EARTH_RADIUS_M)
}

export const sphereFunctions: readonly JsFunction[] = [
  js('js_geo_great_circle_distance', ['DOUBLE', 'DOUBLE', 'DOUBLE', 'DOUBLE'], 'DOUBLE', greatCircleDistance),
  ofOne('to_spherical_geography', 'VARCHAR', toGeography),
  ofOne('spherical_area', 'DOUBLE', area),
  ofOne('spherical_length', 'DOUBLE', length),
  ofTwo('spherical_distance', 'DOUBLE', distance),
]
