/** Athena's pages: the query editor, recent and saved queries, workgroups. */
import { Navigate, Route, Routes } from 'react-router'
import { NotFound } from '../../app/not-found.tsx'
import { EditorPage } from './editor/editor-page.tsx'
import { HistoryPage } from './history-page.tsx'
import { SavedPage } from './saved-page.tsx'
import { WorkgroupPage } from './workgroup-page.tsx'
import { WorkgroupsPage } from './workgroups-page.tsx'

export default function Athena() {
  return (
    <Routes>
      <Route index={true} element={<Navigate to="editor" replace={true} />} />
      <Route path="editor" element={<EditorPage />} />
      <Route path="history" element={<HistoryPage />} />
      <Route path="saved" element={<SavedPage />} />
      <Route path="workgroups" element={<WorkgroupsPage />} />
      <Route path="workgroups/:workgroup" element={<WorkgroupPage />} />
      <Route path="*" element={<NotFound />} />
    </Routes>
  )
}
