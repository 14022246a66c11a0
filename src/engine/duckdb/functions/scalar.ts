/** Every scalar translation, by the declaration's name. A name that is missing here is refused by name. */
import { binaryTranslations } from './binary.ts'
import { collectionTranslations } from './collection.ts'
import { datetimeTranslations } from './datetime.ts'
import { geospatialTranslations } from './geospatial.ts'
import { jsonTranslations } from './json.ts'
import { mathTranslations } from './math.ts'
import { operatorTranslations } from './operators.ts'
import { sessionTranslations } from './session.ts'
import { sketchTranslations } from './sketches.ts'
import { sqlJsonTranslations } from './sql-json.ts'
import { stringTranslations } from './string.ts'
import type { Translations } from './translation.ts'

export const scalarTranslations: Translations = {
  ...operatorTranslations,
  ...mathTranslations,
  ...stringTranslations,
  ...datetimeTranslations,
  ...jsonTranslations,
  ...sqlJsonTranslations,
  ...collectionTranslations,
  ...binaryTranslations,
  ...geospatialTranslations,
  ...sessionTranslations,
  ...sketchTranslations,
}
