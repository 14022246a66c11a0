import type { LakeFile } from '../lake-file.ts'
import { type Step, unlessMissing } from './step.ts'

export function workgroupStep(group: LakeFile['workgroups'][number]): Step {
  return {
    what: `workgroup ${group.name}`,
    details: `results in ${group.results}`,
    async run(clients) {
      const athena = await clients.athena()
      const sdk = await import('@aws-sdk/client-athena')
      const found = await unlessMissing(
        athena.send(new sdk.GetWorkGroupCommand({ WorkGroup: group.name })),
        'InvalidRequestException',
      )
      if (found?.WorkGroup === undefined) {
        await athena.send(
          new sdk.CreateWorkGroupCommand({
            Name: group.name,
            Configuration: {
              ResultConfiguration: { OutputLocation: group.results },
              EnforceWorkGroupConfiguration: group.enforced,
            },
          }),
        )
        return 'created'
      }
      const configuration = found.WorkGroup.Configuration
      const isSame =
        configuration?.ResultConfiguration?.OutputLocation === group.results &&
        (configuration.EnforceWorkGroupConfiguration ?? false) === group.enforced
      if (isSame) return 'unchanged'
      await athena.send(
        new sdk.UpdateWorkGroupCommand({
          WorkGroup: group.name,
          ConfigurationUpdates: {
            ResultConfigurationUpdates: { OutputLocation: group.results },
            EnforceWorkGroupConfiguration: group.enforced,
          },
        }),
      )
      return 'updated'
    },
  }
}
