/** A table of one Parquet file, as the engine knows it once the file's footer was read. */
import type { FileFacts } from '../../../src/engine/duckdb/facts.ts'
import type { ScanSource } from '../../../src/engine/engine.ts'
import { parseHiveType } from '../../../src/sql/hive-type.ts'
import type { Columns } from './tables.ts'

export const parquetFacts = {
  source(columns: Columns): ScanSource {
    return {
      format: { kind: 'parquet', byIndex: false },
      dataColumns: Object.entries(columns).map(([name, type]) => ({ name, type: parseHiveType(type) })),
      partitionColumns: [],
      partitions: [],
      files: [
        {
          path: '/file',
          location: 's3://bucket/file',
          sizeBytes: 1,
          modifiedAtMs: 0,
          versionKey: 'file',
          partition: -1,
        },
      ],
    }
  },
  of(columns: Columns): FileFacts {
    return {
      kind: 'parquet',
      columns: Object.entries(columns).map(([name, signature]) => ({
        name,
        signature,
        isRawBytes: false,
        compressedBytes: 1,
      })),
    }
  },
}
