/** The lake that resources are made in, and the life of one: made, read, changed, destroyed. */
import { Glue } from '@aws-sdk/client-glue'
import { beforeAll, expect } from 'vitest'
import { lakeOfFile } from '../../../support/lake-of-file.ts'
import { makeRole } from '../crawled.ts'
import { type Client, DatabaseName, JOB, type Resource, SHARED, seen, TABLE } from './resource.ts'

/** A lake for the tests of a file, with the role, the database, the table and the job that resources need. */
export function lakeForTerraform(): Client {
  const { lake } = lakeOfFile()
  let client: Glue | undefined
  beforeAll(async () => {
    const { endpoint, credentials } = lake()
    client = new Glue({ endpoint, credentials, region: 'us-east-1', maxAttempts: 1 })
    await makeRole(lake())
    await client.createDatabase({ DatabaseInput: { Name: DatabaseName } })
    await client.createTable({ DatabaseName, TableInput: TABLE(SHARED) })
    await client.createJob(JOB(SHARED))
  })
  return () => {
    if (client === undefined) throw new Error('There is a lake only while tests run.')
    return client
  }
}

export async function isReadAsSet(resource: Resource): Promise<void> {
  const { create, refresh, created, update, updated, destroy, destroyed } = resource
  const read = () => Promise.all(refresh().map(seen))
  await create()
  const first = await read()
  expect(first).toMatchObject(created)
  expect(await read(), 'read again').toEqual(first)
  if (update !== undefined) {
    await update()
    expect(await read(), 'updated').toMatchObject(updated ?? [])
  }
  await destroy()
  expect((await read())[0], 'destroyed').toEqual(destroyed ?? 'EntityNotFoundException')
}
