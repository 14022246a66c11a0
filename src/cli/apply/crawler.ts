import type { SchemaChangePolicy } from '@aws-sdk/client-glue'
import type { LakeFile } from '../lake-file.ts'
import { type Step, unlessMissing } from './step.ts'

export function crawlerStep(crawler: LakeFile['crawlers'][number]): Step {
  const configuration = crawler.partitionsInheritFromTable
    ? JSON.stringify({ Version: 1, CrawlerOutput: { Partitions: { AddOrUpdateBehavior: 'InheritFromTable' } } })
    : undefined
  const recrawl = `CRAWL_${crawler.recrawl}` as const
  // What AWS demands of a crawler of new folders, and its defaults.
  const policy = (
    crawler.recrawl === 'NEW_FOLDERS_ONLY'
      ? { UpdateBehavior: 'LOG', DeleteBehavior: 'LOG' }
      : { UpdateBehavior: 'UPDATE_IN_DATABASE', DeleteBehavior: 'DEPRECATE_IN_DATABASE' }
  ) as SchemaChangePolicy
  return {
    what: `crawler ${crawler.name}`,
    details: `${crawler.path} → database ${crawler.database}`,
    async run(clients) {
      const glue = await clients.glue()
      const sdk = await import('@aws-sdk/client-glue')
      const wanted = {
        Name: crawler.name,
        Role: crawler.role,
        DatabaseName: crawler.database,
        Targets: {
          S3Targets: [
            { Path: crawler.path, ...(crawler.exclusions.length > 0 && { Exclusions: [...crawler.exclusions] }) },
          ],
        },
        ...(crawler.tablePrefix !== undefined && { TablePrefix: crawler.tablePrefix }),
        ...(configuration !== undefined && { Configuration: configuration }),
        ...(crawler.schedule !== undefined && { Schedule: crawler.schedule }),
        RecrawlPolicy: { RecrawlBehavior: recrawl },
        SchemaChangePolicy: policy,
      }
      const found = await unlessMissing(
        glue.send(new sdk.GetCrawlerCommand({ Name: crawler.name })),
        'EntityNotFoundException',
      )
      if (found?.Crawler === undefined) {
        await glue.send(new sdk.CreateCrawlerCommand(wanted))
        return 'created'
      }
      const current = found.Crawler
      const target = current.Targets?.S3Targets?.[0]
      const isSame =
        current.Role === crawler.role &&
        current.DatabaseName === crawler.database &&
        (current.TablePrefix || undefined) === crawler.tablePrefix &&
        (current.Configuration || undefined) === configuration &&
        (current.Schedule?.ScheduleExpression || undefined) === crawler.schedule &&
        current.RecrawlPolicy?.RecrawlBehavior === recrawl &&
        current.SchemaChangePolicy?.UpdateBehavior === policy.UpdateBehavior &&
        current.SchemaChangePolicy?.DeleteBehavior === policy.DeleteBehavior &&
        target?.Path === crawler.path &&
        JSON.stringify(target.Exclusions ?? []) === JSON.stringify(crawler.exclusions)
      if (isSame) return 'unchanged'
      await glue.send(new sdk.UpdateCrawlerCommand({ Schedule: '', ...wanted }))
      return 'updated'
    },
  }
}
