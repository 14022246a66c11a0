import { objectLockContract } from '../../contracts/object-lock.ts'
import { objectStoreContract } from '../../contracts/object-store.ts'
import { dataDirectory } from './support.ts'

async function open() {
  const data = await dataDirectory()
  const { store, close } = await data.open()
  return {
    store,
    clock: data.clock,
    enableVersioning: async (bucket: string) => void (await store.changeBucket(bucket, { versioning: 'enabled' })),
    close: async () => {
      await close()
      await data.remove()
    },
  }
}

objectStoreContract('the local store', open)
objectLockContract('the local store', open)
