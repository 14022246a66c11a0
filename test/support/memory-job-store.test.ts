import { jobStoreContract } from '../contracts/job-store.ts'
import { MemoryJobStore } from './memory-job-store.ts'

jobStoreContract(async (clock) => new MemoryJobStore(clock))
