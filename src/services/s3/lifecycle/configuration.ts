/** Lifecycle configurations between the wire and the store. Bounds of the API reference, texts as S3 gives them. */
import { createHash } from 'node:crypto'
import type { Expiration, LifecycleFilter, LifecycleRule } from '../../../objects/lifecycle/rules.ts'
import type { LifecycleRule as WireRule } from '../../../wire/model/s3.ts'
import { invalidArgument, invalidRequest, malformedXml, settingNotImplemented } from '../errors.ts'
import { tagSetOf, tagsOfSet } from '../tags.ts'

const RULES_MAX = 1000
const ID_LENGTH_MAX = 255
const FILTER_TAGS_MAX = 10
const NEWEST_KEPT_MAX = 100
const DAY_MS = 24 * 3600 * 1000

export function rulesOfConfiguration(given: readonly WireRule[]): readonly LifecycleRule[] {
  if (given.length === 0 || given.length > RULES_MAX) throw malformedXml()
  const rules = given.map((rule, index) => ruleOf(rule, rule.ID || generatedId(rule, index)))
  const ids = new Set(rules.map((rule) => rule.id))
  if (ids.size < rules.length) {
    const repeated = rules.find((rule, index) => rules.findIndex((other) => other.id === rule.id) < index)
    throw invalidArgument('Rule ID must be unique. Found same ID for more than one rule', 'ID', repeated?.id)
  }
  return rules
}

/** The same configuration gets the same ids again. */
function generatedId(rule: WireRule, index: number): string {
  return createHash('sha256')
    .update(`${index} ${JSON.stringify(rule)}`)
    .digest('base64url')
    .slice(0, 48)
}

function ruleOf(given: WireRule, id: string): LifecycleRule {
  if (id.length > ID_LENGTH_MAX) {
    throw invalidArgument(`ID length should not exceed allowed limit of ${ID_LENGTH_MAX}`, 'ID', id)
  }
  const transitions = [...(given.Transitions ?? []), ...(given.NoncurrentVersionTransitions ?? [])]
  if (transitions.length > 0) {
    throw settingNotImplemented(
      'PutBucketLifecycleConfiguration',
      'transitions: every object stays in its storage class',
    )
  }
  const { Expiration: whole, NoncurrentVersionExpiration: noncurrent, AbortIncompleteMultipartUpload: abort } = given
  if (whole === undefined && noncurrent === undefined && abort === undefined) {
    throw invalidRequest('At least one action needs to be specified in a rule.')
  }
  const { filter, form } = filterOf(given)
  const asksForMore = filter.tags !== undefined || filter.sizeAbove !== undefined || filter.sizeBelow !== undefined
  if (abort !== undefined && filter.tags !== undefined) {
    throw invalidRequest('AbortIncompleteMultipartUpload cannot be specified with Tags.')
  }
  if (abort !== undefined && asksForMore) {
    throw invalidRequest('AbortIncompleteMultipartUpload cannot be specified with Object Size.')
  }
  if (whole?.ExpiredObjectDeleteMarker !== undefined && filter.tags !== undefined) {
    throw invalidRequest('ExpiredObjectDeleteMarker cannot be specified with Tags.')
  }
  return {
    id,
    isEnabled: given.Status === 'Enabled',
    filter,
    form,
    ...(whole !== undefined && expirationOf(whole)),
    ...(noncurrent !== undefined && { noncurrent: noncurrentOf(noncurrent) }),
    ...(abort !== undefined && {
      abortsUploadsAfterDays: days(abort.DaysAfterInitiation, 'DaysAfterInitiation', 'AbortIncompleteMultipartUpload'),
    }),
  }
}

function filterOf({ Prefix, Filter }: WireRule): Pick<LifecycleRule, 'filter' | 'form'> {
  if ((Prefix === undefined) === (Filter === undefined)) throw malformedXml()
  if (Filter === undefined) return { filter: { prefix: Prefix }, form: 'prefix' }
  const { And: and, Tag: tag, ...rest } = Filter
  const given = [and, tag, ...Object.values(rest)].filter((part) => part !== undefined)
  if (given.length > 1) throw malformedXml()
  if (and === undefined) return { filter: condition({ ...rest, ...(tag && { Tags: [tag] }) }), form: 'one' }
  const parts = [and.Prefix, and.ObjectSizeGreaterThan, and.ObjectSizeLessThan, ...(and.Tags ?? [])]
  if (parts.filter((part) => part !== undefined).length < 2) throw malformedXml()
  return { filter: condition(and), form: 'and' }
}

function condition(given: NonNullable<NonNullable<WireRule['Filter']>['And']>): LifecycleFilter {
  const { Prefix: prefix, Tags: tags, ObjectSizeGreaterThan: sizeAbove, ObjectSizeLessThan: sizeBelow } = given
  if (sizeAbove !== undefined && sizeBelow !== undefined && sizeBelow <= sizeAbove) {
    throw invalidRequest("'ObjectSizeLessThan' has to be a value greater than 'ObjectSizeGreaterThan'.")
  }
  for (const [name, size] of [
    ['ObjectSizeGreaterThan', sizeAbove],
    ['ObjectSizeLessThan', sizeBelow],
  ] as const) {
    if (size !== undefined && size < 0) throw invalidArgument(`'${name}' must not be negative`, name, size)
  }
  return {
    ...(prefix !== undefined && { prefix }),
    ...(tags !== undefined && tags.length > 0 && { tags: tagsOfSet(tags, FILTER_TAGS_MAX) }),
    ...(sizeAbove !== undefined && { sizeAbove }),
    ...(sizeBelow !== undefined && { sizeBelow }),
  }
}

function expirationOf(
  given: NonNullable<WireRule['Expiration']>,
): Pick<LifecycleRule, 'expiration' | 'expiresMarkers'> {
  const { Days, Date: date, ExpiredObjectDeleteMarker: markers } = given
  if ([Days, date, markers].filter((part) => part !== undefined).length !== 1) throw malformedXml()
  if (markers !== undefined) return { expiresMarkers: markers }
  if (date === undefined) return { expiration: { afterDays: days(Days, 'Days', 'Expiration') } }
  const onMs = date.getTime()
  if (onMs % DAY_MS !== 0) throw invalidArgument("'Date' must be at midnight GMT", 'Date', date.toISOString())
  return { expiration: { onMs } satisfies Expiration }
}

function noncurrentOf(given: NonNullable<WireRule['NoncurrentVersionExpiration']>): LifecycleRule['noncurrent'] {
  const { NoncurrentDays, NewerNoncurrentVersions: newestKept } = given
  const afterDays = days(NoncurrentDays, 'NoncurrentDays', 'NoncurrentVersionExpiration')
  if (newestKept === undefined) return { afterDays }
  if (newestKept < 1 || newestKept > NEWEST_KEPT_MAX) {
    throw invalidArgument(
      `'NewerNoncurrentVersions' for NoncurrentVersionExpiration action must be between 1 and ${NEWEST_KEPT_MAX}`,
      'NewerNoncurrentVersions',
      newestKept,
    )
  }
  return { afterDays, newestKept }
}

function days(given: number | undefined, name: string, action: string): number {
  if (given === undefined) throw malformedXml()
  if (given > 0) return given
  throw invalidArgument(`'${name}' for ${action} action must be a positive integer`, name, given)
}

// ---- and back

export function configurationOfRules(rules: readonly LifecycleRule[]): WireRule[] {
  return rules.map((rule) => ({
    ID: rule.id,
    Status: rule.isEnabled ? ('Enabled' as const) : ('Disabled' as const),
    ...(rule.form === 'prefix' ? { Prefix: rule.filter.prefix ?? '' } : { Filter: wireFilterOf(rule) }),
    ...wireExpirationOf(rule),
    ...(rule.noncurrent !== undefined && {
      NoncurrentVersionExpiration: {
        NoncurrentDays: rule.noncurrent.afterDays,
        ...(rule.noncurrent.newestKept !== undefined && { NewerNoncurrentVersions: rule.noncurrent.newestKept }),
      },
    }),
    ...(rule.abortsUploadsAfterDays !== undefined && {
      AbortIncompleteMultipartUpload: { DaysAfterInitiation: rule.abortsUploadsAfterDays },
    }),
  }))
}

function wireFilterOf({ filter, form }: LifecycleRule): NonNullable<WireRule['Filter']> {
  const { prefix, tags, sizeAbove, sizeBelow } = filter
  const set = tags === undefined ? undefined : tagSetOf(tags)
  const rest = {
    ...(prefix !== undefined && { Prefix: prefix }),
    ...(sizeAbove !== undefined && { ObjectSizeGreaterThan: sizeAbove }),
    ...(sizeBelow !== undefined && { ObjectSizeLessThan: sizeBelow }),
  }
  if (form === 'and') return { And: { ...rest, ...(set !== undefined && { Tags: set }) } }
  return { ...rest, ...(set?.[0] !== undefined && { Tag: set[0] }) }
}

function wireExpirationOf({ expiration, expiresMarkers }: LifecycleRule): Pick<WireRule, 'Expiration'> {
  if (expiresMarkers !== undefined) return { Expiration: { ExpiredObjectDeleteMarker: expiresMarkers } }
  if (expiration === undefined) return {}
  return {
    Expiration: 'onMs' in expiration ? { Date: new Date(expiration.onMs) } : { Days: expiration.afterDays },
  }
}
