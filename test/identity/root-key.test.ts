import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openRootKey } from '../../src/identity/root-key.ts'
import { nodeFileSystem } from '../../src/platform/file-system.ts'
import { Ids } from '../../src/platform/ids.ts'
import { seededRandom } from '../../src/platform/random.ts'

let folder: string
const parts = { files: nodeFileSystem, ids: new Ids(seededRandom(7)) }

beforeEach(() => {
  folder = join(mkdtempSync(join(tmpdir(), 'lakelet-keys-')), 'keys')
})

afterEach(() => rmSync(join(folder, '..'), { recursive: true }))

test('the first start makes a key that only its owner can read; later starts find the same one', async () => {
  const made = await openRootKey(folder, parts)
  expect(made.accessKeyId).toMatch(/^AKIA[A-Z2-7]{16}$/)
  expect(made.secretAccessKey).toMatch(/^[A-Za-z0-9]{40}$/)
  expect(statSync(join(folder, 'root.json')).mode & 0o777).toBe(0o600)
  expect(statSync(folder).mode & 0o777).toBe(0o700)
  expect(await openRootKey(folder, parts)).toEqual(made)
})

test('a start that was cut while writing the key makes another one', async () => {
  await nodeFileSystem.makeDirectory(folder)
  writeFileSync(join(folder, 'root.json.new'), '{"accessKey')
  const made = await openRootKey(folder, parts)
  expect(JSON.parse(readFileSync(join(folder, 'root.json'), 'utf8'))).toEqual(made)
})

test.each(['', '{"accessKeyId":"A"}', 'null', '{'])('a key file holding %o is refused, not replaced', async (text) => {
  await nodeFileSystem.makeDirectory(folder)
  writeFileSync(join(folder, 'root.json'), text)
  await expect(openRootKey(folder, parts)).rejects.toMatchObject({ code: 'rootKeyUnreadable' })
  expect(readFileSync(join(folder, 'root.json'), 'utf8')).toBe(text)
})
