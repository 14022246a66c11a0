/** Makes a lake file so, in the order things need each other. Idempotent: applying twice changes nothing the second time. */
import type { Clients } from '../clients.ts'
import type { CommandInput } from '../command.ts'
import type { LakeFile } from '../lake-file.ts'
import { bucketStep } from './bucket.ts'
import { crawlerStep } from './crawler.ts'
import { deliveryStreamStep } from './delivery-stream.ts'
import { roleStep } from './role.ts'
import { savedQueryStep } from './saved-query.ts'
import type { Outcome, Step } from './step.ts'
import { workgroupStep } from './workgroup.ts'

export interface Applied {
  readonly what: string
  readonly outcome: Outcome
}

export function stepsOf(file: LakeFile, lake: { region: string; accountId: string }): Step[] {
  return [
    ...file.buckets.map((bucket) => bucketStep(bucket, lake.region)),
    ...file.roles.map(roleStep),
    ...file.deliveryStreams.map((stream) => deliveryStreamStep(stream, lake.accountId)),
    ...file.crawlers.map(crawlerStep),
    ...file.workgroups.map(workgroupStep),
    ...file.queries.map(savedQueryStep),
  ]
}

/**
 * Prints a tick per step. The first step that fails, or an interruption, ends it; what was done stays, and applying
 * again goes on from there.
 */
export async function applyLakeFile(
  file: LakeFile,
  clients: Clients,
  region: string,
  { terminal, signal }: Pick<CommandInput, 'terminal' | 'signal'>,
): Promise<Applied[]> {
  const sts = await clients.sts()
  const { GetCallerIdentityCommand } = await import('@aws-sdk/client-sts')
  const accountId = (await sts.send(new GetCallerIdentityCommand({}))).Account ?? ''
  const applied: Applied[] = []
  for (const step of stepsOf(file, { region, accountId })) {
    signal.throwIfAborted()
    terminal.live(`… ${step.what}`)
    try {
      const outcome = await step.run(clients)
      terminal.settle(
        `${terminal.style('good', '✓')} ${step.what} ${terminal.style('dim', `(${step.details})`)} ${outcome}`,
      )
      applied.push({ what: step.what, outcome })
    } catch (error) {
      terminal.settle(`${terminal.style('bad', '✗')} ${step.what}`)
      throw error
    }
  }
  return applied
}
