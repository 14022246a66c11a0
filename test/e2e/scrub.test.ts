/** `lakelet scrub` against a real lake whose files are damaged under it. */
import { readdirSync, statSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import { CreateBucketCommand, PutObjectCommand } from '@aws-sdk/client-s3'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { runCli } from '../support/cli.ts'
import { startLake, type TestLake, temporaryDirectory } from '../support/lake.ts'

const Bucket = 'scrubbed'
let directory: ReturnType<typeof temporaryDirectory>
let lake: TestLake
beforeEach(async () => {
  directory = temporaryDirectory()
  lake = await startLake(directory.path)
  await lake.s3.send(new CreateBucketCommand({ Bucket }))
})
afterEach(async () => {
  await lake.kill()
  directory.remove()
})

const scrub = (...args: string[]) => runCli(['scrub', '--data', directory.path, ...args])

test('a sound lake is well, and what a damaged one lost is named with what to do', async () => {
  await lake.s3.send(new PutObjectCommand({ Bucket, Key: 'sound', Body: 'sound' }))
  await lake.s3.send(new PutObjectCommand({ Bucket, Key: 'large & odd', Body: Buffer.alloc(200_000, 'x') }))
  const sound = await scrub()
  expect(sound).toMatchObject({ status: 0, stdout: expect.stringContaining('2 versions') })

  const root = join(directory.path, 'objects')
  const names = readdirSync(root, { recursive: true, encoding: 'utf8' })
  const [file] = names.map((name) => join(root, name)).filter((path) => statSync(path).isFile())
  const handle = await open(file as string, 'r+')
  await handle.write(Buffer.from('damage'), 0, 6, 100_000)
  await handle.close()

  const damaged = await scrub()
  expect(damaged.status).toBe(1)
  expect(damaged.stdout).toContain(`damaged: s3://${Bucket}/large & odd: its stored bytes fail authentication`)
  expect(damaged.stdout).toContain('Put the object again')

  const json = await scrub('--json', '--bucket', Bucket)
  expect(json.status).toBe(1)
  expect(JSON.parse(json.stdout)).toMatchObject({
    versions: 2,
    problems: [{ kind: 'damaged', bucket: Bucket, key: 'large & odd', versionId: 'null' }],
  })
})

test('an unknown bucket and a key without the right are refused in words', async () => {
  expect(await scrub('--bucket', 'nowhere')).toMatchObject({
    status: 1,
    stderr: expect.stringContaining('There is no bucket nowhere'),
  })
  const { CreateUserCommand, CreateAccessKeyCommand } = await import('@aws-sdk/client-iam')
  await lake.iam.send(new CreateUserCommand({ UserName: 'ana' }))
  const { AccessKey } = await lake.iam.send(new CreateAccessKeyCommand({ UserName: 'ana' }))
  const keys = { AWS_ACCESS_KEY_ID: AccessKey?.AccessKeyId, AWS_SECRET_ACCESS_KEY: AccessKey?.SecretAccessKey }
  expect(await runCli(['scrub', '--data', directory.path], keys)).toMatchObject({
    status: 1,
    stderr: expect.stringContaining('not authorized to perform: lakelet:Scrub'),
  })
})
