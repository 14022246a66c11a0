/** Workgroups between the wire and the domain (D7). */
import {
  EFFECTIVE_ENGINE_VERSION,
  NEW_SETTINGS,
  type Workgroup,
  type WorkgroupSettings,
} from '../../query/workgroups.ts'
import type {
  EngineVersion,
  WorkGroup,
  WorkGroupConfiguration,
  WorkGroupConfigurationUpdates,
  WorkGroupSummary,
} from '../../wire/model/athena.ts'
import { invalidRequest, refuseMembers } from './errors.ts'
import { fromResultSettings, toEncryption, toResultSettings } from './result-configuration.ts'

const NOT_OFFERED = [
  'AdditionalConfiguration',
  'ExecutionRole',
  'CustomerContentEncryptionConfiguration',
  'MonitoringConfiguration',
  'EngineConfiguration',
  'QueryResultsS3AccessGrantsConfiguration',
] as const

export function toNewSettings(input: WorkGroupConfiguration | undefined): WorkgroupSettings {
  refuseMembers(input, [...NOT_OFFERED, 'IdentityCenterConfiguration'])
  refuseManagedResults(input?.ManagedQueryResultsConfiguration)
  return {
    ...NEW_SETTINGS,
    ...toResultSettings(input?.ResultConfiguration),
    ...definedSettings({
      isEnforced: input?.EnforceWorkGroupConfiguration,
      publishesMetrics: input?.PublishCloudWatchMetricsEnabled,
      requesterPays: input?.RequesterPaysEnabled,
      minimumEncryption: input?.EnableMinimumEncryptionConfiguration,
      bytesScannedCutoff: input?.BytesScannedCutoffPerQuery,
      selectedEngineVersion: toSelectedVersion(input?.EngineVersion),
    }),
  }
}

export function updatedSettings(
  current: WorkgroupSettings,
  updates: WorkGroupConfigurationUpdates | undefined,
): WorkgroupSettings {
  refuseMembers(updates, NOT_OFFERED)
  refuseManagedResults(updates?.ManagedQueryResultsConfigurationUpdates)
  const results = updates?.ResultConfigurationUpdates
  refuseMembers(results, ['AclConfiguration'])
  const removed = new Set([
    ...(results?.RemoveOutputLocation ? ['outputLocation'] : []),
    ...(results?.RemoveEncryptionConfiguration ? ['encryption'] : []),
    ...(results?.RemoveExpectedBucketOwner ? ['expectedBucketOwner'] : []),
    ...(updates?.RemoveBytesScannedCutoffPerQuery ? ['bytesScannedCutoff'] : []),
  ])
  const kept = Object.fromEntries(Object.entries(current).filter(([name]) => !removed.has(name)))
  const encryption = results?.EncryptionConfiguration
  return {
    ...(kept as unknown as WorkgroupSettings),
    ...definedSettings({
      outputLocation: results?.OutputLocation,
      encryption: encryption === undefined ? undefined : toEncryption(encryption),
      expectedBucketOwner: results?.ExpectedBucketOwner,
      isEnforced: updates?.EnforceWorkGroupConfiguration,
      publishesMetrics: updates?.PublishCloudWatchMetricsEnabled,
      requesterPays: updates?.RequesterPaysEnabled,
      minimumEncryption: updates?.EnableMinimumEncryptionConfiguration,
      bytesScannedCutoff: updates?.BytesScannedCutoffPerQuery,
      selectedEngineVersion: toSelectedVersion(updates?.EngineVersion),
    }),
  }
}

function definedSettings(
  settings: {
    [Member in keyof WorkgroupSettings]: WorkgroupSettings[Member] | undefined
  },
): Partial<WorkgroupSettings>
function definedSettings(settings: Partial<Record<keyof WorkgroupSettings, unknown>>): Partial<WorkgroupSettings>
function definedSettings(settings: object): Partial<WorkgroupSettings> {
  return Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined))
}

const ENGINE_VERSIONS = ['AUTO', EFFECTIVE_ENGINE_VERSION]

function toSelectedVersion(version: EngineVersion | undefined): string | undefined {
  const selected = version?.SelectedEngineVersion
  if (selected === undefined || ENGINE_VERSIONS.includes(selected)) return selected
  throw invalidRequest(
    `Engine version ${selected} is not supported by this lake: ${ENGINE_VERSIONS.join(' and ')} are.`,
  )
}

/** Results that Athena keeps itself are not offered; saying that they are off is no request for them. */
function refuseManagedResults(input: { readonly Enabled?: boolean } | undefined): void {
  if (input?.Enabled === true) throw invalidRequest('ManagedQueryResultsConfiguration is not supported by this lake.')
}

export function fromWorkgroup(workgroup: Workgroup): WorkGroup {
  const { settings, description } = workgroup
  return {
    Name: workgroup.name,
    State: workgroup.state,
    Configuration: {
      ResultConfiguration: fromResultSettings(settings),
      EnforceWorkGroupConfiguration: settings.isEnforced,
      PublishCloudWatchMetricsEnabled: settings.publishesMetrics,
      ...(settings.bytesScannedCutoff !== undefined && { BytesScannedCutoffPerQuery: settings.bytesScannedCutoff }),
      RequesterPaysEnabled: settings.requesterPays,
      EngineVersion: engineVersion(settings),
      EnableMinimumEncryptionConfiguration: settings.minimumEncryption,
    },
    ...(description !== undefined && description !== '' && { Description: description }),
    CreationTime: new Date(workgroup.createdAtMs),
  }
}

export function fromWorkgroupSummary(workgroup: Workgroup): WorkGroupSummary {
  return {
    Name: workgroup.name,
    State: workgroup.state,
    Description: workgroup.description ?? '',
    CreationTime: new Date(workgroup.createdAtMs),
    EngineVersion: engineVersion(workgroup.settings),
  }
}

function engineVersion({ selectedEngineVersion }: WorkgroupSettings): EngineVersion {
  return { SelectedEngineVersion: selectedEngineVersion, EffectiveEngineVersion: EFFECTIVE_ENGINE_VERSION }
}
