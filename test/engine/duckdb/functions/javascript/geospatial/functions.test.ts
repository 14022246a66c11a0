import fc from 'fast-check'
import { expect, test } from 'vitest'
import { geospatialTranslations } from '../../../../../../src/engine/duckdb/functions/geospatial.ts'
import { geospatialFunctions } from '../../../../../../src/engine/duckdb/functions/javascript/geospatial/functions.ts'

const byName = new Map(geospatialFunctions.map((each) => [each.name, each]))

function call(name: string, ...args: readonly unknown[]): unknown {
  return byName.get(`js_geo_${name}`)?.compute(args)
}

test('every function that a statement can name is there once', () => {
  expect(byName.size).toBe(geospatialFunctions.length)
  const printed = Object.values(geospatialTranslations).flatMap((translation) =>
    [['1'], ['1', '2', '3'], ['1', '2', '3', '4']].flatMap((args) =>
      (['geometry', 'sphericalgeography'] as const).map((kind) =>
        translation({ args, types: args.map(() => ({ kind })) } as never),
      ),
    ),
  )
  const named = new Set(printed.flatMap((sql) => sql.match(/js_geo_\w+/g) ?? []))
  expect([...named].filter((name) => !byName.has(name))).toEqual([])
})

const degrees = (limit: number) =>
  fc.integer({ min: -limit * 100_000, max: limit * 100_000 }).map((units) => units / 100_000)
const place = fc.tuple(degrees(180), degrees(85))
const lineText = fc
  .array(place, { minLength: 2, maxLength: 20 })
  .map((places) => `LINESTRING (${places.map(([x, y]) => `${x} ${y}`).join(', ')})`)

test('a line survives the way through well-known binary and GeoJSON', () => {
  fc.assert(
    fc.property(lineText, (text) => {
      const canonical = call('st_geometryfromtext', text)
      expect(call('st_geomfrombinary', call('st_asbinary', text))).toBe(canonical)
      expect(call('from_geojson_geometry', call('to_geojson_geometry', text))).toBe(canonical)
    }),
  )
})

test('a polyline encodes what it was decoded from', () => {
  fc.assert(
    fc.property(lineText, (text) => {
      const polyline = call('to_encoded_polyline', text)
      expect(call('to_encoded_polyline', call('from_encoded_polyline', polyline))).toBe(polyline)
    }),
  )
})

test('the tile of a place is among those that cover it, and its key names it', () => {
  fc.assert(
    fc.property(place, fc.integer({ min: 1, max: 23 }), ([longitude, latitude], zoom) => {
      const tile = call('bing_tile_at', latitude, longitude, zoom)
      expect(call('tile_of_quadkey', call('bing_tile_quadkey', tile))).toBe(tile)
      expect(call('tiles_around', latitude, longitude, zoom)).toContain(tile)
    }),
  )
})

const TEXTS: readonly (readonly [string, string])[] = [
  ['point(1 2)', 'POINT (1 2)'],
  ['MULTIPOINT (1 2, 3 4)', 'MULTIPOINT ((1 2), (3 4))'],
  [
    'POLYGON ((0 0, 0 4, 4 4, 4 0, 0 0), (1 1, 2 1, 2 2, 1 1))',
    'POLYGON ((0 0, 4 0, 4 4, 0 4, 0 0), (1 1, 2 2, 2 1, 1 1))',
  ],
  ['POINT Z (1 2 3)', 'POINT Z (1 2 3)'],
  ['GEOMETRYCOLLECTION (POINT (1 2), LINESTRING EMPTY)', 'GEOMETRYCOLLECTION (POINT (1 2), LINESTRING EMPTY)'],
]

test.each(TEXTS)('%s reads as %s', (text, canonical) => {
  expect(call('st_geometryfromtext', text)).toBe(canonical)
})

const MISTAKES = [
  '',
  'POINT',
  'POINT (1)',
  'POINT (1 2',
  'POINT (1 2) x',
  'POLYGON (0 0)',
  'POLYGON ((0 0, 1 1, 2 0))',
  'CIRCLE (1 2)',
]

test.each(MISTAKES)('%j is no geometry', (text) => {
  expect(() => call('st_geometryfromtext', text)).toThrow(`Invalid WKT: ${text}`)
})

test('a square degree at the equator has its area on the sphere, and a cap holds the pole', () => {
  expect(call('spherical_area', 'POLYGON ((0 0, 0 1, 1 1, 1 0, 0 0))')).toBeCloseTo(1.2364036567076e10, -2)
  expect(call('spherical_area', 'POLYGON ((-135 85, -45 85, 45 85, 135 85, -135 85))')).toBeCloseTo(619.0e9, -10)
})

test('a tile outside its zoom, a bad key and a bad place are refused', () => {
  expect(() => call('tile', 8, 0, 3)).toThrow(
    'XY coordinates for a Bing tile at zoom level 3 must be within [0, 8) range',
  )
  expect(() => call('tile_of_quadkey', '12345')).toThrow('Invalid QuadKey digit sequence: 12345')
  expect(() => call('bing_tile_at', 86, 0, 3)).toThrow('Latitude must be between -85.05112878 and 85.05112878')
})
