import type { DeleteClassifierRequest, DeleteClassifierResponse } from '../../../wire/model/glue.ts'
import type { CrawlerOperation } from './crawler-context.ts'

/** Also one that crawlers name: their runs fail until they no longer do. */
export const deleteClassifier: CrawlerOperation<DeleteClassifierRequest, DeleteClassifierResponse> = async (
  { Name },
  { crawlerStore },
) => {
  await crawlerStore.deleteClassifier(Name)
  return {}
}
