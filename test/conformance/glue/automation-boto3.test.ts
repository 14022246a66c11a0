/** boto3, where it is installed, has jobs, triggers and workflows run. */
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { noBoto3, runAgainst } from '../../support/installed.ts'
import { startLake, temporaryDirectory } from '../../support/lake.ts'

test('boto3: every claim about jobs, triggers, workflows and their runs holds', async ({ skip }) => {
  if (noBoto3 !== undefined) skip(noBoto3)
  const directory = temporaryDirectory()
  const lake = await startLake(directory.path, ['--auth', 'open'])
  try {
    const path = fileURLToPath(new URL('./automation-session.py', import.meta.url))
    const { held } = JSON.parse(await runAgainst(lake, 'python3', [path])) as { held: number }
    expect(held).toBe(27)
  } finally {
    await lake.stop()
    directory.remove()
  }
})
