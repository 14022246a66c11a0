/** SSE-KMS and SSE-C with boto3 and the AWS CLI, against a lake that verifies signatures: the script beside this file. */
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { noAwsCli, noBoto3, runAgainst } from '../../support/installed.ts'
import { startLake, type TestLake, temporaryDirectory } from '../../support/lake.ts'

const directory = temporaryDirectory()
const folder = temporaryDirectory()
let lake: TestLake
beforeAll(async () => {
  lake = await startLake(directory.path)
})
afterAll(async () => {
  await lake.stop()
  directory.remove()
  folder.remove()
})

test('boto3 and aws s3 cp: every claim about keys holds', async ({ skip }) => {
  const lacks = noBoto3 ?? noAwsCli
  if (lacks !== undefined) skip(lacks)
  const path = fileURLToPath(new URL('./encryption-session.py', import.meta.url))
  const { held } = JSON.parse(await runAgainst(lake, 'python3', [path, folder.path])) as { held: number }
  expect(held).toBe(53)
})
