import { expect, test } from 'vitest'
import type { Acl } from '../../../src/objects/object-store.ts'
import { dataDirectory } from './support.ts'

const PUBLIC: Acl = [
  { grantee: 'owner', right: 'fullControl' },
  { grantee: 'allUsers', right: 'read' },
]
const OBJECT = { bucket: 'lake', key: 'a' }

test('an ACL outlives a restart; that of a copy or a new version is its own', async () => {
  const data = await dataDirectory()
  const first = await data.open()
  await first.store.createBucket('lake', 'us-east-1')
  const version = await first.store.put(OBJECT, Buffer.from('x'), { acl: PUBLIC })
  expect(version.acl).toEqual(PUBLIC)
  await first.store.copy(version, { bucket: 'lake', key: 'copy' }, { metadata: {} })
  const upload = await first.store.createUpload(
    { bucket: 'lake', key: 'big' },
    { acl: PUBLIC, begunWith: { 's3:x-amz-acl': ['public-read'] } },
  )
  await first.close()

  const { store, close } = await data.open()
  expect((await store.head(OBJECT)).acl).toEqual(PUBLIC)
  expect((await store.head({ bucket: 'lake', key: 'copy' })).acl).toBeUndefined()
  expect(await store.uploadNamed(upload)).toEqual(upload)
  const part = await store.putPart(upload, 1, Buffer.from('y'))
  expect((await store.completeUpload(upload, [{ number: 1, etag: part.etag }])).acl).toEqual(PUBLIC)
  expect((await store.put(OBJECT, Buffer.from('z'))).acl).toBeUndefined()
  await close()
  await data.remove()
})

test('an ACL is replaced; one without grants is not the owner’s', async () => {
  const data = await dataDirectory()
  const { store, close } = await data.open()
  await store.createBucket('lake', 'us-east-1')
  await store.put(OBJECT, Buffer.from('x'))
  expect((await store.setAcl(OBJECT, [])).acl).toEqual([])
  expect((await store.setAcl(OBJECT, undefined)).acl).toBeUndefined()
  await store.changeBucket('lake', { versioning: 'enabled' })
  const { versionId } = await store.delete(OBJECT)
  await expect(store.setAcl({ ...OBJECT, versionId: versionId as string }, PUBLIC)).rejects.toMatchObject({
    code: 'methodNotAllowed',
  })
  await close()
  await data.remove()
})
