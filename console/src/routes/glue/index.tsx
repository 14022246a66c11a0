/** Glue's pages: databases, tables, crawlers, triggers, workflows. */
import { Navigate, Route, Routes } from 'react-router'
import { NotFound } from '../../app/not-found.tsx'
import { CrawlerPage } from './crawlers/crawler-page.tsx'
import { CrawlersPage } from './crawlers/crawlers-page.tsx'
import { CreateCrawlerPage } from './crawlers/create-crawler-page.tsx'
import { DatabasesPage } from './databases-page.tsx'
import { TablePage } from './tables/table-page.tsx'
import { TablesPage } from './tables/tables-page.tsx'
import { TriggersPage } from './triggers-page.tsx'
import { WorkflowsPage } from './workflows-page.tsx'

export default function Glue() {
  return (
    <Routes>
      <Route index={true} element={<Navigate to="databases" replace={true} />} />
      <Route path="databases" element={<DatabasesPage />} />
      <Route path="databases/:database" element={<TablesPage />} />
      <Route path="databases/:database/:table" element={<TablePage />} />
      <Route path="tables" element={<TablesPage />} />
      <Route path="crawlers" element={<CrawlersPage />} />
      <Route path="crawlers/create" element={<CreateCrawlerPage />} />
      <Route path="crawlers/:crawler" element={<CrawlerPage />} />
      <Route path="triggers" element={<TriggersPage />} />
      <Route path="workflows" element={<WorkflowsPage />} />
      <Route path="*" element={<NotFound />} />
    </Routes>
  )
}
