/**
 * What the crawler operations need: the crawler; of whoever gives it a role, that they may pass the role on. Classifiers
 * have no ARN on AWS (Service Authorization Reference, "AWS Glue").
 */
import type { GlueOperations } from '../../../wire/model/glue.ts'
import { tagFacts } from '../../access.ts'
import { type Account, on } from '../../catalog-permissions.ts'
import type { Permissions, PermissionTable } from '../../operation.ts'
import type { GlueContext } from '../context.ts'
import { passedRole } from '../passed-role.ts'
import type { crawlerOperations } from './crawler-operations.ts'

export const crawlerPermissions: PermissionTable<GlueOperations, keyof typeof crawlerOperations, GlueContext> = {
  CreateCrawler: ({ Name, Role, Tags = {} }, account) => {
    const facts = tagFacts(Object.entries(Tags))
    const actions = ['glue:CreateCrawler', ...(Object.keys(Tags).length > 0 ? ['glue:TagResource'] : [])]
    return [...on(actions, [crawlerArn(Name, account)], facts), passedRole(Role, account)]
  },
  GetCrawler: ofCrawler('GetCrawler'),
  GetCrawlers: () => on(['glue:GetCrawlers'], ['*']),
  ListCrawlers: () => on(['glue:ListCrawlers'], ['*']),
  BatchGetCrawlers: ({ CrawlerNames }, account) =>
    on(
      ['glue:BatchGetCrawlers'],
      CrawlerNames.map((name) => crawlerArn(name, account)),
    ),
  UpdateCrawler: ({ Name, Role }, account) => [
    ...on(['glue:UpdateCrawler'], [crawlerArn(Name, account)]),
    ...(Role === undefined ? [] : [passedRole(Role, account)]),
  ],
  DeleteCrawler: ofCrawler('DeleteCrawler'),
  StartCrawler: ofCrawler('StartCrawler'),
  StopCrawler: ofCrawler('StopCrawler'),
  GetCrawlerMetrics: () => on(['glue:GetCrawlerMetrics'], ['*']),
  ListCrawls: ofCrawlerName('ListCrawls'),
  UpdateCrawlerSchedule: ofCrawlerName('UpdateCrawlerSchedule'),
  StartCrawlerSchedule: ofCrawlerName('StartCrawlerSchedule'),
  StopCrawlerSchedule: ofCrawlerName('StopCrawlerSchedule'),
  CreateClassifier: () => on(['glue:CreateClassifier'], ['*']),
  GetClassifier: () => on(['glue:GetClassifier'], ['*']),
  GetClassifiers: () => on(['glue:GetClassifiers'], ['*']),
  UpdateClassifier: () => on(['glue:UpdateClassifier'], ['*']),
  DeleteClassifier: () => on(['glue:DeleteClassifier'], ['*']),
}

function ofCrawler(action: string): Permissions<{ readonly Name: string }, GlueContext> {
  return ({ Name }, account) => on([`glue:${action}`], [crawlerArn(Name, account)])
}

function ofCrawlerName(action: string): Permissions<{ readonly CrawlerName: string }, GlueContext> {
  return ({ CrawlerName }, account) => on([`glue:${action}`], [crawlerArn(CrawlerName, account)])
}

const crawlerArn = (name: string, { region, accountId }: Account) =>
  `arn:aws:glue:${region}:${accountId}:crawler/${name}`
