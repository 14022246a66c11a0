import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { lockDirectory } from '../../src/platform/directory-lock.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lakelet-lock-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

test('a second holder is refused with what to do, and may have it after the first let go', () => {
  const first = lockDirectory(folder)
  expect(() => lockDirectory(folder)).toThrow(/Another lakelet is using .* --data/)
  first.release()
  lockDirectory(folder).release()
})

test('the lock of a process that was killed is gone with it', () => {
  const script = `
    const Database = require('libsql')
    const database = new Database(process.argv[1])
    database.exec('BEGIN EXCLUSIVE')
    process.kill(process.pid, 'SIGKILL')
  `
  const { signal } = spawnSync(process.execPath, ['-e', script, join(folder, 'lock.db')])
  expect(signal).toBe('SIGKILL')
  lockDirectory(folder).release()
})
