/** An execution as GetQueryExecution shows it (D3). */
import type { Execution } from '../../query/execution.ts'
import { isFinished } from '../../query/execution.ts'
import { EFFECTIVE_ENGINE_VERSION } from '../../query/workgroups.ts'
import type {
  QueryExecution,
  QueryExecutionStatistics,
  QueryExecutionStatus,
  ResultConfiguration,
} from '../../wire/model/athena.ts'
import { fromEncryption } from './result-configuration.ts'

export function fromExecution(execution: Execution): QueryExecution {
  const { reuse, parameters, catalog, database } = execution
  return {
    QueryExecutionId: execution.id,
    Query: execution.sql,
    StatementType: execution.statementType,
    ResultConfiguration: resultConfiguration(execution),
    ResultReuseConfiguration: {
      ResultReuseByAgeConfiguration: {
        Enabled: reuse?.enabled ?? false,
        ...(reuse?.maxAgeMinutes !== undefined && { MaxAgeInMinutes: reuse.maxAgeMinutes }),
      },
    },
    QueryExecutionContext: {
      ...(database !== undefined && { Database: database }),
      ...(catalog !== undefined && { Catalog: catalog }),
    },
    Status: statusOf(execution),
    Statistics: statisticsOf(execution),
    WorkGroup: execution.workgroup,
    EngineVersion: { SelectedEngineVersion: 'AUTO', EffectiveEngineVersion: EFFECTIVE_ENGINE_VERSION },
    ...(parameters !== undefined && { ExecutionParameters: parameters }),
    SubstatementType: execution.substatementType,
  }
}

function resultConfiguration({ outputLocation, encryption, expectedBucketOwner }: Execution): ResultConfiguration {
  return {
    OutputLocation: outputLocation,
    ...(encryption !== undefined && { EncryptionConfiguration: fromEncryption(encryption) }),
    ...(expectedBucketOwner !== undefined && { ExpectedBucketOwner: expectedBucketOwner }),
  }
}

function statusOf({ state, reason, failure, submittedAtMs, completedAtMs }: Execution): QueryExecutionStatus {
  return {
    State: state,
    ...(reason !== undefined && { StateChangeReason: reason }),
    SubmissionDateTime: new Date(submittedAtMs),
    ...(completedAtMs !== undefined && { CompletionDateTime: new Date(completedAtMs) }),
    ...(failure !== undefined && {
      AthenaError: {
        ErrorCategory: failure.category,
        ErrorType: failure.type,
        Retryable: failure.retryable,
        ErrorMessage: failure.message,
      },
    }),
  }
}

function statisticsOf({ state, statistics, isReused }: Execution): QueryExecutionStatistics {
  return {
    ...(isFinished(state) && {
      EngineExecutionTimeInMillis: statistics.engineMs,
      ...(statistics.manifestLocation !== undefined && { DataManifestLocation: statistics.manifestLocation }),
      DataScannedInBytes: statistics.bytesScanned,
    }),
    TotalExecutionTimeInMillis: statistics.totalMs,
    QueryQueueTimeInMillis: statistics.queueMs,
    ...(isFinished(state) && {
      ServicePreProcessingTimeInMillis: 0,
      QueryPlanningTimeInMillis: statistics.planningMs,
      ServiceProcessingTimeInMillis: statistics.servingMs,
    }),
    ResultReuseInformation: { ReusedPreviousResult: isReused ?? false },
  }
}
