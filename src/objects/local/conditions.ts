/** Write conditions, judged inside the transaction. A delete marker counts as nothing being there. */
import { Refusal } from '../../platform/refusal.ts'
import type { ObjectRef, WriteCondition } from '../object-store.ts'

/** `current`: the version that the write would replace. */
export function requireCondition(
  current: { readonly id: number; readonly etag: string; readonly marker: number } | undefined,
  condition: WriteCondition | undefined,
  ref: ObjectRef,
): void {
  if (condition === undefined) return
  if (condition.ifRevision !== undefined && condition.ifRevision !== String(current?.id)) throw failed('revision', ref)
  const existing = current?.marker === 1 ? undefined : current
  if (condition.ifNoneMatch !== undefined && existing !== undefined) throw failed('If-None-Match', ref)
  if (condition.ifMatch === undefined) return
  if (existing === undefined) {
    throw new Refusal('noSuchKey', `There is no object s3://${ref.bucket}/${ref.key} to match.`, {
      fields: { bucket: ref.bucket, key: ref.key },
    })
  }
  if (condition.ifMatch !== '*' && condition.ifMatch !== existing.etag) throw failed('If-Match', ref)
}

function failed(condition: 'If-Match' | 'If-None-Match' | 'revision', { bucket, key }: ObjectRef): Refusal {
  return new Refusal('preconditionFailed', `${condition} does not hold for s3://${bucket}/${key}.`, {
    fields: { bucket, key, condition },
  })
}
