/** Geometries, geographies and Bing tiles: functions in JavaScript, which are loaded when a statement names one. */
import { letting } from '../print/text.ts'
import { argument, native, type Translation, type Translations, typeAt } from './translation.ts'

/** A geography's overload has a function of its own. */
const bySurface =
  (name: string): Translation =>
  (call) =>
    native(typeAt(call, 0).kind === 'sphericalgeography' ? `js_geo_spherical_${name}` : `js_geo_st_${name}`)(call)

const small: (name: string) => Translation = (name) => (call) => `CAST(${native(name)(call)} AS TINYINT)`

const named = (names: readonly string[]): Translations =>
  Object.fromEntries(names.map((name) => [name, native(`js_geo_${name}`)]))

export const geospatialTranslations: Translations = {
  ...named([
    'st_geometryfromtext',
    'st_linefromtext',
    'st_polygon',
    'st_geomfrombinary',
    'geometry_from_hadoop_shape',
    'from_encoded_polyline',
    'to_encoded_polyline',
    'st_point',
    'st_linestring',
    'st_multipoint',
    'geometry_union',
    'to_spherical_geography',
    'from_geojson_geometry',
    'to_geojson_geometry',
    'st_asbinary',
    'st_geometrytype',
    'st_x',
    'st_y',
    'st_xmin',
    'st_xmax',
    'st_ymin',
    'st_ymax',
    'st_numinteriorring',
    'st_numpoints',
    'st_numgeometries',
    'st_isclosed',
    'st_isempty',
    'st_issimple',
    'st_isvalid',
    'st_isring',
    'st_centroid',
    'st_convexhull',
    'st_boundary',
    'st_envelope',
    'st_exteriorring',
    'st_startpoint',
    'st_endpoint',
    'st_interiorrings',
    'st_geometries',
    'st_points',
    'st_envelopeaspts',
    'st_geometryn',
    'st_pointn',
    'st_interiorringn',
    'st_buffer',
    'simplify_geometry',
    'line_interpolate_point',
    'line_interpolate_points',
    'line_locate_point',
    'st_union',
    'st_intersection',
    'st_difference',
    'st_symdifference',
    'st_contains',
    'st_crosses',
    'st_disjoint',
    'st_equals',
    'st_intersects',
    'st_overlaps',
    'st_touches',
    'st_within',
    'st_relate',
    'great_circle_distance',
    'bing_tile_at',
    'bing_tile_quadkey',
    'bing_tile_polygon',
    'geometry_to_bing_tiles',
  ]),
  to_geometry: (call) => argument(call, 0),
  st_astext: (call) => argument(call, 0),
  st_area: bySurface('area'),
  st_length: bySurface('length'),
  st_distance: bySurface('distance'),
  st_coorddim: small('js_geo_st_coorddim'),
  st_dimension: small('js_geo_st_dimension'),
  geometry_nearest_points: (call) =>
    letting(
      native('js_geo_nearest_points')(call),
      (points) => `CASE WHEN ${points} IS NOT NULL THEN struct_pack(f1 := ${points}[1], f2 := ${points}[2]) END`,
    ),
  bing_tile: (call) => native(call.args.length === 1 ? 'js_geo_tile_of_quadkey' : 'js_geo_tile')(call),
  bing_tiles_around: (call) => native(call.args.length === 3 ? 'js_geo_tiles_around' : 'js_geo_tiles_within')(call),
  bing_tile_zoom_level: (call) => `CAST(${argument(call, 0)} & 31 AS TINYINT)`,
  bing_tile_coordinates: (call) =>
    letting(
      argument(call, 0),
      (tile) =>
        `CASE WHEN ${tile} IS NOT NULL THEN struct_pack(x := CAST(${tile} >> 28 AS INTEGER), y := CAST(${tile} >> 5 & 8388607 AS INTEGER)) END`,
    ),
}
