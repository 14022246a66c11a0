/** SSE-KMS and SSE-C with boto3 and the AWS CLI, against a lake that verifies signatures: the script beside this file. */
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { noAwsCli, noBoto3, runAgainst } from '../../support/installed.ts'
import { lakeOfFile } from '../../support/lake-of-file.ts'

const { lake, folder } = lakeOfFile()

test('boto3 and aws s3 cp: every claim about keys holds', async ({ skip }) => {
  const lacks = noBoto3 ?? noAwsCli
  if (lacks !== undefined) skip(lacks)
  const path = fileURLToPath(new URL('./encryption-session.py', import.meta.url))
  const { held } = JSON.parse(await runAgainst(lake(), 'python3', [path, folder])) as { held: number }
  expect(held).toBe(53)
})
