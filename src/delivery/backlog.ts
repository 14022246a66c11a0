/** Bytes that all streams together have accepted and not yet delivered; shared so that the bound on their sum holds. */
export class Backlog {
  totalBytes = 0
  queuedBytes = 0
}
