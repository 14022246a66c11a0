import type { CreateClassifierRequest, CreateClassifierResponse } from '../../../wire/model/glue.ts'
import { toClassifier } from './classifier-input.ts'
import type { CrawlerOperation } from './crawler-context.ts'

/** Crawlers use it when they name it. */
export const createClassifier: CrawlerOperation<CreateClassifierRequest, CreateClassifierResponse> = async (
  input,
  { crawlerStore },
) => {
  await crawlerStore.createClassifier(toClassifier(input))
  return {}
}
