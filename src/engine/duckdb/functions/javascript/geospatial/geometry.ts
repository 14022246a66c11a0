/**
 * Geometries as values: the library's objects, read from and written to well-known text. Text is canonical: rings of
 * polygons run counterclockwise outside and clockwise inside, as Athena writes them, so equal text is an equal geometry.
 */
import 'jsts/org/locationtech/jts/monkey.js'
import Orientation from 'jsts/org/locationtech/jts/algorithm/Orientation.js'
import Coordinate from 'jsts/org/locationtech/jts/geom/Coordinate.js'
import GeometryFactory from 'jsts/org/locationtech/jts/geom/GeometryFactory.js'
import LinearRing from 'jsts/org/locationtech/jts/geom/LinearRing.js'
import { invalidArgument } from '../define.ts'

// biome-ignore lint/suspicious/noExplicitAny: the library declares its classes without the methods they gain at load.
export type Geometry = any
export interface Position {
  readonly x: number
  readonly y: number
  readonly z: number
}
/** A ring that goes to one place and back is flat, and allowed: validity is asked for by its own function. */
;(LinearRing as Geometry).MINIMUM_VALID_SIZE = 3

export const factory: Geometry = new GeometryFactory()

/** The library's name of a kind of geometry, and how the language's sentences name it. */
const KINDS: Readonly<Record<string, string>> = {
  Point: 'POINT',
  MultiPoint: 'MULTI_POINT',
  LineString: 'LINE_STRING',
  LinearRing: 'LINE_STRING',
  MultiLineString: 'MULTI_LINE_STRING',
  Polygon: 'POLYGON',
  MultiPolygon: 'MULTI_POLYGON',
  GeometryCollection: 'GEOMETRY_COLLECTION',
}

export const kindOf = (geometry: Geometry): string => KINDS[geometry.getGeometryType()] ?? 'GEOMETRY_COLLECTION'
export const isMulti = (geometry: Geometry): boolean => /^MULTI|COLLECTION$/.test(kindOf(geometry))
export const parts = (geometry: Geometry): Geometry[] =>
  Array.from({ length: geometry.getNumGeometries() }, (_, index) => geometry.getGeometryN(index))
export const holes = (polygon: Geometry): Geometry[] =>
  Array.from({ length: polygon.getNumInteriorRing() }, (_, index) => polygon.getInteriorRingN(index))
export const positions = (geometry: Geometry): readonly Position[] => geometry.getCoordinates()

/** Points, lines and polygons; collections of any depth are taken apart. */
export const simpleParts = (geometry: Geometry): Geometry[] =>
  isMulti(geometry) ? parts(geometry).flatMap(simpleParts) : [geometry]

export function requireKind(name: string, geometry: Geometry, kinds: readonly string[]): void {
  const kind = kindOf(geometry)
  if (!kinds.includes(kind)) invalidArgument(`${name} only applies to ${kinds.join(' or ')}. Input type is: ${kind}`)
}

export function at(x: number, y: number, z = Number.NaN): Geometry {
  return new (Coordinate as Geometry)(x, y, z)
}

export const point = (x: number, y: number, z?: number): Geometry => factory.createPoint(at(x, y, z))
export const pointAt = ({ x, y, z }: Position): Geometry => point(x, y, z)
export const line = (coordinates: readonly Geometry[]): Geometry => factory.createLineString([...coordinates])

export function polygon(rings: readonly (readonly Geometry[])[]): Geometry {
  const [shell, ...inner] = rings.map((ring, index) => {
    const isCounter = ring.length > 3 && Orientation.isCCW([...ring] as never)
    return factory.createLinearRing(isCounter === (index === 0) ? [...ring] : [...ring].reverse())
  })
  return shell === undefined ? factory.createPolygon() : factory.createPolygon(shell, inner)
}

export function rectangle(west: number, south: number, east: number, north: number): Geometry {
  return polygon([[at(west, south), at(east, south), at(east, north), at(west, north), at(west, south)]])
}

const CONSTRUCTORS: Readonly<Record<string, (members: Geometry[]) => Geometry>> = {
  MULTIPOINT: (members) => factory.createMultiPoint(members),
  MULTILINESTRING: (members) => factory.createMultiLineString(members),
  MULTIPOLYGON: (members) => factory.createMultiPolygon(members),
  GEOMETRYCOLLECTION: (members) => factory.createGeometryCollection(members),
}

export function collection(kind: string, members: Geometry[]): Geometry {
  return CONSTRUCTORS[kind]?.(members)
}

// ---------------------------------------------------------------- well-known text

const TOKEN = /\s*([A-Za-z]+|[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?|[(),])/y

class Reader {
  readonly #tokens: string[] = []
  #next = 0

  constructor(text: string) {
    TOKEN.lastIndex = 0
    const end = text.trimEnd().length
    while (TOKEN.lastIndex < end) {
      const found = TOKEN.exec(text)
      if (found === null) throw new SyntaxError(text)
      this.#tokens.push(found[1] ?? '')
    }
  }

  geometry(): Geometry {
    const kind = this.#take().toUpperCase()
    const dimensions = this.#accept('Z') ? 3 : 2
    if (this.#accept('EMPTY')) return this.#empty(kind)
    switch (kind) {
      case 'POINT':
        return this.#inParentheses(() => factory.createPoint(this.#position(dimensions)))
      case 'LINESTRING':
        return line(this.#positions(dimensions))
      case 'POLYGON':
        return polygon(this.#list(() => this.#positions(dimensions)))
      case 'MULTIPOINT':
        return collection(
          kind,
          this.#list(() =>
            factory.createPoint(
              this.#tokens[this.#next] === '('
                ? this.#inParentheses(() => this.#position(dimensions))
                : this.#position(dimensions),
            ),
          ),
        )
      case 'MULTILINESTRING':
        return collection(
          kind,
          this.#list(() => line(this.#positions(dimensions))),
        )
      case 'MULTIPOLYGON':
        return collection(
          kind,
          this.#list(() => polygon(this.#list(() => this.#positions(dimensions)))),
        )
      case 'GEOMETRYCOLLECTION':
        return collection(
          kind,
          this.#list(() => this.geometry()),
        )
      default:
        throw new SyntaxError(kind)
    }
  }

  end(): void {
    if (this.#next < this.#tokens.length) throw new SyntaxError('more text')
  }

  #empty(kind: string): Geometry {
    if (kind === 'POINT') return factory.createPoint()
    if (kind === 'LINESTRING') return line([])
    if (kind === 'POLYGON') return polygon([])
    return collection(kind, []) ?? fail(kind)
  }

  #positions(dimensions: number): Geometry[] {
    return this.#list(() => this.#position(dimensions))
  }

  #position(dimensions: number): Geometry {
    const numbers = Array.from({ length: dimensions }, () => {
      const text = this.#take()
      return /\d/.test(text) ? Number(text) : fail(text)
    })
    return at(numbers[0] ?? 0, numbers[1] ?? 0, numbers[2])
  }

  #list<T>(item: () => T): T[] {
    return this.#inParentheses(() => {
      const items = [item()]
      while (this.#accept(',')) items.push(item())
      return items
    })
  }

  #inParentheses<T>(content: () => T): T {
    if (!this.#accept('(')) fail('(')
    const value = content()
    if (!this.#accept(')')) fail(')')
    return value
  }

  #take(): string {
    const token = this.#tokens[this.#next++]
    return token ?? fail('the end')
  }

  #accept(token: string): boolean {
    const isNext = this.#tokens[this.#next]?.toUpperCase() === token
    if (isNext) this.#next += 1
    return isNext
  }
}

function fail(text: string): never {
  throw new SyntaxError(text)
}

/** Any mistake, also a ring that does not close, is `Invalid WKT`. */
export function fromText(text: string): Geometry {
  try {
    const reader = new Reader(text)
    const geometry = reader.geometry()
    reader.end()
    return geometry
  } catch {
    return invalidArgument(`Invalid WKT: ${text}`)
  }
}

const LABELS: Readonly<Record<string, string>> = { LinearRing: 'LINESTRING' }

/** Whole numbers without a point, no exponents. */
function numberText(value: number): string {
  const text = String(value === 0 ? 0 : value)
  return text.includes('e') ? text.toUpperCase().replace('E+', 'E') : text
}

export function toText(geometry: Geometry): string {
  const type = geometry.getGeometryType()
  const label = LABELS[type] ?? type.toUpperCase()
  if (geometry.isEmpty()) return `${label} EMPTY`
  const isSolid = kindOf(geometry) !== 'GEOMETRY_COLLECTION' && hasHeight(geometry)
  return `${label}${isSolid ? ' Z' : ''} ${body(geometry, isSolid)}`
}

export const hasHeight = (geometry: Geometry): boolean =>
  positions(geometry).some(({ z }) => !Number.isNaN(z ?? Number.NaN))

function body(geometry: Geometry, isSolid: boolean): string {
  const run = (each: Geometry): string =>
    `(${positions(each)
      .map((position) => place(position, isSolid))
      .join(', ')})`
  switch (kindOf(geometry)) {
    case 'POINT':
    case 'LINE_STRING':
      return run(geometry)
    case 'POLYGON':
      return `(${[geometry.getExteriorRing(), ...holes(geometry)].map(run).join(', ')})`
    case 'GEOMETRY_COLLECTION':
      return `(${parts(geometry).map(toText).join(', ')})`
    default:
      return `(${parts(geometry)
        .map((part) => body(part, isSolid))
        .join(', ')})`
  }
}

function place({ x, y, z }: Position, isSolid: boolean): string {
  return [x, y, ...(isSolid ? [z] : [])].map(numberText).join(' ')
}

/** What the library's algebra gives, its rings turned as ours are. */
export function canonical(geometry: Geometry): Geometry {
  switch (kindOf(geometry)) {
    case 'POLYGON':
      if (geometry.isEmpty()) return geometry
      return polygon([geometry.getExteriorRing(), ...holes(geometry)].map((ring) => ring.getCoordinates()))
    case 'MULTI_POLYGON':
      return collection('MULTIPOLYGON', parts(geometry).map(canonical))
    case 'GEOMETRY_COLLECTION':
      return collection('GEOMETRYCOLLECTION', parts(geometry).map(canonical))
    default:
      return geometry
  }
}
