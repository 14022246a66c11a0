/** Removes every object of a bucket with all of its versions, and tells how far it is. */
import Box from '@cloudscape-design/components/box'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { ConfirmDelete } from '../../components/confirm-delete.tsx'
import { numberText } from '../../components/figures.ts'
import { useNotices } from '../../components/notifications.tsx'
import { emptyPrefix } from '../../drivers/s3.ts'

export function EmptyBucket({ bucket, onDone }: { readonly bucket: string; readonly onDone: () => void }) {
  const [removed, setRemoved] = useState(0)
  const queries = useQueryClient()
  const notices = useNotices()
  return (
    <ConfirmDelete
      title="Empty bucket"
      name={bucket}
      action="Empty"
      onDismiss={onDone}
      onConfirm={async () => {
        await emptyPrefix(bucket, '', setRemoved)
        onDone()
        notices.success(`Bucket ${bucket} is empty.`)
        await queries.invalidateQueries({ queryKey: ['objects', bucket] })
      }}
    >
      Every object in {bucket} is removed, with all of its versions. They cannot be brought back.
      {removed > 0 && <Box color="inherit">{numberText(removed)} removed</Box>}
    </ConfirmDelete>
  )
}
