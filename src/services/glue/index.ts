/**
 * AWS Glue: the data catalog, crawlers, jobs, triggers and workflows over aws-json 1.1.
 *
 * Known gaps, each answered by name (UnknownOperationException): all that is not in the tables of operations, such as
 * connections, blueprints, data quality, schema registry, job bookmarks; Spark jobs and members without effect are refused.
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
