/** Geometries made from parts, and what can be read off one. */
import { fail, invalidArgument, type JsFunction, js, jsWithNulls } from '../define.ts'
import { asText, asTexts, ofNumber, ofOne } from './define.ts'
import {
  canonical,
  collection,
  fromText,
  type Geometry,
  hasHeight,
  holes,
  kindOf,
  line,
  parts,
  point,
  pointAt,
  polygon,
  positions,
  rectangle,
  requireKind,
  simpleParts,
  toText,
} from './geometry.ts'

const LINES = ['LINE_STRING', 'MULTI_LINE_STRING']

function lineString(texts: readonly (string | null)[]): string {
  const places: Geometry[] = []
  for (const [index, text] of texts.entries()) {
    if (text === null) return invalidArgument(`Invalid input to ST_LineString: null point at index ${index + 1}`)
    const geometry = fromText(text)
    if (kindOf(geometry) !== 'POINT') {
      return invalidArgument(
        `ST_LineString takes only an array of valid points, ${geometry.getGeometryType()} was passed`,
      )
    }
    if (geometry.isEmpty()) {
      return invalidArgument(`Invalid input to ST_LineString: empty point at index ${index + 1}`)
    }
    const place = geometry.getCoordinate()
    if (places.at(-1)?.equals2D(place)) {
      return invalidArgument(`Invalid input to ST_LineString: consecutive duplicate points at index ${index + 1}`)
    }
    places.push(place)
  }
  // One point alone makes no line.
  return toText(places.length < 2 ? line([]) : line(places))
}

function multiPoint(texts: readonly (string | null)[]): string | null {
  const points = texts.map((text, index) => {
    if (text === null) return invalidArgument(`Invalid input to ST_MultiPoint: null at index ${index + 1}`)
    const geometry = fromText(text)
    if (kindOf(geometry) !== 'POINT') {
      return invalidArgument(
        `Invalid input to ST_MultiPoint: geometry is not a point: ${geometry.getGeometryType()} at index ${index + 1}`,
      )
    }
    if (geometry.isEmpty()) {
      return invalidArgument(`Invalid input to ST_MultiPoint: empty point at index ${index + 1}`)
    }
    return geometry
  })
  return points.length === 0 ? null : toText(collection('MULTIPOINT', points))
}

/** Without a number there is no point. */
function pointText(x: number, y: number): string {
  if (Number.isNaN(x) || Number.isNaN(y)) return 'POINT EMPTY'
  if (!Number.isFinite(x) || !Number.isFinite(y)) {
    return fail('NOT_SUPPORTED', 'ST_Point is not supported for infinite coordinates')
  }
  return toText(point(x, y))
}

const ofKind = (name: string, label: string, kind: string) =>
  js(`js_geo_${name}`, ['VARCHAR'], 'VARCHAR', (text) => {
    const geometry = fromText(text)
    requireKind(label, geometry, [kind])
    return toText(geometry)
  })

const ordinate = (name: string, label: string, axis: 'x' | 'y') =>
  ofOne(name, 'DOUBLE', (geometry) => {
    requireKind(label, geometry, ['POINT'])
    return geometry.isEmpty() ? null : geometry.getCoordinate()[axis]
  })

const bound = (name: string, method: 'getMinX' | 'getMaxX' | 'getMinY' | 'getMaxY') =>
  ofOne(name, 'DOUBLE', (geometry) => (geometry.isEmpty() ? null : geometry.getEnvelopeInternal()[method]()))

/** The point that closes a ring is not counted. */
function pointCount(geometry: Geometry): number {
  return simpleParts(geometry)
    .map((part) => {
      if (part.isEmpty()) return 0
      return part.getNumPoints() - (kindOf(part) === 'POLYGON' ? 1 + part.getNumInteriorRing() : 0)
    })
    .reduce((sum, count) => sum + count, 0)
}

const isClosed = (geometry: Geometry): boolean => parts(geometry).every((part) => part.isEmpty() || part.isClosed())

function boundary(geometry: Geometry): Geometry {
  switch (kindOf(geometry)) {
    case 'POINT':
    case 'MULTI_POINT':
      return point0()
    case 'LINE_STRING':
    case 'MULTI_LINE_STRING': {
      const ends = geometry.isEmpty() ? undefined : geometry.getBoundary()
      return collection('MULTIPOINT', ends === undefined ? [] : parts(ends).filter((end) => !end.isEmpty()))
    }
    case 'POLYGON':
    case 'MULTI_POLYGON': {
      const rings = simpleParts(geometry).filter((part) => !part.isEmpty())
      return collection(
        'MULTILINESTRING',
        rings.flatMap((part) => [part.getExteriorRing(), ...holes(part)].map(asLine)),
      )
    }
    default:
      return invalidArgument('ST_Boundary does not apply to GEOMETRY_COLLECTION')
  }
}

const point0 = (): Geometry => fromText('POINT EMPTY')
const asLine = (ring: Geometry): Geometry => line(ring.getCoordinates())

function envelope(geometry: Geometry): Geometry {
  if (geometry.isEmpty()) return polygon([])
  const box = geometry.getEnvelopeInternal()
  return rectangle(box.getMinX(), box.getMinY(), box.getMaxX(), box.getMaxY())
}

function corners(geometry: Geometry): Geometry[] | undefined {
  if (geometry.isEmpty()) return undefined
  const box = geometry.getEnvelopeInternal()
  return [point(box.getMinX(), box.getMinY()), point(box.getMaxX(), box.getMaxY())]
}

const lineEnd = (name: string, label: string, index: 0 | -1) =>
  ofOne(
    name,
    'VARCHAR',
    asText((geometry) => {
      requireKind(label, geometry, ['LINE_STRING'])
      const place = positions(geometry).at(index)
      return place === undefined ? undefined : pointAt(place)
    }),
  )

export const accessorFunctions: readonly JsFunction[] = [
  js('js_geo_st_geometryfromtext', ['VARCHAR'], 'VARCHAR', (text) => toText(fromText(text))),
  ofKind('st_linefromtext', 'ST_LineFromText', 'LINE_STRING'),
  ofKind('st_polygon', 'ST_Polygon', 'POLYGON'),
  js('js_geo_st_point', ['DOUBLE', 'DOUBLE'], 'VARCHAR', pointText),
  jsWithNulls('js_geo_st_linestring', ['VARCHAR[]'], 'VARCHAR', (texts) => (texts === null ? null : lineString(texts))),
  jsWithNulls('js_geo_st_multipoint', ['VARCHAR[]'], 'VARCHAR', (texts) => (texts === null ? null : multiPoint(texts))),
  ofOne('st_geometrytype', 'VARCHAR', (geometry) => `ST_${geometry.getGeometryType()}`),
  ordinate('st_x', 'ST_X', 'x'),
  ordinate('st_y', 'ST_Y', 'y'),
  bound('st_xmin', 'getMinX'),
  bound('st_xmax', 'getMaxX'),
  bound('st_ymin', 'getMinY'),
  bound('st_ymax', 'getMaxY'),
  ofOne('st_coorddim', 'INTEGER', (geometry) => (hasHeight(geometry) ? 3 : 2)),
  ofOne('st_dimension', 'INTEGER', (geometry) => Math.max(0, geometry.getDimension())),
  ofOne('st_numinteriorring', 'BIGINT', (geometry) => {
    requireKind('ST_NumInteriorRing', geometry, ['POLYGON'])
    return geometry.isEmpty() ? null : BigInt(geometry.getNumInteriorRing())
  }),
  ofOne('st_numpoints', 'BIGINT', (geometry) => BigInt(pointCount(geometry))),
  ofOne('st_numgeometries', 'INTEGER', (geometry) => (geometry.isEmpty() ? 0 : geometry.getNumGeometries())),
  ofOne('st_isclosed', 'BOOLEAN', (geometry) => {
    requireKind('ST_IsClosed', geometry, LINES)
    return isClosed(geometry)
  }),
  ofOne('st_isempty', 'BOOLEAN', (geometry) => geometry.isEmpty()),
  ofOne('st_issimple', 'BOOLEAN', (geometry) => geometry.isEmpty() || geometry.isSimple()),
  ofOne('st_isvalid', 'BOOLEAN', (geometry) => geometry.isValid()),
  ofOne('st_isring', 'BOOLEAN', (geometry) => {
    requireKind('ST_IsRing', geometry, ['LINE_STRING'])
    return isClosed(geometry) && geometry.isSimple()
  }),
  ofOne('st_boundary', 'VARCHAR', asText(boundary)),
  ofOne('st_envelope', 'VARCHAR', asText(envelope)),
  ofOne('st_envelopeaspts', 'VARCHAR[]', asTexts(corners)),
  ofOne(
    'st_convexhull',
    'VARCHAR',
    asText((geometry) => (geometry.isEmpty() ? geometry : canonical(geometry.convexHull()))),
  ),
  ofOne(
    'st_centroid',
    'VARCHAR',
    asText((geometry) => {
      requireKind('ST_Centroid', geometry, ['POINT', 'MULTI_POINT', ...LINES, 'POLYGON', 'MULTI_POLYGON'])
      return geometry.isEmpty() ? point0() : geometry.getCentroid()
    }),
  ),
  ofOne(
    'st_exteriorring',
    'VARCHAR',
    asText((geometry) => {
      requireKind('ST_ExteriorRing', geometry, ['POLYGON'])
      return geometry.isEmpty() ? undefined : asLine(geometry.getExteriorRing())
    }),
  ),
  ofOne(
    'st_interiorrings',
    'VARCHAR[]',
    asTexts((geometry) => {
      requireKind('ST_InteriorRings', geometry, ['POLYGON'])
      return geometry.isEmpty() ? undefined : holes(geometry).map(asLine)
    }),
  ),
  ofNumber(
    'st_interiorringn',
    'INTEGER',
    'VARCHAR',
    asText((geometry, index) => {
      requireKind('ST_InteriorRingN', geometry, ['POLYGON'])
      const ring = holes(geometry)[index - 1]
      return ring === undefined ? undefined : asLine(ring)
    }),
  ),
  ofOne(
    'st_geometries',
    'VARCHAR[]',
    asTexts((geometry) => (geometry.isEmpty() ? undefined : parts(geometry))),
  ),
  ofNumber(
    'st_geometryn',
    'INTEGER',
    'VARCHAR',
    asText((geometry, index) => (geometry.isEmpty() ? undefined : parts(geometry)[index - 1])),
  ),
  ofNumber(
    'st_pointn',
    'INTEGER',
    'VARCHAR',
    asText((geometry, index) => {
      requireKind('ST_PointN', geometry, ['LINE_STRING'])
      const place = positions(geometry)[index - 1]
      return place === undefined ? undefined : pointAt(place)
    }),
  ),
  lineEnd('st_startpoint', 'ST_StartPoint', 0),
  lineEnd('st_endpoint', 'ST_EndPoint', -1),
  ofOne(
    'st_points',
    'VARCHAR[]',
    asTexts((geometry) => (geometry.isEmpty() ? undefined : positions(geometry).map(pointAt))),
  ),
]
