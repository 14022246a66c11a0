import { EFFECTIVE_ENGINE_VERSION } from '../../query/workgroups.ts'
import type { ListEngineVersionsInput, ListEngineVersionsOutput } from '../../wire/model/athena.ts'
import type { AthenaOperation } from './context.ts'

export const listEngineVersions: AthenaOperation<ListEngineVersionsInput, ListEngineVersionsOutput> = async () => ({
  EngineVersions: ['AUTO', EFFECTIVE_ENGINE_VERSION].map((selected) => ({
    SelectedEngineVersion: selected,
    EffectiveEngineVersion: EFFECTIVE_ENGINE_VERSION,
  })),
})
