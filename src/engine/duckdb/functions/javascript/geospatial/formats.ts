/** Geometries in other writings: well-known binary, GeoJSON, encoded polylines, shapes of Esri's framework for Hadoop. */
import Orientation from 'jsts/org/locationtech/jts/algorithm/Orientation.js'
import { fail, invalidArgument, type JsFunction, js } from '../define.ts'
import { asText, ofOne } from './define.ts'
import {
  at,
  collection,
  factory,
  type Geometry,
  hasHeight,
  holes,
  kindOf,
  line,
  type Position,
  parts,
  point,
  polygon,
  positions,
  requireKind,
  toText,
} from './geometry.ts'

const WKB_KINDS = [
  '',
  'POINT',
  'LINE_STRING',
  'POLYGON',
  'MULTI_POINT',
  'MULTI_LINE_STRING',
  'MULTI_POLYGON',
  'GEOMETRY_COLLECTION',
] as const

class BinaryReader {
  readonly #view: DataView
  #at = 0
  little = true

  constructor(bytes: Uint8Array, little = true) {
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    this.little = little
  }

  byte = (): number => this.#view.getUint8(this.#at++)
  integer(): number {
    this.#at += 4
    return this.#view.getUint32(this.#at - 4, this.little)
  }
  double(): number {
    this.#at += 8
    return this.#view.getFloat64(this.#at - 8, this.little)
  }
  /** A count is believed only as far as bytes are left. */
  list<T>(count: number, item: () => T): T[] {
    if (count > this.#view.byteLength - this.#at) throw new RangeError('count')
    return Array.from({ length: count }, item)
  }
}

function readBinary(reader: BinaryReader): Geometry {
  reader.little = reader.byte() === 1
  const code = reader.integer()
  const isSolid = (code & 0x80000000) !== 0 || Math.floor((code & 0xffff) / 1000) === 1
  const position = () => at(reader.double(), reader.double(), isSolid ? reader.double() : Number.NaN)
  const run = () => reader.list(reader.integer(), position)
  const members = () => reader.list(reader.integer(), () => readBinary(reader))
  switch (WKB_KINDS[(code & 0xffff) % 1000]) {
    case 'POINT': {
      const place = position()
      return Number.isNaN(place.x) ? factory.createPoint() : factory.createPoint(place)
    }
    case 'LINE_STRING':
      return line(run())
    case 'POLYGON':
      return polygon(reader.list(reader.integer(), run))
    case 'MULTI_POINT':
      return collection('MULTIPOINT', members())
    case 'MULTI_LINE_STRING':
      return collection('MULTILINESTRING', members())
    case 'MULTI_POLYGON':
      return collection('MULTIPOLYGON', members())
    case 'GEOMETRY_COLLECTION':
      return collection('GEOMETRYCOLLECTION', members())
    default:
      throw new RangeError('type')
  }
}

function fromBinary(bytes: Uint8Array): Geometry {
  try {
    return readBinary(new BinaryReader(bytes))
  } catch {
    return invalidArgument('Invalid WKB')
  }
}

function toBinary(geometry: Geometry): Buffer {
  const isSolid = hasHeight(geometry)
  const integer = (value: number) => {
    const bytes = Buffer.alloc(4)
    bytes.writeUInt32LE(value)
    return bytes
  }
  const place = ({ x, y, z }: Position) => {
    const bytes = Buffer.alloc(isSolid ? 24 : 16)
    bytes.writeDoubleLE(x, 0)
    bytes.writeDoubleLE(y, 8)
    if (isSolid) bytes.writeDoubleLE(z, 16)
    return bytes
  }
  const run = (each: Geometry) => Buffer.concat([integer(each.getNumPoints()), ...positions(each).map(place)])
  const kind = kindOf(geometry)
  const head = Buffer.concat([
    Buffer.of(1),
    integer(WKB_KINDS.indexOf(kind as (typeof WKB_KINDS)[number]) + (isSolid ? 1000 : 0)),
  ])
  switch (kind) {
    case 'POINT':
      return Buffer.concat([
        head,
        place(geometry.isEmpty() ? { x: Number.NaN, y: Number.NaN, z: Number.NaN } : geometry.getCoordinate()),
      ])
    case 'LINE_STRING':
      return Buffer.concat([head, run(geometry)])
    case 'POLYGON': {
      const rings = geometry.isEmpty() ? [] : [geometry.getExteriorRing(), ...holes(geometry)]
      return Buffer.concat([head, integer(rings.length), ...rings.map(run)])
    }
    default: {
      const members = parts(geometry)
      return Buffer.concat([head, integer(members.length), ...members.map(toBinary)])
    }
  }
}

// ---------------------------------------------------------------- shapes

const SHAPE_KINDS = ['', 'POINT', 'LINESTRING', 'POLYGON', 'MULTIPOINT', 'MULTILINESTRING', 'MULTIPOLYGON'] as const

function fromHadoopShape(bytes: Uint8Array): Geometry {
  if (bytes.length <= 5) return invalidArgument('Hadoop shape input is too short')
  const code = new DataView(bytes.buffer, bytes.byteOffset).getInt8(4)
  const kind = SHAPE_KINDS[code]
  if (kind === undefined) return invalidArgument(`Invalid Hadoop shape type: ${code}`)
  try {
    return readShape(new BinaryReader(bytes.subarray(5)), kind)
  } catch {
    return invalidArgument('Invalid Hadoop shape')
  }
}

function readShape(reader: BinaryReader, kind: string): Geometry {
  const shape = reader.integer()
  const position = () => at(reader.double(), reader.double())
  if (shape === 1) return point(reader.double(), reader.double())
  reader.list(4, () => reader.double())
  if (shape === 8) {
    const points = reader.list(reader.integer(), position).map((each) => factory.createPoint(each))
    return collection('MULTIPOINT', points)
  }
  if (shape !== 3 && shape !== 5) throw new RangeError('shape')
  const [pathCount, pointCount] = [reader.integer(), reader.integer()]
  const starts = reader.list(pathCount, () => reader.integer())
  const points = reader.list(pointCount, position)
  const paths = starts.map((start, index) => points.slice(start, starts[index + 1] ?? pointCount))
  if (shape === 3) {
    const lines = paths.map(line)
    return lines.length === 1 && kind !== 'MULTILINESTRING' ? lines[0] : collection('MULTILINESTRING', lines)
  }
  // In shapes outer rings run clockwise, and holes follow theirs.
  const polygons: Geometry[][][] = []
  for (const path of paths) {
    const isHole = Orientation.isCCW(path as never)
    if (isHole && polygons.length > 0) polygons.at(-1)?.push(path)
    else polygons.push([path])
  }
  const built = polygons.map(polygon)
  return built.length === 1 && kind !== 'MULTIPOLYGON' ? built[0] : collection('MULTIPOLYGON', built)
}

// ---------------------------------------------------------------- polylines

const POLYLINE_SCALE = 1e5

function fromPolyline(text: string): Geometry {
  let index = 0
  const delta = (): number => {
    let [value, shift, chunk] = [0, 0, 0]
    do {
      if (index >= text.length) return invalidArgument('Input is not a valid encoded polyline')
      chunk = text.charCodeAt(index++) - 63
      value |= (chunk & 0x1f) << shift
      shift += 5
    } while (chunk >= 0x20)
    return value & 1 ? ~(value >> 1) : value >> 1
  }
  const places: Geometry[] = []
  let [latitude, longitude] = [0, 0]
  while (index < text.length) {
    latitude += delta()
    longitude += delta()
    places.push(at(longitude * 1e-5, latitude * 1e-5))
  }
  return line(places)
}

function toPolyline(geometry: Geometry): string {
  requireKind('encode_polyline', geometry, ['LINE_STRING', 'MULTI_POINT'])
  const encoded = (delta: number) => {
    let rest = delta < 0 ? ~(delta << 1) : delta << 1
    let text = ''
    for (; rest >= 0x20; rest >>= 5) text += String.fromCharCode((0x20 | (rest & 0x1f)) + 63)
    return text + String.fromCharCode(rest + 63)
  }
  let [latitude, longitude, text] = [0, 0, '']
  for (const { x, y } of positions(geometry)) {
    const [nextLatitude, nextLongitude] = [Math.round(y * POLYLINE_SCALE), Math.round(x * POLYLINE_SCALE)]
    text += encoded(nextLatitude - latitude) + encoded(nextLongitude - longitude)
    ;[latitude, longitude] = [nextLatitude, nextLongitude]
  }
  return text
}

// ---------------------------------------------------------------- GeoJSON

interface GeoJson {
  readonly type?: unknown
  readonly coordinates?: never
  readonly geometries?: readonly GeoJson[]
}

function ofGeoJson({ type, coordinates, geometries }: GeoJson): Geometry {
  const place = ([x, y]: readonly number[]) => {
    if (typeof x !== 'number' || typeof y !== 'number') throw new TypeError('position')
    return at(x, y)
  }
  const places = (list: readonly (readonly number[])[]) => list.map(place)
  const each = <T>(list: readonly T[], build: (item: T) => Geometry) => list.map(build)
  const given = coordinates as never
  switch (type) {
    case 'Point':
      return (given as unknown[]).length === 0 ? factory.createPoint() : factory.createPoint(place(given))
    case 'LineString':
      return line(places(given))
    case 'Polygon':
      return polygon(each(given, places))
    case 'MultiPoint':
      return collection(
        'MULTIPOINT',
        each(given, (item: number[]) => factory.createPoint(place(item))),
      )
    case 'MultiLineString':
      return collection(
        'MULTILINESTRING',
        each(given, (item: number[][]) => line(places(item))),
      )
    case 'MultiPolygon':
      return collection(
        'MULTIPOLYGON',
        each(given, (item: number[][][]) => polygon(item.map(places))),
      )
    case 'GeometryCollection':
      return collection('GEOMETRYCOLLECTION', (geometries ?? []).map(ofGeoJson))
    default:
      throw new TypeError('type')
  }
}

function fromGeoJson(text: string): Geometry {
  try {
    return ofGeoJson(JSON.parse(text) as GeoJson)
  } catch {
    return invalidArgument(`Invalid GeoJSON: ${text}`)
  }
}

function toGeoJson(geometry: Geometry): unknown {
  const place = ({ x, y, z }: Position) => (Number.isNaN(z ?? Number.NaN) ? [x, y] : [x, y, z])
  const body = (each: Geometry): unknown => {
    switch (kindOf(each)) {
      case 'POINT':
        return each.isEmpty() ? [] : place(each.getCoordinate())
      case 'LINE_STRING':
        return positions(each).map(place)
      case 'POLYGON':
        return each.isEmpty() ? [] : [each.getExteriorRing(), ...holes(each)].map(body)
      default:
        return parts(each).map(body)
    }
  }
  return kindOf(geometry) === 'GEOMETRY_COLLECTION'
    ? { type: 'GeometryCollection', geometries: parts(geometry).map(toGeoJson) }
    : { type: geometry.getGeometryType(), coordinates: body(geometry) }
}

/** Kept as the JSON it is; what is not JSON is no tree. */
function kdbTree(text: string): string {
  try {
    const tree: unknown = JSON.parse(text)
    if (typeof tree === 'object' && tree !== null && 'root' in tree) return text
  } catch {
    // Not JSON: the same sentence.
  }
  return fail('INVALID_CAST_ARGUMENT', 'Invalid JSON string for KDB tree')
}

export const formatFunctions: readonly JsFunction[] = [
  js('js_geo_st_geomfrombinary', ['BLOB'], 'VARCHAR', asText(fromBinary)),
  ofOne('st_asbinary', 'BLOB', toBinary),
  js('js_geo_geometry_from_hadoop_shape', ['BLOB'], 'VARCHAR', asText(fromHadoopShape)),
  js('js_geo_from_encoded_polyline', ['VARCHAR'], 'VARCHAR', asText(fromPolyline)),
  ofOne('to_encoded_polyline', 'VARCHAR', toPolyline),
  js('js_geo_from_geojson_geometry', ['VARCHAR'], 'VARCHAR', (text) => toText(fromGeoJson(text))),
  ofOne('to_geojson_geometry', 'VARCHAR', (geometry) => JSON.stringify(toGeoJson(geometry))),
  js('js_geo_kdb_tree', ['VARCHAR'], 'VARCHAR', kdbTree),
]
