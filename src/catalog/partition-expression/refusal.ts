/** How partition expressions say no. Glue answers the first with InvalidInputException, the second with InvalidStateException. */
import { Refusal } from '../../platform/refusal.ts'

export type PartitionExpressionRefusal = 'invalidPartitionExpression' | 'partitionValueMismatch'

export function invalidExpression(message: string): Refusal<PartitionExpressionRefusal> {
  return new Refusal('invalidPartitionExpression', message)
}

export function valueMismatch(message: string): Refusal<PartitionExpressionRefusal> {
  return new Refusal('partitionValueMismatch', message)
}
