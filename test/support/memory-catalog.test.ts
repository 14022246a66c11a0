import { catalogContract } from '../contracts/catalog.ts'
import { MemoryCatalog } from './memory-catalog.ts'

catalogContract(async () => new MemoryCatalog())
