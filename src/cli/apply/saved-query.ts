import type { AthenaClient, NamedQuery } from '@aws-sdk/client-athena'
import type { LakeFile } from '../lake-file.ts'
import type { Step } from './step.ts'

/** Athena lets several saved queries share a name; a lake file means the one of its name in the workgroup. */
export function savedQueryStep(query: LakeFile['queries'][number]): Step {
  return {
    what: `saved query ${query.name}`,
    details: `workgroup ${query.workgroup}`,
    async run(clients) {
      const athena = await clients.athena()
      const sdk = await import('@aws-sdk/client-athena')
      const wanted = {
        Name: query.name,
        Database: query.database,
        QueryString: query.sql,
        WorkGroup: query.workgroup,
        ...(query.description !== undefined && { Description: query.description }),
      }
      const found = await savedQueryNamed(athena, query.name, query.workgroup)
      if (found === undefined) {
        await athena.send(new sdk.CreateNamedQueryCommand(wanted))
        return 'created'
      }
      const isSame =
        found.QueryString === query.sql &&
        found.Database === query.database &&
        (found.Description || undefined) === query.description
      if (isSame) return 'unchanged'
      await athena.send(new sdk.DeleteNamedQueryCommand({ NamedQueryId: found.NamedQueryId }))
      await athena.send(new sdk.CreateNamedQueryCommand(wanted))
      return 'updated'
    },
  }
}

async function savedQueryNamed(athena: AthenaClient, name: string, workgroup: string): Promise<NamedQuery | undefined> {
  const sdk = await import('@aws-sdk/client-athena')
  let token: string | undefined
  do {
    const page = await athena.send(
      new sdk.ListNamedQueriesCommand({ WorkGroup: workgroup, MaxResults: 50, NextToken: token }),
    )
    const ids = page.NamedQueryIds ?? []
    if (ids.length > 0) {
      const { NamedQueries } = await athena.send(new sdk.BatchGetNamedQueryCommand({ NamedQueryIds: ids }))
      const found = NamedQueries?.find((query) => query.Name === name)
      if (found !== undefined) return found
    }
    token = page.NextToken
  } while (token !== undefined)
  return undefined
}
