import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { EmbeddedCatalog } from '../../../src/catalog/embedded/embedded-catalog.ts'
import { catalogContract } from '../../contracts/catalog.ts'
import { FakeClock } from '../../support/fake-clock.ts'
import { hastyDatabase } from '../../support/hasty-disk.ts'

const folders: string[] = []
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
})

function openIn(folder: string) {
  const database = hastyDatabase(join(folder, 'lake.db'))
  return { database, catalog: new EmbeddedCatalog({ database, clock: new FakeClock() }) }
}

function emptyFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'lakelet-catalog-'))
  folders.push(folder)
  return folder
}

catalogContract(async () => openIn(emptyFolder()).catalog)

test('what was written is there after the lake is closed and opened again', async () => {
  const folder = emptyFolder()
  const first = openIn(folder)
  await first.catalog.createDatabase({ name: 'lake', parameters: { kept: 'yes' } })
  first.database.close()
  const second = openIn(folder)
  expect((await second.catalog.findDatabase('lake'))?.parameters).toEqual({ kept: 'yes' })
  second.database.close()
})
