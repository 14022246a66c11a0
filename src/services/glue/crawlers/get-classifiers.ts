import type { GetClassifiersRequest, GetClassifiersResponse } from '../../../wire/model/glue.ts'
import { pageOf } from '../page.ts'
import { fromClassifier } from './classifier-shape.ts'
import type { CrawlerOperation } from './crawler-context.ts'

const CLASSIFIERS_PER_PAGE = 100

export const getClassifiers: CrawlerOperation<GetClassifiersRequest, GetClassifiersResponse> = async (
  { MaxResults = CLASSIFIERS_PER_PAGE, NextToken },
  { crawlerStore },
) => {
  const request = { token: NextToken, limit: MaxResults }
  const { items, nextToken } = pageOf(await crawlerStore.classifiers(), ({ classifier }) => classifier.name, request)
  return {
    Classifiers: items.map(fromClassifier),
    ...(nextToken !== undefined && { NextToken: nextToken }),
  }
}
