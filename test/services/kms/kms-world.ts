/** KMS in process: an operation by name, its input as the SDK gives it; a refusal as the wire error it becomes. */
import { isRefusal } from '../../../src/platform/refusal.ts'
import { kmsService } from '../../../src/services/kms/index.ts'
import type { KmsOperations } from '../../../src/wire/model/kms.ts'
import { customerWorld } from '../../keys/customer-world.ts'
import { rootCaller } from '../../support/callers.ts'

export async function kmsWorld() {
  const world = await customerWorld()
  const lake = await world.open()
  const service = kmsService({ keys: lake.keys, random: lake.random, region: 'us-east-1', accountId: '000000000000' })
  return {
    clock: world.clock,
    keys: lake.keys,
    async call<Name extends keyof KmsOperations>(
      name: Name,
      input: KmsOperations[Name]['input'],
    ): Promise<KmsOperations[Name]['output']> {
      const operation = service.operations[name] as unknown as (...given: unknown[]) => Promise<never>
      return operation(input, service.context, rootCaller()).catch((error: unknown) => {
        throw (isRefusal(error) && service.toWireError(error)) || error
      })
    },
    close() {
      lake.close()
      world.remove()
    },
  }
}

export const ARN = 'arn:aws:kms:us-east-1:000000000000'
