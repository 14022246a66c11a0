/**
 * The catalog in the lake's own SQLite file: the Catalog port for one machine.
 *
 * Every change is one function inside `MetadataDatabase.write`, so the check and the write of a compare-and-set are one
 * step and durable before the promise resolves. Reads answer from the same connection at once.
 *
 * Each subject is a layer upon the ones it needs: `databases.ts`, `partitions.ts`, `tables.ts`, `statistics.ts`.
 */
import type { Clock } from '../../platform/clock.ts'
import type { MetadataDatabase } from '../../platform/sqlite.ts'
import type { Catalog } from '../catalog.ts'
import { CATALOG_COMPONENT, CATALOG_MIGRATIONS } from './schema.ts'
import { EmbeddedStatistics } from './statistics.ts'

export class EmbeddedCatalog extends EmbeddedStatistics implements Catalog {
  constructor(parts: { database: MetadataDatabase; clock: Clock }) {
    parts.database.migrate(CATALOG_COMPONENT, CATALOG_MIGRATIONS)
    super(parts)
  }
}
