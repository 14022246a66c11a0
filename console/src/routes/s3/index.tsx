/** S3's pages: buckets, a bucket with its objects and properties, an object. */
import { Navigate, Route, Routes } from 'react-router'
import { NotFound } from '../../app/not-found.tsx'
import { BucketPage } from './bucket-page.tsx'
import { BucketsPage } from './buckets-page.tsx'
import { CreateBucketPage } from './create-bucket-page.tsx'
import { ObjectPage } from './object-page.tsx'

export default function S3() {
  return (
    <Routes>
      <Route index={true} element={<Navigate to="buckets" replace={true} />} />
      <Route path="buckets" element={<BucketsPage />} />
      <Route path="create" element={<CreateBucketPage />} />
      <Route path="buckets/:bucket" element={<BucketPage />} />
      <Route path="buckets/:bucket/objects/:key" element={<ObjectPage />} />
      <Route path="*" element={<NotFound />} />
    </Routes>
  )
}
