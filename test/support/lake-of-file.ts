/** A lake for all tests of the file that asks for one. */
import { afterAll, beforeAll } from 'vitest'
import { startLake, type TestLake, temporaryDirectory } from './lake.ts'

/** `lake` is there while tests run; `folder` is for what they make beside it. */
export function lakeOfFile(): { lake(): TestLake; readonly folder: string } {
  const directory = temporaryDirectory()
  const folder = temporaryDirectory()
  let started: TestLake | undefined
  const lake = (): TestLake => {
    if (started === undefined) throw new Error('There is a lake only while tests run.')
    return started
  }
  beforeAll(async () => {
    started = await startLake(directory.path)
  })
  afterAll(async () => {
    await started?.stop()
    directory.remove()
    folder.remove()
  })
  return { lake, folder: folder.path }
}
