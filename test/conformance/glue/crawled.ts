/** What tests of catalogs need first: objects in a bucket, and a crawl of them to its end. */
import { type Crawler, CreateCrawlerCommand, GetCrawlerCommand, StartCrawlerCommand } from '@aws-sdk/client-glue'
import { CreateRoleCommand, PutRolePolicyCommand } from '@aws-sdk/client-iam'
import { PutObjectCommand } from '@aws-sdk/client-s3'
import { eventually, type TestLake } from '../../support/lake.ts'

export const ROLE = 'crawling'

/** A role that Glue may take, and that may read every bucket. */
export async function makeRole(lake: TestLake): Promise<void> {
  const trust = { Effect: 'Allow', Principal: { Service: 'glue.amazonaws.com' }, Action: 'sts:AssumeRole' }
  const reading = { Effect: 'Allow', Action: ['s3:*', 'glue:*', 'logs:*'], Resource: '*' }
  await lake.iam.send(new CreateRoleCommand({ RoleName: ROLE, AssumeRolePolicyDocument: document(trust) }))
  await lake.iam.send(
    new PutRolePolicyCommand({ RoleName: ROLE, PolicyName: 'reading', PolicyDocument: document(reading) }),
  )
}

const document = (statement: object) => JSON.stringify({ Version: '2012-10-17', Statement: [statement] })

export async function putObjects(
  lake: TestLake,
  Bucket: string,
  objects: Readonly<Record<string, string | Uint8Array>>,
): Promise<void> {
  for (const [Key, Body] of Object.entries(objects)) await lake.s3.send(new PutObjectCommand({ Bucket, Key, Body }))
}

/** Makes a crawler of that name over s3:// folders and runs it; the database must be there. */
export async function crawl(
  lake: TestLake,
  crawler: { readonly name: string; readonly database: string; readonly paths: readonly string[] },
): Promise<void> {
  const { name: Name, database: DatabaseName, paths } = crawler
  const S3Targets = paths.map((Path) => ({ Path }))
  await lake.glue.send(new CreateCrawlerCommand({ Name, Role: ROLE, DatabaseName, Targets: { S3Targets } }))
  await lake.glue.send(new StartCrawlerCommand({ Name }))
  const { LastCrawl } = await eventually<Crawler>('the crawler rests', async () => {
    const { Crawler } = await lake.glue.send(new GetCrawlerCommand({ Name }))
    return Crawler?.State === 'READY' ? Crawler : undefined
  })
  if (LastCrawl?.Status !== 'SUCCEEDED')
    throw new Error(`${Name} ended as ${LastCrawl?.Status}: ${LastCrawl?.ErrorMessage}`)
}
