/** What a query read of the lake: whole objects for text, the column chunks it touched for Parquet. */
import type { EngineQuery, ScanSource } from '../engine.ts'
import type { FactsOf, ScanNode } from './scan.ts'
import { columnInFile } from './scan-parquet.ts'
import { scansOf } from './tree-walk.ts'

/** Without `factsOf`: of text alone, which is known before any file was looked into. */
export function scannedBytes(
  query: Omit<EngineQuery, 'csvPath'>,
  factsOf: ((source: ScanSource) => FactsOf) | undefined,
): number {
  return scansOf(query.query.relation)
    .map((node) => {
      const source = query.sources.get(node.scanId)
      return source === undefined ? 0 : scanBytes(node, source, factsOf?.(source))
    })
    .reduce((sum, bytes) => sum + bytes, 0)
}

/** A query of partition columns alone still counts its rows in the files; text must be read for that. */
function scanBytes(node: ScanNode, source: ScanSource, factsOf: FactsOf | undefined): number {
  const { format } = source
  if (format.kind !== 'parquet') return source.files.reduce((sum, file) => sum + file.sizeBytes, 0)
  if (factsOf === undefined) return 0
  const wanted = new Set(node.fields.filter((field) => field.source === 'data').map((field) => field.column))
  return source.files
    .map((file) => {
      const facts = factsOf(file)
      if (facts.kind !== 'parquet') return 0
      const touched = source.dataColumns.flatMap(({ name }, index) =>
        wanted.has(name) ? [columnInFile(format, facts.columns, name, index)] : [],
      )
      return touched.reduce((sum, column) => sum + (column?.compressedBytes ?? 0), 0)
    })
    .reduce((sum, bytes) => sum + bytes, 0)
}
