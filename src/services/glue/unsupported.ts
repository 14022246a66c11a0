/** Members that Glue knows and this lake does not honour: refused by name rather than ignored. */
import { invalidInput } from './errors.ts'

/** Throws when any of `members` is set in `input`. An empty text or list is not set: Terraform sends them for what it has not. */
export function refuseMembers<Input extends object>(input: Input, members: readonly (keyof Input & string)[]): void {
  for (const member of members) {
    const value: unknown = input[member]
    const isSet = value !== undefined && value !== null && value !== '' && !(Array.isArray(value) && value.length === 0)
    if (isSet) throw invalidInput(`${member} is not offered by lakelet: leave it out.`)
  }
}

/** The lake has one catalog: its account's. Another id is refused as Glue refuses a catalog one cannot see. */
export function checkCatalogId(catalogId: string | undefined, accountId: string): void {
  if (catalogId !== undefined && catalogId !== accountId)
    throw invalidInput(`Catalog ${catalogId} is not this lake's: its id is ${accountId}.`)
}
