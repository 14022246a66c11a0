import { EmbeddedFlowStore } from '../../../../src/automation/flows/embedded/embedded-flow-store.ts'
import { flowStoreContract } from '../../../contracts/flow-store.ts'
import { hastyDatabase } from '../../../support/hasty-disk.ts'

flowStoreContract(async (clock) => new EmbeddedFlowStore({ database: hastyDatabase(':memory:'), clock }))
