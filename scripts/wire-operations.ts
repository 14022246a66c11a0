/**
 * Which operations of the AWS service models the wire layer speaks. Their shapes are generated; every other operation
 * of the same service is known by name only, so that it can be refused by name. After a change: `npm run generate`.
 */

const FIREHOSE = `
  CreateDeliveryStream DeleteDeliveryStream DescribeDeliveryStream ListDeliveryStreams
  ListTagsForDeliveryStream PutRecord PutRecordBatch StartDeliveryStreamEncryption
  StopDeliveryStreamEncryption TagDeliveryStream UntagDeliveryStream UpdateDestination`

const GLUE = `
  CreateDatabase GetDatabase GetDatabases UpdateDatabase DeleteDatabase
  CreateTable GetTable GetTables UpdateTable DeleteTable BatchDeleteTable SearchTables
  GetTableVersion GetTableVersions DeleteTableVersion BatchDeleteTableVersion
  CreatePartition GetPartition GetPartitions UpdatePartition DeletePartition
  BatchCreatePartition BatchGetPartition BatchUpdatePartition BatchDeletePartition
  GetPartitionIndexes CreatePartitionIndex DeletePartitionIndex
  GetColumnStatisticsForTable UpdateColumnStatisticsForTable DeleteColumnStatisticsForTable
  GetColumnStatisticsForPartition UpdateColumnStatisticsForPartition DeleteColumnStatisticsForPartition
  CreateUserDefinedFunction GetUserDefinedFunction GetUserDefinedFunctions UpdateUserDefinedFunction
  DeleteUserDefinedFunction
  GetCatalog GetCatalogs GetCatalogImportStatus GetDataCatalogEncryptionSettings
  GetResourcePolicy GetResourcePolicies
  CreateCrawler GetCrawler GetCrawlers ListCrawlers BatchGetCrawlers UpdateCrawler DeleteCrawler
  StartCrawler StopCrawler GetCrawlerMetrics ListCrawls
  UpdateCrawlerSchedule StartCrawlerSchedule StopCrawlerSchedule
  CreateClassifier GetClassifier GetClassifiers UpdateClassifier DeleteClassifier
  CreateTrigger GetTrigger GetTriggers BatchGetTriggers ListTriggers UpdateTrigger DeleteTrigger
  StartTrigger StopTrigger
  CreateWorkflow GetWorkflow BatchGetWorkflows ListWorkflows UpdateWorkflow DeleteWorkflow
  StartWorkflowRun StopWorkflowRun ResumeWorkflowRun GetWorkflowRun GetWorkflowRuns
  GetWorkflowRunProperties PutWorkflowRunProperties
  CreateJob GetJob GetJobs BatchGetJobs ListJobs UpdateJob DeleteJob
  StartJobRun GetJobRun GetJobRuns BatchStopJobRun GetJobBookmark ResetJobBookmark
  GetTags TagResource UntagResource`

const ATHENA = `
  StartQueryExecution StopQueryExecution GetQueryExecution BatchGetQueryExecution ListQueryExecutions
  GetQueryResults GetQueryRuntimeStatistics
  CreateWorkGroup GetWorkGroup ListWorkGroups UpdateWorkGroup DeleteWorkGroup
  CreateNamedQuery GetNamedQuery BatchGetNamedQuery ListNamedQueries UpdateNamedQuery DeleteNamedQuery
  CreatePreparedStatement GetPreparedStatement BatchGetPreparedStatement ListPreparedStatements
  UpdatePreparedStatement DeletePreparedStatement
  CreateDataCatalog GetDataCatalog ListDataCatalogs UpdateDataCatalog DeleteDataCatalog
  GetDatabase ListDatabases GetTableMetadata ListTableMetadata ListEngineVersions
  TagResource UntagResource ListTagsForResource`

const STS = `GetCallerIdentity AssumeRole GetSessionToken`

const IAM = `
  CreateRole GetRole ListRoles UpdateRole UpdateRoleDescription DeleteRole UpdateAssumeRolePolicy
  TagRole UntagRole ListRoleTags PutRolePermissionsBoundary DeleteRolePermissionsBoundary
  PutRolePolicy GetRolePolicy ListRolePolicies DeleteRolePolicy
  AttachRolePolicy DetachRolePolicy ListAttachedRolePolicies
  CreatePolicy GetPolicy ListPolicies DeletePolicy ListEntitiesForPolicy TagPolicy UntagPolicy ListPolicyTags
  CreatePolicyVersion GetPolicyVersion ListPolicyVersions DeletePolicyVersion SetDefaultPolicyVersion
  ListInstanceProfilesForRole
  CreateUser GetUser ListUsers UpdateUser DeleteUser TagUser UntagUser ListUserTags
  PutUserPermissionsBoundary DeleteUserPermissionsBoundary
  PutUserPolicy GetUserPolicy ListUserPolicies DeleteUserPolicy
  AttachUserPolicy DetachUserPolicy ListAttachedUserPolicies ListGroupsForUser
  CreateAccessKey ListAccessKeys UpdateAccessKey DeleteAccessKey GetAccessKeyLastUsed
  ListAccountAliases`

const S3 = `
  ListBuckets CreateBucket HeadBucket DeleteBucket GetBucketLocation
  GetBucketVersioning PutBucketVersioning
  GetBucketEncryption PutBucketEncryption DeleteBucketEncryption
  GetPublicAccessBlock PutPublicAccessBlock DeletePublicAccessBlock
  GetBucketTagging PutBucketTagging DeleteBucketTagging
  GetBucketPolicy PutBucketPolicy DeleteBucketPolicy GetBucketPolicyStatus
  GetBucketAcl PutBucketAcl GetObjectAcl PutObjectAcl
  GetBucketCors PutBucketCors DeleteBucketCors
  GetBucketWebsite PutBucketWebsite DeleteBucketWebsite
  GetBucketAccelerateConfiguration PutBucketAccelerateConfiguration
  GetBucketRequestPayment PutBucketRequestPayment
  GetBucketLogging PutBucketLogging
  GetBucketLifecycleConfiguration PutBucketLifecycleConfiguration DeleteBucketLifecycle
  GetBucketReplication PutBucketReplication DeleteBucketReplication
  GetObjectLockConfiguration PutObjectLockConfiguration
  GetBucketOwnershipControls PutBucketOwnershipControls DeleteBucketOwnershipControls
  GetBucketNotificationConfiguration PutBucketNotificationConfiguration
  ListBucketAnalyticsConfigurations GetBucketAnalyticsConfiguration DeleteBucketAnalyticsConfiguration
  ListBucketIntelligentTieringConfigurations GetBucketIntelligentTieringConfiguration
  DeleteBucketIntelligentTieringConfiguration
  ListBucketInventoryConfigurations GetBucketInventoryConfiguration DeleteBucketInventoryConfiguration
  ListBucketMetricsConfigurations GetBucketMetricsConfiguration DeleteBucketMetricsConfiguration
  PutObject GetObject HeadObject DeleteObject DeleteObjects CopyObject GetObjectAttributes
  GetObjectTagging PutObjectTagging DeleteObjectTagging
  GetObjectLegalHold PutObjectLegalHold GetObjectRetention PutObjectRetention RestoreObject
  ListObjects ListObjectsV2 ListObjectVersions
  CreateMultipartUpload UploadPart UploadPartCopy CompleteMultipartUpload AbortMultipartUpload
  ListMultipartUploads ListParts`

const KMS = `
  CreateKey DescribeKey ListKeys UpdateKeyDescription EnableKey DisableKey ScheduleKeyDeletion CancelKeyDeletion
  CreateAlias UpdateAlias DeleteAlias ListAliases
  Encrypt Decrypt ReEncrypt GenerateDataKey GenerateDataKeyWithoutPlaintext GenerateRandom
  GetKeyPolicy PutKeyPolicy ListKeyPolicies ListResourceTags TagResource UntagResource
  GetKeyRotationStatus EnableKeyRotation DisableKeyRotation RotateKeyOnDemand`

const CLOUDWATCH = `GetMetricData GetMetricStatistics ListMetrics PutMetricData`

const LOGS = `
  CreateLogGroup DescribeLogGroups DeleteLogGroup PutRetentionPolicy DeleteRetentionPolicy
  CreateLogStream DescribeLogStreams DeleteLogStream PutLogEvents GetLogEvents FilterLogEvents
  ListTagsForResource TagResource UntagResource`

const words = (text: string): readonly string[] => text.trim().split(/\s+/)

export const wireOperations = {
  firehose: words(FIREHOSE),
  glue: words(GLUE),
  athena: words(ATHENA),
  sts: words(STS),
  iam: words(IAM),
  kms: words(KMS),
  cloudwatch: words(CLOUDWATCH),
  logs: words(LOGS),
  s3: words(S3),
} as const

/** Enumerations that the service checks itself, because AWS has an answer of its own for them: plain strings here. */
export const openEnumerations: Readonly<Record<string, readonly string[]>> = {
  s3: ['BucketLocationConstraint'],
}
