import { flowStoreContract } from '../contracts/flow-store.ts'
import { MemoryFlowStore } from './memory-flow-store.ts'

flowStoreContract(async (clock) => new MemoryFlowStore(clock))
