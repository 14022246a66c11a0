import type { ListDataCatalogsInput, ListDataCatalogsOutput } from '../../wire/model/athena.ts'
import type { AthenaOperation } from './context.ts'
import { fromDataCatalogSummary } from './data-catalog-shape.ts'
import { pageOf, textToken } from './page.ts'

const PAGE_MAX = 50

/** Sorted by name. */
export const listDataCatalogs: AthenaOperation<ListDataCatalogsInput, ListDataCatalogsOutput> = async (
  { NextToken, MaxResults },
  { queries },
) => {
  const after = textToken(NextToken)
  const page = pageOf(
    (limit) => queries.dataCatalogs.page(after, limit),
    MaxResults ?? PAGE_MAX,
    (last) => last.name,
  )
  return { DataCatalogsSummary: page.items.map(fromDataCatalogSummary), NextToken: page.nextToken }
}
