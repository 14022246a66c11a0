/** The only place that knows Firehose's names for the domain's refusals. Texts as in A2 of the behaviour sheet. */
import type { DeliveryRefusal } from '../../delivery/delivery-streams.ts'
import type { Refusal } from '../../platform/refusal.ts'
import { keyAnswer } from '../customer-keys.ts'
import { WireError } from '../operation.ts'

interface Answer {
  readonly code: string
  readonly status?: number
  readonly text: (refusal: Refusal, accountId: string) => string
}

const own = ({ message }: Refusal) => message

/** The 5xx of the model: SDKs take it as a reason to wait and try again. */
const slowDown: Answer = { code: 'ServiceUnavailableException', status: 503, text: () => SLOW_DOWN }

export const SLOW_DOWN = 'Slow down.'

const ANSWERS: Readonly<Record<DeliveryRefusal, Answer>> = {
  noSuchStream: {
    code: 'ResourceNotFoundException',
    text: ({ fields }, accountId) => `Firehose ${fields['name']} under account ${accountId} not found.`,
  },
  streamExists: {
    code: 'ResourceInUseException',
    text: ({ fields }, accountId) => `Firehose ${fields['name']} under accountId ${accountId} already exists`,
  },
  streamBusy: {
    code: 'ResourceInUseException',
    text: ({ fields }, accountId) =>
      `Firehose ${fields['name']} under accountId ${accountId} is in state ${fields['state']}.`,
  },
  tooManyStreams: { code: 'LimitExceededException', text: own },
  tooManyTags: { code: 'LimitExceededException', text: own },
  tooManyEncryptionChanges: { code: 'LimitExceededException', text: own },
  roleNotAssumable: {
    code: 'InvalidArgumentException',
    text: ({ fields }) => `Firehose is unable to assume role ${fields['roleArn']}. Please check the role provided.`,
  },
  invalidDestination: { code: 'InvalidArgumentException', text: own },
  staleVersion: {
    code: 'ConcurrentModificationException',
    text: ({ fields }) =>
      `Cannot update firehose: ${fields['name']} since the current version id: ${fields['current']} and specified version id: ${fields['specified']} do not match`,
  },
  slowDown,
  closing: slowDown,
}

export function toFirehoseError(accountId: string): (refusal: Refusal) => WireError | undefined {
  return (refusal) => {
    if (!Object.hasOwn(ANSWERS, refusal.code)) return keyError(refusal)
    const { code, status = 400, text } = ANSWERS[refusal.code as DeliveryRefusal]
    return new WireError(code, text(refusal, accountId), { status, cause: refusal })
  }
}

/** What a key of KMS refuses, with KMS's own code beside Firehose's. */
function keyError(refusal: Refusal): WireError | undefined {
  const answer = keyAnswer(refusal)
  if (answer === undefined) return undefined
  const { code, message } = answer
  return new WireError('InvalidKMSResourceException', message, { extra: { code }, cause: refusal })
}

export function invalidArgument(message: string): WireError {
  return new WireError('InvalidArgumentException', message)
}

/** A member that Firehose knows and this lake does not honour: refused by name rather than ignored. */
export function notOffered(member: string): WireError {
  return invalidArgument(`${member} is not offered by lakelet: leave it out.`)
}
