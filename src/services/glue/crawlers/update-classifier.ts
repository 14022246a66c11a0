import type { UpdateClassifierRequest, UpdateClassifierResponse } from '../../../wire/model/glue.ts'
import { classifierNameOf, updatedClassifier } from './classifier-input.ts'
import type { CrawlerOperation } from './crawler-context.ts'

/** Members that are absent stay as they are. Runs that begin afterwards use it. */
export const updateClassifier: CrawlerOperation<UpdateClassifierRequest, UpdateClassifierResponse> = async (
  input,
  { crawlerStore },
) => {
  await crawlerStore.updateClassifier(classifierNameOf(input), (current) => updatedClassifier(current, input))
  return {}
}
