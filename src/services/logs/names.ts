/**
 * Names of groups and streams:
 *
 *   arn:aws:logs:<region>:<account>:log-group:<group>                      of a group, also with :* behind it
 *   arn:aws:logs:<region>:<account>:log-group:<group>:log-stream:<stream>
 */
import type { LogsContext } from './context.ts'
import { invalid } from './errors.ts'

type Place = Pick<LogsContext, 'region' | 'accountId'>

export interface GroupGiven {
  readonly logGroupName?: string
  readonly logGroupIdentifier?: string
}

export function groupArn(group: string, { region, accountId }: Place): string {
  return `arn:aws:logs:${region}:${accountId}:log-group:${group}`
}

export function streamArn(group: string, stream: string, place: Place): string {
  return `${groupArn(group, place)}:log-stream:${stream}`
}

/** The identifier is a name or an arn. Throws unless just one of the two is given. */
export function groupGiven({ logGroupName, logGroupIdentifier }: GroupGiven, place: Place): string {
  if (logGroupName !== undefined && logGroupIdentifier !== undefined) {
    throw invalid('LogGroup name and LogGroup ARN are mutually exclusive parameters.')
  }
  if (logGroupName !== undefined) return logGroupName
  if (logGroupIdentifier === undefined) throw invalid('Either LogGroup name or LogGroup ARN must be given.')
  return logGroupIdentifier.startsWith('arn:') ? groupOfArn(logGroupIdentifier, place) : logGroupIdentifier
}

/** Throws for what is no group's arn here. */
export function groupOfArn(arn: string, place: Place): string {
  const prefix = groupArn('', place)
  const name = arn.startsWith(prefix) ? arn.slice(prefix.length).replace(/:\*$/, '') : ''
  if (!/^[.\-_/#A-Za-z0-9]{1,512}$/.test(name)) throw invalid(`${arn} is not the ARN of a log group of this account.`)
  return name
}
