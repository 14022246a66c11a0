/** Databases, tables, partitions, their indexes and functions, as Terraform's provider makes and reads them. */
import { expect } from 'vitest'
import { eventually } from '../../../support/lake.ts'
import { arnOf, CatalogId, type Client, DatabaseName, type Resource, SHARED, STORAGE, TABLE } from './resource.ts'

const databaseOf = (Description: string) => ({
  Name: 'tf_database',
  Description,
  LocationUri: 's3://tf.lake/',
  Parameters: { team: 'data' },
})
const PERMISSIONS = [{ Principal: { DataLakePrincipalIdentifier: 'IAM_ALLOWED_PRINCIPALS' }, Permissions: ['ALL'] }]
const FUNCTION = {
  FunctionName: 'twice',
  ClassName: 'com.example.Twice',
  OwnerName: 'tests',
  OwnerType: 'GROUP' as const,
  ResourceUris: [{ ResourceType: 'JAR' as const, Uri: 's3://tf.lake/twice.jar' }],
}
const functionAt = { CatalogId, DatabaseName, FunctionName: 'twice' }
const partitionAt = { CatalogId, DatabaseName, TableName: SHARED }
const values = ['2026-01-02', 'a#b']

export const catalogResources = (glue: Client): readonly Resource[] => [
  {
    resource: 'aws_glue_catalog_database',
    create: () =>
      glue().createDatabase({
        CatalogId,
        DatabaseInput: databaseOf('one'),
        Tags: { Environment: 'test', Name: 'a lake' },
      }),
    refresh: () => [
      glue().getDatabase({ CatalogId, Name: 'tf_database' }),
      glue().getTags({ ResourceArn: arnOf('database/tf_database') }),
    ],
    created: [
      { Database: { ...databaseOf('one'), CatalogId, CreateTableDefaultPermissions: PERMISSIONS } },
      { Tags: { Environment: 'test', Name: 'a lake' } },
    ],
    async update() {
      await glue().updateDatabase({
        CatalogId,
        Name: 'tf_database',
        DatabaseInput: { Name: 'tf_database', Description: 'two' },
      })
      const ResourceArn = arnOf('database/tf_database')
      await glue().untagResource({ ResourceArn, TagsToRemove: ['Name'] })
      await glue().tagResource({ ResourceArn, TagsToAdd: { Environment: 'other' } })
    },
    updated: [{ Database: { Name: 'tf_database', Description: 'two', CatalogId } }, { Tags: { Environment: 'other' } }],
    destroy: () => glue().deleteDatabase({ CatalogId, Name: 'tf_database' }),
  },
  {
    resource: 'aws_glue_catalog_table, with indexes of its partitions',
    create: () =>
      glue().createTable({
        CatalogId,
        DatabaseName,
        TableInput: TABLE('tf_table'),
        PartitionIndexes: [{ IndexName: 'by_day', Keys: ['day'] }],
      }),
    refresh: () => [
      glue().getTable({ CatalogId, DatabaseName, Name: 'tf_table' }),
      glue().getPartitionIndexes({ CatalogId, DatabaseName, TableName: 'tf_table' }),
    ],
    created: [
      { Table: { ...TABLE('tf_table'), CatalogId, DatabaseName } },
      {
        PartitionIndexDescriptorList: [
          { IndexName: 'by_day', IndexStatus: 'ACTIVE', Keys: [{ Name: 'day', Type: 'date' }] },
        ],
      },
    ],
    update: () =>
      glue().updateTable({
        CatalogId,
        DatabaseName,
        TableInput: { ...TABLE('tf_table'), Description: 'changed', Retention: 7, Parameters: { a: 'b' } },
      }),
    updated: [
      { Table: { Description: 'changed', Retention: 7, Parameters: { a: 'b' }, StorageDescriptor: STORAGE } },
      { PartitionIndexDescriptorList: [{ IndexName: 'by_day', IndexStatus: 'ACTIVE' }] },
    ],
    destroy: () => glue().deleteTable({ CatalogId, DatabaseName, Name: 'tf_table' }),
  },
  {
    resource: 'aws_glue_catalog_table, a bare one',
    create: () =>
      glue().createTable({ CatalogId, DatabaseName, TableInput: { Name: 'tf_bare', PartitionKeys: [], Retention: 0 } }),
    refresh: () => [
      glue().getTable({ CatalogId, DatabaseName, Name: 'tf_bare' }),
      glue().getPartitionIndexes({ CatalogId, DatabaseName, TableName: 'tf_bare' }),
    ],
    created: [{ Table: { Name: 'tf_bare', Retention: 0 } }, { PartitionIndexDescriptorList: [] }],
    destroy: () => glue().deleteTable({ CatalogId, DatabaseName, Name: 'tf_bare' }),
  },
  {
    resource: 'aws_glue_catalog_table, a view',
    create: () =>
      glue().createTable({
        CatalogId,
        DatabaseName,
        TableInput: {
          Name: 'tf_view',
          PartitionKeys: [],
          Parameters: { presto_view: 'true', comment: 'Presto View' },
          TableType: 'VIRTUAL_VIEW',
          ViewOriginalText: '/* Presto View: e30= */',
          ViewExpandedText: '/* Presto View */',
        },
      }),
    refresh: () => [
      glue().getTable({ CatalogId, DatabaseName, Name: 'tf_view' }),
      glue().getPartitionIndexes({ CatalogId, DatabaseName, TableName: 'tf_view' }),
    ],
    created: [
      {
        Table: {
          TableType: 'VIRTUAL_VIEW',
          ViewOriginalText: '/* Presto View: e30= */',
          ViewExpandedText: '/* Presto View */',
          Parameters: { presto_view: 'true', comment: 'Presto View' },
        },
      },
      { PartitionIndexDescriptorList: [] },
    ],
    destroy: () => glue().deleteTable({ CatalogId, DatabaseName, Name: 'tf_view' }),
  },
  {
    resource: 'aws_glue_partition',
    create: () =>
      glue().createPartition({
        ...partitionAt,
        PartitionInput: { Values: values, Parameters: { rows: '3' }, StorageDescriptor: STORAGE },
      }),
    refresh: () => [glue().getPartition({ ...partitionAt, PartitionValues: values })],
    created: [{ Partition: { ...partitionAt, Values: values, Parameters: { rows: '3' }, StorageDescriptor: STORAGE } }],
    update: () =>
      glue().updatePartition({
        ...partitionAt,
        PartitionValueList: values,
        PartitionInput: { Values: values, Parameters: { rows: '4' }, StorageDescriptor: STORAGE },
      }),
    updated: [{ Partition: { Values: values, Parameters: { rows: '4' }, StorageDescriptor: STORAGE } }],
    destroy: () => glue().deletePartition({ ...partitionAt, PartitionValues: values }),
  },
  {
    resource: 'aws_glue_partition_index',
    async create() {
      await glue().createPartitionIndex({
        ...partitionAt,
        PartitionIndex: { IndexName: 'by_kind', Keys: ['kind', 'day'] },
      })
      await indexIs(glue, 'ACTIVE')
    },
    refresh: () => [glue().getPartitionIndexes(partitionAt)],
    created: [
      {
        PartitionIndexDescriptorList: [
          {
            IndexName: 'by_kind',
            IndexStatus: 'ACTIVE',
            Keys: [
              { Name: 'kind', Type: 'string' },
              { Name: 'day', Type: 'date' },
            ],
          },
        ],
      },
    ],
    async destroy() {
      await glue().deletePartitionIndex({ ...partitionAt, IndexName: 'by_kind' })
      await indexIs(glue, undefined)
    },
    destroyed: { PartitionIndexDescriptorList: [] },
  },
  {
    resource: 'aws_glue_user_defined_function',
    create: () => glue().createUserDefinedFunction({ CatalogId, DatabaseName, FunctionInput: FUNCTION }),
    refresh: () => [glue().getUserDefinedFunction(functionAt)],
    created: [{ UserDefinedFunction: { ...FUNCTION, DatabaseName, CatalogId, CreateTime: expect.any(String) } }],
    update: () =>
      glue().updateUserDefinedFunction({
        ...functionAt,
        FunctionInput: { ...FUNCTION, OwnerType: 'USER', ResourceUris: [] },
      }),
    updated: [{ UserDefinedFunction: { FunctionName: 'twice', OwnerType: 'USER' } }],
    destroy: () => glue().deleteUserDefinedFunction(functionAt),
  },
]

/** Waits as the provider does. */
function indexIs(glue: Client, status: string | undefined): Promise<true> {
  return eventually(`the index is ${status}`, async () => {
    const { PartitionIndexDescriptorList: [index] = [] } = await glue().getPartitionIndexes(partitionAt)
    return index?.IndexStatus === status ? true : undefined
  })
}
