import { objectStoreContract } from '../../contracts/object-store.ts'
import { dataDirectory } from './support.ts'

objectStoreContract('the local store', async () => {
  const data = await dataDirectory()
  const { store, close } = await data.open()
  return {
    store,
    enableVersioning: async (bucket) => void (await store.changeBucket(bucket, { versioning: 'enabled' })),
    close: async () => {
      await close()
      await data.remove()
    },
  }
})
