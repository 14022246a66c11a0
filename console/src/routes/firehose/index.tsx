/** Firehose's pages: delivery streams. */
import { Navigate, Route, Routes } from 'react-router'
import { NotFound } from '../../app/not-found.tsx'
import { CreateStreamPage } from './create-stream-page.tsx'
import { StreamPage } from './stream-page.tsx'
import { StreamsPage } from './streams-page.tsx'

export default function Firehose() {
  return (
    <Routes>
      <Route index={true} element={<Navigate to="streams" replace={true} />} />
      <Route path="streams" element={<StreamsPage />} />
      <Route path="streams/create" element={<CreateStreamPage />} />
      <Route path="streams/:stream" element={<StreamPage />} />
      <Route path="*" element={<NotFound />} />
    </Routes>
  )
}
