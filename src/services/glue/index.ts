/**
 * AWS Glue: the data catalog and crawlers over aws-json 1.1.
 *
 * Known gaps, each answered by name: jobs, triggers, workflows, classifiers, connections, partition indexes, column
 * statistics and functions are not in the table (UnknownOperationException); members without effect are refused.
 */
import type { Service } from '../operation.ts'
import type { GlueContext } from './context.ts'
import { toGlueError } from './errors.ts'
import { glueOperations } from './operations.ts'
import { gluePermissions } from './permissions.ts'

export function glueService(context: GlueContext): Service<GlueContext> {
  return {
    signingName: 'glue',
    context,
    toWireError: toGlueError,
    operations: glueOperations,
    permissions: gluePermissions,
  }
}
