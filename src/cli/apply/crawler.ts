import type { LakeFile } from '../lake-file.ts'
import { type Step, unlessMissing } from './step.ts'

export function crawlerStep(crawler: LakeFile['crawlers'][number]): Step {
  const configuration = crawler.partitionsInheritFromTable
    ? JSON.stringify({ Version: 1, CrawlerOutput: { Partitions: { AddOrUpdateBehavior: 'InheritFromTable' } } })
    : undefined
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
        target?.Path === crawler.path &&
        JSON.stringify(target.Exclusions ?? []) === JSON.stringify(crawler.exclusions)
      if (isSame) return 'unchanged'
      await glue.send(new sdk.UpdateCrawlerCommand(wanted))
      return 'updated'
    },
  }
}
