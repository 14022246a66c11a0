/** Files below `objects/` and `staging/` that no row and no write under way knows. */
import { join, relative } from 'node:path'
import type { BlobStore } from '../blob-store.ts'
import type { Finding } from './scrub.ts'

export async function* strayFiles({ blobs }: { blobs: BlobStore }): AsyncGenerator<Finding> {
  for await (const { directory, names } of blobs.folders()) {
    for (const name of names) {
      const path = join(directory, name)
      if (await blobs.isStray(path)) yield { problem: stray(relative(blobs.directory, path)) }
    }
    yield { counted: { files: names.length } }
  }
}

function stray(path: string): { kind: 'stray'; says: string; advice: string } {
  return { kind: 'stray', says: `${path} belongs to nothing.`, advice: 'It only takes room: remove it.' }
}
