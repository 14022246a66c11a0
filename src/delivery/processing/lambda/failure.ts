/**
 * Why records did not come back from a Lambda function, in AWS's codes and words, and the line of the error object that
 * says so.
 *
 * Texts are those of error lines that AWS wrote, and of "Lambda invocation errors" in the developer guide, which differ
 * in small things (`record Ids`); where both are known it is the line's. What AWS has no words for (a connection that
 * fails, a function without an address) is said in ours.
 */

import type { FailedRecord, SourceRecord } from '../record.ts'
import { base64Of } from './event.ts'

export interface LambdaFailure {
  readonly code: `Lambda.${string}`
  readonly message: string
}

/** Texts that say all there is to say. */
const TEXTS = {
  FunctionError: 'The Lambda function was successfully invoked but it returned an error result.',
  FunctionTimedOut: 'The Lambda function invocation timed out. Increase the Timeout setting in the Lambda function.',
  InvokeAccessDenied: 'Access was denied. Ensure that the access policy allows access to the Lambda function.',
  InvokeLimitExceeded: 'The Lambda concurrent execution limit is exceeded. Increase the concurrent execution limit.',
  ResourceNotFound: 'The specified Lambda function does not exist. Use a different function that does exist.',
  ServiceException: 'The AWS Lambda service encountered an internal error.',
  JsonProcessingException:
    'There was an error parsing returned records from the Lambda function. Ensure that the returned records follow the status model required by Amazon Data Firehose.',
  MissingRecordId:
    'One or more record Ids were not returned. Ensure that the Lambda function returns all received record Ids.',
  DuplicatedRecordId:
    'Multiple records were returned with the same record Id. Ensure that the Lambda function returns a unique record Id for each record.',
  ProcessingFailedStatus: 'ProcessingFailed status set for record',
  InvalidReturnFormat:
    'The data field cannot be null when the SourceType is DirectPut or KinesisStreamAsSource and processing result is Ok. The value field cannot be null when the SourceType is MSKAsSource and processing result is Ok.',
  RequestTooLargeException: 'Request must be smaller than 6291456 bytes for the InvokeFunction operation',
  ENILimitReachedException:
    'AWS Lambda was not able to create an Elastic Network Interface (ENI) in the VPC, specified as part of the Lambda function configuration, because the limit for network interfaces has been reached. Increase the network interface limit.',
  InvalidSecurityGroupIDException:
    'The specified security group ID in the Lambda function VPC configuration is invalid. Ensure that the security group ID is valid.',
  InvalidSubnetIDException:
    'The specified subnet ID in the Lambda function VPC configuration is invalid. Ensure that the subnet ID is valid.',
  SubnetIPAddressLimitReachedException:
    'AWS Lambda was not able to set up the VPC access for the Lambda function because one or more configured subnets have no available IP addresses. Increase the IP address limit.',
} as const

export type FailureName = keyof typeof TEXTS

export function failure(name: FailureName, message: string = TEXTS[name]): LambdaFailure {
  return { code: `Lambda.${name}`, message }
}

/** A record whose `result` is none of the three words. It is the record that fails, not the function. */
export const invalidResult = failure(
  'FunctionError',
  'Invalid output structure. Check your function and make sure the output is in the required format. Also, make sure the processed records contain a valid result status of Dropped, Ok, or ProcessingFailed.',
)

/** The limit of five minutes, which is not the function's own. */
export const invocationTooLong = failure(
  'FunctionTimedOut',
  'Firehose encountered timeout errors when calling AWS Lambda. The maximum supported function timeout is 5 minutes.',
)

export function noAddress(functionArn: string, name: string): LambdaFailure {
  return failure(
    'ResourceNotFound',
    `${TEXTS.ResourceNotFound} No address is set for ${functionArn}: start the lake with --lambda ${name}=URL, or with LAKELET_LAMBDA.`,
  )
}

export function connectionFailed(url: URL, error: Error): LambdaFailure {
  // Without the query, which may hold a secret.
  const address = url.origin + url.pathname
  return {
    code: 'Lambda.ConnectionFailed',
    message: `The connection to the Lambda function at ${address} failed: ${reasonOf(error)}. Check that it runs there, or give another address with --lambda.`,
  }
}

/** A host of several addresses fails with an error for each and no text of its own. */
function reasonOf(error: Error): string {
  return error instanceof AggregateError ? error.errors.map(({ message }) => message).join(', ') : error.message
}

/** An exception of the Lambda API by its own name: AWS's codes are made so (`Lambda.ENILimitReachedException`). */
export function namedFailure(name: string, message: string): LambdaFailure {
  return Object.hasOwn(TEXTS, name) ? failure(name as FailureName) : { code: `Lambda.${name}`, message }
}

export interface Attempts {
  readonly functionArn: string
  readonly made: number
  /** When the last one ended; milliseconds since the epoch. */
  readonly endedAtMs: number
}

/** The names and their order are those of AWS's lines. The raw data is what the producer put. */
export function failedRecord(source: SourceRecord, { code, message }: LambdaFailure, attempts: Attempts): FailedRecord {
  const { data, arrivalMs } = source
  return {
    outputType: 'processing-failed',
    entry: {
      attemptsMade: attempts.made,
      arrivalTimestamp: arrivalMs,
      errorCode: code,
      errorMessage: message,
      attemptEndingTimestamp: attempts.endedAtMs,
      rawData: base64Of(data),
      lambdaArn: attempts.functionArn,
    },
  }
}
