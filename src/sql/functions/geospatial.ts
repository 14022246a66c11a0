/** Geometries on the plane, geographies on the sphere, and Bing tiles. */
import { aggregate, type FunctionDeclaration, scalar } from './declare.ts'

const each = (names: readonly string[], signature: string) => names.map((name) => scalar(name, [signature]))

export const geospatialDeclarations: readonly FunctionDeclaration[] = [
  ...each(['st_geometryfromtext', 'st_linefromtext', 'st_polygon', 'from_encoded_polyline'], '(varchar) -> geometry'),
  ...each(['st_geomfrombinary', 'geometry_from_hadoop_shape'], '(varbinary) -> geometry'),
  scalar('st_point', ['(double, double) -> geometry']),
  ...each(['st_linestring', 'st_multipoint', 'geometry_union'], '(array(geometry)) -> geometry'),
  scalar('to_spherical_geography', ['(geometry) -> sphericalgeography']),
  scalar('to_geometry', ['(sphericalgeography) -> geometry']),
  scalar('from_geojson_geometry', ['(varchar) -> sphericalgeography']),
  scalar('to_geojson_geometry', ['(sphericalgeography) -> varchar']),
  scalar('st_asbinary', ['(geometry) -> varbinary']),
  ...each(['st_astext', 'st_geometrytype', 'to_encoded_polyline', 'geometry_invalid_reason'], '(geometry) -> varchar'),
  scalar('st_area', ['(geometry) -> double', '(sphericalgeography) -> double']),
  scalar('st_length', ['(geometry) -> double', '(sphericalgeography) -> double']),
  scalar('st_distance', ['(geometry, geometry) -> double', '(sphericalgeography, sphericalgeography) -> double']),
  ...each(['st_x', 'st_y', 'st_xmin', 'st_xmax', 'st_ymin', 'st_ymax'], '(geometry) -> double'),
  ...each(['st_coorddim', 'st_dimension'], '(geometry) -> tinyint'),
  ...each(['st_numinteriorring', 'st_numpoints'], '(geometry) -> bigint'),
  scalar('st_numgeometries', ['(geometry) -> integer']),
  ...each(['st_isclosed', 'st_isempty', 'st_issimple', 'st_isvalid', 'st_isring'], '(geometry) -> boolean'),
  ...each(
    ['st_centroid', 'st_convexhull', 'st_boundary', 'st_envelope', 'st_exteriorring', 'st_startpoint', 'st_endpoint'],
    '(geometry) -> geometry',
  ),
  ...each(['st_interiorrings', 'st_geometries', 'st_points', 'st_envelopeaspts'], '(geometry) -> array(geometry)'),
  ...each(['st_geometryn', 'st_pointn', 'st_interiorringn'], '(geometry, integer) -> geometry'),
  ...each(['st_buffer', 'simplify_geometry', 'line_interpolate_point'], '(geometry, double) -> geometry'),
  scalar('line_interpolate_points', ['(geometry, double) -> array(geometry)']),
  scalar('line_locate_point', ['(geometry, geometry) -> double']),
  ...each(['st_union', 'st_intersection', 'st_difference', 'st_symdifference'], '(geometry, geometry) -> geometry'),
  scalar('geometry_nearest_points', ['(geometry, geometry) -> row(geometry, geometry)']),
  ...each(
    [
      'st_contains',
      'st_crosses',
      'st_disjoint',
      'st_equals',
      'st_intersects',
      'st_overlaps',
      'st_touches',
      'st_within',
    ],
    '(geometry, geometry) -> boolean',
  ),
  scalar('st_relate', ['(geometry, geometry, varchar) -> boolean']),
  scalar('great_circle_distance', ['(double, double, double, double) -> double']),
  scalar('spatial_partitions', [
    '(kdbtree, geometry) -> array(integer)',
    '(kdbtree, geometry, double) -> array(integer)',
  ]),

  scalar('bing_tile', ['(integer, integer, integer) -> bingtile', '(varchar) -> bingtile']),
  scalar('bing_tile_at', ['(double, double, integer) -> bingtile']),
  scalar('bing_tiles_around', [
    '(double, double, integer) -> array(bingtile)',
    '(double, double, integer, double) -> array(bingtile)',
  ]),
  scalar('bing_tile_quadkey', ['(bingtile) -> varchar']),
  scalar('bing_tile_coordinates', ['(bingtile) -> row(x integer, y integer)']),
  scalar('bing_tile_zoom_level', ['(bingtile) -> tinyint']),
  scalar('bing_tile_polygon', ['(bingtile) -> geometry']),
  scalar('geometry_to_bing_tiles', ['(geometry, integer) -> array(bingtile)']),

  aggregate('convex_hull_agg', ['(geometry) -> geometry']),
  aggregate('geometry_union_agg', ['(geometry) -> geometry']),
]
