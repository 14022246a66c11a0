import { EmbeddedJobStore } from '../../../../src/automation/jobs/embedded/embedded-job-store.ts'
import { jobStoreContract } from '../../../contracts/job-store.ts'
import { hastyDatabase } from '../../../support/hasty-disk.ts'

jobStoreContract(async (clock) => new EmbeddedJobStore({ database: hastyDatabase(':memory:'), clock }))
