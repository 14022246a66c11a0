import type { GetClassifierRequest, GetClassifierResponse } from '../../../wire/model/glue.ts'
import { entityNotFound } from '../errors.ts'
import { fromClassifier } from './classifier-shape.ts'
import type { CrawlerOperation } from './crawler-context.ts'

export const getClassifier: CrawlerOperation<GetClassifierRequest, GetClassifierResponse> = async (
  { Name },
  { crawlerStore },
) => {
  const classifier = await crawlerStore.findClassifier(Name)
  if (classifier === undefined) throw entityNotFound(`Classifier with name ${Name} does not exist`)
  return { Classifier: fromClassifier(classifier) }
}
