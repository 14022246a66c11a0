/** Crawlers and classifiers, as Terraform's provider makes and reads them. */
import { expect } from 'vitest'
import { ROLE } from '../crawled.ts'
import { arnOf, CatalogId, type Client, DatabaseName, type Resource, ROLE_ARN, SHARED } from './resource.ts'

/** The provider sends what is not set of a target as empty text. */
const S3_TARGET = { Path: 's3://tf.lake/events', ConnectionName: '', EventQueueArn: '', DlqEventQueueArn: '' }
const crawlerTargets = { S3Targets: [{ ...S3_TARGET, Exclusions: ['**.tmp'], SampleSize: 5 }] }
const configuration = '{"CrawlerOutput":{"Partitions":{"AddOrUpdateBehavior":"InheritFromTable"}},"Version":1}'

export const crawlerResources = (glue: Client): readonly Resource[] => [
  {
    resource: 'aws_glue_crawler',
    create: () =>
      glue().createCrawler({
        Name: 'tf-crawler',
        DatabaseName,
        Role: ROLE_ARN,
        Tags: { Name: 'crawls' },
        Targets: crawlerTargets,
        Description: 'of tests',
        Schedule: 'cron(0 1 * * ? *)',
        SchemaChangePolicy: { UpdateBehavior: 'LOG', DeleteBehavior: 'LOG' },
        TablePrefix: 'raw_',
        Configuration: configuration,
        LineageConfiguration: { CrawlerLineageSettings: 'DISABLE' },
        LakeFormationConfiguration: { UseLakeFormationCredentials: false },
        RecrawlPolicy: { RecrawlBehavior: 'CRAWL_EVERYTHING' },
      }),
    refresh: () => [
      glue().getCrawler({ Name: 'tf-crawler' }),
      glue().getTags({ ResourceArn: arnOf('crawler/tf-crawler') }),
    ],
    created: [
      {
        Crawler: {
          Name: 'tf-crawler',
          DatabaseName,
          Role: expect.stringMatching(new RegExp(`^(arn:aws:iam::${CatalogId}:role/)?${ROLE}$`)),
          Description: 'of tests',
          Schedule: { ScheduleExpression: 'cron(0 1 * * ? *)' },
          SchemaChangePolicy: { UpdateBehavior: 'LOG', DeleteBehavior: 'LOG' },
          TablePrefix: 'raw_',
          Configuration: configuration,
          Classifiers: [],
          Targets: {
            S3Targets: [{ Path: 's3://tf.lake/events', Exclusions: ['**.tmp'], SampleSize: 5 }],
            JdbcTargets: [],
            MongoDBTargets: [],
            DynamoDBTargets: [],
            CatalogTargets: [],
            DeltaTargets: [],
            IcebergTargets: [],
            HudiTargets: [],
          },
          LineageConfiguration: { CrawlerLineageSettings: 'DISABLE' },
          LakeFormationConfiguration: { UseLakeFormationCredentials: false },
          RecrawlPolicy: { RecrawlBehavior: 'CRAWL_EVERYTHING' },
        },
      },
      { Tags: { Name: 'crawls' } },
    ],
    update: () =>
      glue().updateCrawler({
        Name: 'tf-crawler',
        DatabaseName,
        Role: ROLE_ARN,
        Targets: { S3Targets: [{ ...S3_TARGET, Exclusions: [] }] },
        Schedule: '',
        TablePrefix: '',
        Configuration: '',
      }),
    updated: [
      { Crawler: { Name: 'tf-crawler', Targets: { S3Targets: [{ Path: 's3://tf.lake/events' }] } } },
      { Tags: { Name: 'crawls' } },
    ],
    destroy: () => glue().deleteCrawler({ Name: 'tf-crawler' }),
  },
  {
    resource: 'aws_glue_crawler, of a catalog target',
    create: () =>
      glue().createCrawler({
        Name: 'tf-of-table',
        DatabaseName,
        Role: ROLE,
        Targets: {
          CatalogTargets: [
            { DatabaseName, Tables: [SHARED], ConnectionName: '', EventQueueArn: '', DlqEventQueueArn: '' },
          ],
        },
        SchemaChangePolicy: { DeleteBehavior: 'LOG', UpdateBehavior: 'UPDATE_IN_DATABASE' },
        Configuration: '{"Grouping":{"TableGroupingPolicy":"CombineCompatibleSchemas"},"Version":1}',
      }),
    refresh: () => [glue().getCrawler({ Name: 'tf-of-table' })],
    created: [
      { Crawler: { Role: ROLE, Targets: { CatalogTargets: [{ DatabaseName, Tables: [SHARED] }], S3Targets: [] } } },
    ],
    destroy: () => glue().deleteCrawler({ Name: 'tf-of-table' }),
  },
  ...[
    {
      kind: 'CsvClassifier' as const,
      input: {
        AllowSingleColumn: false,
        ContainsHeader: 'PRESENT' as const,
        Delimiter: ',',
        DisableValueTrimming: false,
        Header: ['a', 'b'],
        QuoteSymbol: "'",
        CustomDatatypeConfigured: true,
        CustomDatatypes: ['STRING', 'INT'],
        Serde: 'OpenCSVSerDe' as const,
      },
      changed: { Delimiter: ';' },
    },
    {
      kind: 'GrokClassifier' as const,
      input: {
        Classification: 'ours',
        GrokPattern: '%{WORD:word:string} %{OURS:n:int}',
        CustomPatterns: 'OURS [0-9]+',
      },
      changed: { Classification: 'theirs' },
    },
    { kind: 'JsonClassifier' as const, input: { JsonPath: '$.records[*]' }, changed: { JsonPath: '$[*]' } },
    {
      kind: 'XMLClassifier' as const,
      input: { Classification: 'xml', RowTag: 'row' },
      changed: { RowTag: 'line' },
    },
  ].map(
    ({ kind, input, changed }): Resource => ({
      resource: `aws_glue_classifier, ${kind}`,
      create: () => glue().createClassifier({ [kind]: { ...input, Name: kind } }),
      refresh: () => [glue().getClassifier({ Name: kind })],
      created: [{ Classifier: { [kind]: { ...input, Name: kind } } }],
      update: () => glue().updateClassifier({ [kind]: { ...input, ...changed, Name: kind } }),
      updated: [{ Classifier: { [kind]: { ...input, ...changed, Name: kind } } }],
      destroy: () => glue().deleteClassifier({ Name: kind }),
    }),
  ),
]
