/**
 * Bing tiles: squares of the Mercator map, halved at each level of zoom. A tile is one number: its column from bit 28,
 * its row from bit 5, its zoom below. Order of the tiles in answers and limits are those of Athena's engine.
 */
import { invalidArgument, type JsFunction, js } from '../define.ts'
import { ofNumber } from './define.ts'
import { type Geometry, kindOf, rectangle, toText } from './geometry.ts'
import { EARTH_RADIUS_KM, greatCircleDistance, radians } from './sphere.ts'

interface Tile {
  readonly x: number
  readonly y: number
  readonly zoom: number
}

const ZOOM_MAX = 23
const TILE_PIXELS = 256
const LATITUDE_MAX = 85.05112878
const LONGITUDE_MAX = 180
/** From here on large tiles that lie wholly inside are split without looking at each small one. */
const SPLIT_FROM_ZOOM = 10
const TILES_MAX = 1_000_000
const COMPLEXITY_MAX = 25_000_000

const encode = ({ x, y, zoom }: Tile): bigint => (BigInt(x) << 28n) | (BigInt(y) << 5n) | BigInt(zoom)
const decode = (tile: bigint): Tile => ({
  x: Number(tile >> 28n),
  y: Number((tile >> 5n) & 0x7fffffn),
  zoom: Number(tile & 31n),
})

function require(condition: boolean, message: string): void {
  if (!condition) invalidArgument(message)
}

function checkZoom(zoom: number): void {
  require(zoom > 0, 'Zoom level must be > 0')
  require(zoom <= ZOOM_MAX, `Zoom level must be <= ${ZOOM_MAX}`)
}

function checkPlace(latitude: number, longitude: number): void {
  const [low, high] = [-LATITUDE_MAX, LATITUDE_MAX]
  require(latitude >= low && latitude <= high, `Latitude must be between ${low} and ${high}`)
  require(Math.abs(longitude) <= LONGITUDE_MAX, 'Longitude must be between -180.0 and 180.0')
}

function tile(x: number, y: number, zoom: number): bigint {
  checkZoom(zoom)
  const size = 2 ** zoom
  for (const coordinate of [x, y]) {
    require(coordinate >= 0 &&
      coordinate < size, `XY coordinates for a Bing tile at zoom level ${zoom} must be within [0, ${size}) range`)
  }
  return encode({ x, y, zoom })
}

function ofQuadKey(key: string): bigint {
  require(key.length > 0, 'QuadKey must not be empty string')
  require(key.length <= ZOOM_MAX, `QuadKey must be ${ZOOM_MAX} characters or less`)
  require(/^[0-3]*$/.test(key), `Invalid QuadKey digit sequence: ${key}`)
  let [x, y] = [0, 0]
  for (const digit of key) {
    x = x * 2 + (Number(digit) & 1)
    y = y * 2 + (Number(digit) >> 1)
  }
  return encode({ x, y, zoom: key.length })
}

function quadKey({ x, y, zoom }: Tile): string {
  const bit = (value: number, level: number) => (value >> level) & 1
  return Array.from({ length: zoom }, (_, index) => {
    const level = zoom - 1 - index
    return bit(x, level) + 2 * bit(y, level)
  }).join('')
}

function onAxis(share: number, zoom: number): number {
  const size = TILE_PIXELS * 2 ** zoom
  return Math.floor(Math.trunc(Math.min(Math.max(share * size, 0), size - 1)) / TILE_PIXELS)
}

const column = (longitude: number, zoom: number): number => onAxis((longitude + 180) / 360, zoom)

function row(latitude: number, zoom: number): number {
  const sine = Math.sin((latitude * Math.PI) / 180)
  return onAxis(0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI), zoom)
}

const west = (x: number, zoom: number): number => 360 * (x / 2 ** zoom - 0.5)
const north = (y: number, zoom: number): number =>
  90 - (360 * Math.atan(Math.exp(-(0.5 - y / 2 ** zoom) * 2 * Math.PI))) / Math.PI

function tileAt(latitude: number, longitude: number, zoom: number): bigint {
  checkPlace(latitude, longitude)
  checkZoom(zoom)
  return encode({ x: column(longitude, zoom), y: row(latitude, zoom), zoom })
}

function shape({ x, y, zoom }: Tile): Geometry {
  return rectangle(west(x, zoom), north(y + 1, zoom), west(x + 1, zoom), north(y, zoom))
}

/** The tile of a place and the up to eight beside it. */
function around(latitude: number, longitude: number, zoom: number): bigint[] {
  const middle = decode(tileAt(latitude, longitude, zoom))
  const size = 2 ** zoom
  const beside = [-1, 0, 1]
  return beside
    .flatMap((i) => beside.map((j) => ({ x: middle.x + i, y: middle.y + j, zoom })))
    .filter(({ x, y }) => x >= 0 && x < size && y >= 0 && y < size)
    .map(encode)
}

const degrees = (angle: number): number => angle * (180 / Math.PI)

function shiftedLatitude(latitude: number, radius: number, bearing: number): number {
  const [phi, ratio] = [radians(latitude), radius / EARTH_RADIUS_KM]
  const sine = Math.sin(phi) * Math.cos(ratio) + Math.cos(phi) * Math.sin(ratio) * Math.cos(radians(bearing))
  return Math.min(Math.max(degrees(Math.asin(sine)), -LATITUDE_MAX), LATITUDE_MAX)
}

function shiftedLongitude(latitude: number, longitude: number, radius: number, bearing: number): number {
  const [phi, ratio] = [radians(latitude), radius / EARTH_RADIUS_KM]
  const shift = Math.atan2(
    Math.sin(radians(bearing)) * Math.sin(ratio) * Math.cos(phi),
    Math.cos(ratio) - Math.sin(phi) * Math.sin(phi),
  )
  const moved = degrees(radians(longitude) + shift)
  if (moved > LONGITUDE_MAX) return moved - 2 * LONGITUDE_MAX
  return moved < -LONGITUDE_MAX ? moved + 2 * LONGITUDE_MAX : moved
}

/** The tiles that a circle touches: the cross through its centre first, then each corner from outside in. */
function within(latitude: number, longitude: number, zoom: number, radius: number): bigint[] {
  checkPlace(latitude, longitude)
  checkZoom(zoom)
  require(radius >= 0, 'Radius must be >= 0')
  require(radius <= 1000, 'Radius must be <= 1,000 km')
  const size = 2 ** zoom
  const [centreX, centreY] = [column(longitude, zoom), row(latitude, zoom)]
  const top = row(shiftedLatitude(latitude, radius, 0), zoom)
  const bottom = row(shiftedLatitude(latitude, radius, 180), zoom)
  const left = column(shiftedLongitude(latitude, longitude, radius, 270), zoom)
  const right = column(shiftedLongitude(latitude, longitude, radius, 90), zoom)
  const width = right < left ? right + size - left + 1 : right - left + 1
  const total = width * (bottom - top + 1)
  require(total <=
    TILES_MAX, `The number of tiles covering input rectangle exceeds the limit of 1M. Number of tiles: ${total}. Radius: ${radius.toFixed(1)} km. Zoom level: ${zoom}.`)
  const tiles: bigint[] = []
  const add = (x: number, y: number) => tiles.push(encode({ x, y, zoom }))
  for (let index = 0; index < width; index++) add((left + index) % size, centreY)
  for (let y = top; y <= bottom; y++) if (y !== centreY) add(centreX, y)

  /** Down or up a column from its end: from the first tile whose corner nearest the centre is close enough. */
  const corner = (x: number, from: number, step: 1 | -1, eastSide: boolean) => {
    let isInside = false
    for (let y = from; y !== centreY && (centreY - y) * step > 0; y += step) {
      const near = [north(step === 1 ? y + 1 : y, zoom), west(eastSide ? x : x + 1, zoom)] as const
      isInside ||= greatCircleDistance(latitude, longitude, ...near) <= radius
      if (isInside) add(x, y)
    }
  }
  for (let x = right; x !== centreX; x = (x - 1 + size) % size) {
    corner(x, top, 1, true)
    corner(x, bottom, -1, true)
  }
  for (let x = left; x !== centreX; x = (x + 1) % size) {
    corner(x, top, 1, false)
    corner(x, bottom, -1, false)
  }
  return tiles
}

const SPAN_COMPLAINT = (axis: string, limit: number) =>
  `${axis} span for the geometry must be in [-${limit.toFixed(2)}, ${limit.toFixed(2)}] range`
const TOO_COMPLEX =
  'The zoom level is too high or the geometry is too complex to compute a set of covering Bing tiles. Please use a lower zoom level or convert the geometry to its bounding box using the ST_Envelope function.'

function covering(geometry: Geometry, zoom: number): bigint[] {
  checkZoom(zoom)
  if (geometry.isEmpty()) return []
  const box = geometry.getEnvelopeInternal()
  const [minX, minY, maxX, maxY]: number[] = [box.getMinX(), box.getMinY(), box.getMaxX(), box.getMaxY()] as number[]
  if (minX === undefined || minY === undefined || maxX === undefined || maxY === undefined) return []
  require(minY >= -LATITUDE_MAX && maxY <= LATITUDE_MAX, SPAN_COMPLAINT('Latitude', LATITUDE_MAX))
  require(minX >= -LONGITUDE_MAX && maxX <= LONGITUDE_MAX, SPAN_COMPLAINT('Longitude', LONGITUDE_MAX))
  const fillsBox = kindOf(geometry) === 'POINT' || geometry.isRectangle()
  const first = { x: column(minX, zoom), y: row(maxY, zoom) }
  const last = { x: column(maxX, zoom), y: row(minY, zoom) }
  // A tile that the box only touches with its edge is not needed.
  if (west(last.x, zoom) === maxX) last.x -= 1
  if (north(last.y, zoom) === minY) last.y -= 1
  const count = (last.x - first.x + 1) * (last.y - first.y + 1)
  if (fillsBox) {
    const sides = `xMin=${minX.toFixed(2)}, yMin=${minY.toFixed(2)}, xMax=${maxX.toFixed(2)}, yMax=${maxY.toFixed(2)}`
    require(count <=
      TILES_MAX, `The number of tiles covering input rectangle exceeds the limit of 1M. Number of tiles: ${count}. Rectangle: ${sides}. Zoom level: ${zoom}.`)
  } else {
    require(count <= 0x7fffffff, 'The zoom level is too high to compute a set of covering Bing tiles.')
    require(count * geometry.getNumPoints() <= COMPLEXITY_MAX, TOO_COMPLEX)
  }
  const tiles: bigint[] = []
  const isWhole = fillsBox || zoom <= SPLIT_FROM_ZOOM
  const startZoom = isWhole ? zoom : SPLIT_FROM_ZOOM
  const divisor = 2 ** (zoom - startZoom)
  const share = (coordinate: number) => Math.floor(coordinate / divisor)
  for (let x = share(first.x); x <= share(last.x); x++) {
    for (let y = share(first.y); y <= share(last.y); y++) {
      if (fillsBox) tiles.push(encode({ x, y, zoom }))
      else split(geometry, { x, y, zoom: startZoom }, zoom, tiles)
    }
  }
  return tiles
}

function split(geometry: Geometry, tile: Tile, zoom: number, tiles: bigint[]): void {
  const square = shape(tile)
  if (tile.zoom < zoom && geometry.contains(square)) {
    const side = 2 ** (zoom - tile.zoom)
    for (let x = side * tile.x; x < side * (tile.x + 1); x++) {
      for (let y = side * tile.y; y < side * (tile.y + 1); y++) tiles.push(encode({ x, y, zoom }))
    }
    return
  }
  if (geometry.disjoint(square)) return
  if (tile.zoom === zoom) {
    tiles.push(encode(tile))
    return
  }
  for (const x of [2 * tile.x, 2 * tile.x + 1]) {
    for (const y of [2 * tile.y, 2 * tile.y + 1]) split(geometry, { x, y, zoom: tile.zoom + 1 }, zoom, tiles)
  }
}

export const tileFunctions: readonly JsFunction[] = [
  js('js_geo_tile', ['INTEGER', 'INTEGER', 'INTEGER'], 'BIGINT', tile),
  js('js_geo_tile_of_quadkey', ['VARCHAR'], 'BIGINT', ofQuadKey),
  js('js_geo_bing_tile_quadkey', ['BIGINT'], 'VARCHAR', (value) => quadKey(decode(value))),
  js('js_geo_bing_tile_polygon', ['BIGINT'], 'VARCHAR', (value) => toText(shape(decode(value)))),
  js('js_geo_bing_tile_at', ['DOUBLE', 'DOUBLE', 'INTEGER'], 'BIGINT', tileAt),
  js('js_geo_tiles_around', ['DOUBLE', 'DOUBLE', 'INTEGER'], 'BIGINT[]', around),
  js('js_geo_tiles_within', ['DOUBLE', 'DOUBLE', 'INTEGER', 'DOUBLE'], 'BIGINT[]', within),
  ofNumber('geometry_to_bing_tiles', 'INTEGER', 'BIGINT[]', covering),
]
