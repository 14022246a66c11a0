/** The part of Glue's operation table that is about crawlers: they, their schedules and runs, and custom classifiers. */
import type { Operation } from '../../operation.ts'
import { batchGetCrawlers } from './batch-get-crawlers.ts'
import type { CrawlerContext } from './crawler-context.ts'
import { createClassifier } from './create-classifier.ts'
import { createCrawler } from './create-crawler.ts'
import { deleteClassifier } from './delete-classifier.ts'
import { deleteCrawler } from './delete-crawler.ts'
import { getClassifier } from './get-classifier.ts'
import { getClassifiers } from './get-classifiers.ts'
import { getCrawler } from './get-crawler.ts'
import { getCrawlerMetrics } from './get-crawler-metrics.ts'
import { getCrawlers } from './get-crawlers.ts'
import { listCrawlers } from './list-crawlers.ts'
import { listCrawls } from './list-crawls.ts'
import { startCrawler } from './start-crawler.ts'
import { startCrawlerSchedule } from './start-crawler-schedule.ts'
import { stopCrawler } from './stop-crawler.ts'
import { stopCrawlerSchedule } from './stop-crawler-schedule.ts'
import { updateClassifier } from './update-classifier.ts'
import { updateCrawler } from './update-crawler.ts'
import { updateCrawlerSchedule } from './update-crawler-schedule.ts'

export const crawlerOperations = {
  CreateCrawler: createCrawler,
  GetCrawler: getCrawler,
  GetCrawlers: getCrawlers,
  ListCrawlers: listCrawlers,
  BatchGetCrawlers: batchGetCrawlers,
  UpdateCrawler: updateCrawler,
  DeleteCrawler: deleteCrawler,
  StartCrawler: startCrawler,
  StopCrawler: stopCrawler,
  GetCrawlerMetrics: getCrawlerMetrics,
  ListCrawls: listCrawls,
  UpdateCrawlerSchedule: updateCrawlerSchedule,
  StartCrawlerSchedule: startCrawlerSchedule,
  StopCrawlerSchedule: stopCrawlerSchedule,
  CreateClassifier: createClassifier,
  GetClassifier: getClassifier,
  GetClassifiers: getClassifiers,
  UpdateClassifier: updateClassifier,
  DeleteClassifier: deleteClassifier,
} satisfies Record<string, Operation<never, unknown, CrawlerContext>>
