/**
 * Turns whatever a command threw into what a person reads: what happened, and what to do when that is known. Refusals
 * and AWS errors are for people; anything else is a bug and shows where it happened.
 */
import { isRefusal } from '../platform/refusal.ts'

export interface Explained {
  readonly code: string
  readonly message: string
  /** What to do. */
  readonly advice?: string
}

/** The user's Ctrl-C, as an error: the command ended early because it was asked to. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted'

  constructor() {
    super('Interrupted.')
  }
}

const LOOK_AT_HOST = 'Look at --endpoint, or at --host of lakelet up.'

/** By the code of the system's error: the address, the file or the port was wrong. */
const SYSTEM: Readonly<Record<string, Explained>> = {
  ECONNREFUSED: {
    code: 'connectionRefused',
    message: 'Nothing answers at that address. Is the lake up?',
    advice: 'Start it with lakelet up; lakelet doctor says more.',
  },
  ECONNRESET: {
    code: 'connectionLost',
    message: 'The lake ended the connection.',
    advice: 'If it was stopped, start it with lakelet up; lakelet.log in its data directory says more.',
  },
  ENOTFOUND: { code: 'unknownHost', message: 'There is no host of that name.', advice: LOOK_AT_HOST },
  EAI_AGAIN: { code: 'unknownHost', message: 'There is no host of that name.', advice: LOOK_AT_HOST },
  EADDRNOTAVAIL: {
    code: 'notOurAddress',
    message: 'This machine does not have that address.',
    advice: 'Look at --host; 127.0.0.1 is for this machine alone, 0.0.0.0 for all who can reach it.',
  },
  EPROTO: {
    code: 'notHttps',
    message: 'That address does not speak HTTPS.',
    advice: 'A lake speaks HTTP: use http:// in --endpoint.',
  },
}

const WRONG_KEYS =
  'These keys are not those of the lake: eval "$(lakelet env)" sets its own, or unset AWS_ACCESS_KEY_ID to use them without.'

/** By the name of the AWS error, and words of its message where one name means many things. */
const ADVICE: readonly { readonly name: string; readonly words?: string; readonly advice: string }[] = [
  { name: 'UnrecognizedClientException', advice: WRONG_KEYS },
  { name: 'InvalidClientTokenId', advice: WRONG_KEYS },
  { name: 'InvalidAccessKeyId', advice: WRONG_KEYS },
  {
    name: 'InvalidSignatureException',
    words: 'valid region',
    advice: 'Unset AWS_REGION and AWS_DEFAULT_REGION, or eval "$(lakelet env)".',
  },
  { name: 'InvalidSignatureException', advice: WRONG_KEYS },
  { name: 'SignatureDoesNotMatch', advice: WRONG_KEYS },
  {
    name: 'InvalidRequestException',
    words: 'No output location',
    advice: 'Say where results go with --output s3://BUCKET/PREFIX/, or name a workgroup that does with --workgroup.',
  },
  {
    name: 'InvalidRequestException',
    words: 'WorkGroup is not found',
    advice: 'lakelet doctor lists the workgroups.',
  },
  {
    name: 'ResourceNotFoundException',
    words: 'Firehose',
    advice: 'aws firehose list-delivery-streams lists the streams; lakelet apply makes them.',
  },
  {
    name: 'EntityNotFoundException',
    words: 'Crawler',
    advice: 'aws glue list-crawlers lists the crawlers; lakelet apply makes them.',
  },
]

export function explain(error: unknown): Explained {
  if (isRefusal(error)) return { code: error.code, message: error.message }
  if (!(error instanceof Error)) return { code: 'Error', message: String(error) }
  if (error instanceof Interrupted) return { code: 'interrupted', message: error.message }
  const { code, $metadata, $response } = error as NodeJS.ErrnoException & { $metadata?: unknown; $response?: unknown }
  const known = SYSTEM[code ?? '']
  if (known !== undefined) return known
  if (error.message.includes('Deserialization error') || (error instanceof SyntaxError && $response !== undefined)) {
    return {
      code: 'notALake',
      message: 'What answers at that address is not a lake.',
      advice: 'Look at --endpoint and AWS_ENDPOINT_URL; lakelet doctor says more.',
    }
  }
  if ($metadata === undefined) return { code: error.name, message: error.stack ?? error.message }
  const found = ADVICE.find(({ name, words = '' }) => name === error.name && error.message.includes(words))
  return { code: error.name, message: error.message, ...(found && { advice: found.advice }) }
}

/** The code of an AWS error is worth a look-up; a refusal's own sentence says it all. */
export function failureText(error: unknown): string {
  const { code, message, advice } = explain(error)
  const isAws = error instanceof Error && '$metadata' in error && code === error.name
  return [`lakelet: ${isAws ? `${code}: ` : ''}${message}`, ...(advice === undefined ? [] : [advice])].join('\n')
}
