/**
 * The resources of Terraform's provider that this lake refuses: the call that sets each, and those that read it, but
 * for what has an answer before it is set.
 */
import { arnOf, CatalogId, type Client, DatabaseName, ROLE_ARN, SHARED } from './resource.ts'

const SchemaId = { SchemaArn: arnOf('schema/r/s') }

export const refusals = (glue: Client): Readonly<Record<string, Readonly<Record<string, () => Promise<unknown>>>>> => ({
  aws_glue_connection: {
    CreateConnection: () =>
      glue().createConnection({
        CatalogId,
        ConnectionInput: {
          Name: 'c',
          ConnectionType: 'JDBC',
          ConnectionProperties: {
            JDBC_CONNECTION_URL: 'jdbc:mysql://db.example.com/db',
            USERNAME: 'u',
            PASSWORD: 'p',
          },
        },
      }),
    GetConnection: () => glue().getConnection({ CatalogId, Name: 'c' }),
  },
  aws_glue_security_configuration: {
    CreateSecurityConfiguration: () =>
      glue().createSecurityConfiguration({
        Name: 's',
        EncryptionConfiguration: { S3Encryption: [{ S3EncryptionMode: 'SSE-S3' }] },
      }),
    GetSecurityConfiguration: () => glue().getSecurityConfiguration({ Name: 's' }),
  },
  aws_glue_registry: {
    CreateRegistry: () => glue().createRegistry({ RegistryName: 'r' }),
    GetRegistry: () => glue().getRegistry({ RegistryId: { RegistryArn: arnOf('registry/r') } }),
  },
  aws_glue_schema: {
    CreateSchema: () =>
      glue().createSchema({ SchemaName: 's', DataFormat: 'AVRO', Compatibility: 'NONE', SchemaDefinition: '{}' }),
    GetSchema: () => glue().getSchema({ SchemaId }),
    GetSchemaVersion: () => glue().getSchemaVersion({ SchemaId, SchemaVersionNumber: { LatestVersion: true } }),
  },
  aws_glue_resource_policy: {
    PutResourcePolicy: () => glue().putResourcePolicy({ PolicyInJson: '{}' }),
  },
  aws_glue_data_catalog_encryption_settings: {
    PutDataCatalogEncryptionSettings: () =>
      glue().putDataCatalogEncryptionSettings({
        CatalogId,
        DataCatalogEncryptionSettings: { EncryptionAtRest: { CatalogEncryptionMode: 'DISABLED' } },
      }),
  },
  aws_glue_catalog_table_optimizer: {
    CreateTableOptimizer: () =>
      glue().createTableOptimizer({
        CatalogId,
        DatabaseName,
        TableName: SHARED,
        Type: 'compaction',
        TableOptimizerConfiguration: { enabled: true, roleArn: ROLE_ARN },
      }),
    GetTableOptimizer: () =>
      glue().getTableOptimizer({ CatalogId, DatabaseName, TableName: SHARED, Type: 'compaction' }),
  },
  aws_glue_dev_endpoint: {
    CreateDevEndpoint: () => glue().createDevEndpoint({ EndpointName: 'e', RoleArn: ROLE_ARN }),
    GetDevEndpoint: () => glue().getDevEndpoint({ EndpointName: 'e' }),
  },
  aws_glue_ml_transform: {
    CreateMLTransform: () =>
      glue().createMLTransform({
        Name: 'm',
        Role: ROLE_ARN,
        InputRecordTables: [{ DatabaseName, TableName: SHARED }],
        Parameters: { TransformType: 'FIND_MATCHES', FindMatchesParameters: { PrimaryKeyColumnName: 'id' } },
      }),
    GetMLTransform: () => glue().getMLTransform({ TransformId: 'm' }),
  },
  aws_glue_data_quality_ruleset: {
    CreateDataQualityRuleset: () => glue().createDataQualityRuleset({ Name: 'd', Ruleset: 'Rules = [ RowCount > 0 ]' }),
    GetDataQualityRuleset: () => glue().getDataQualityRuleset({ Name: 'd' }),
  },
})
