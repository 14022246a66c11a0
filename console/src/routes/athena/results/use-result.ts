/** A result, page after page, up to a bound: rows can be looked at while more of them come. */
import type { QueryExecution } from '@aws-sdk/client-athena'
import { useEffect, useState } from 'react'
import { resultPage } from '../../../drivers/athena.ts'
import type { ResultColumn } from '../../../drivers/result-column.ts'
import type { Row } from './rows.ts'

export const ROWS_MAX = 100_000
/** Pages between two looks: showing each would take longer than reading it. */
const SHOW_EVERY = 10

interface Result {
  readonly columns: readonly ResultColumn[]
  readonly rows: readonly Row[]
  readonly isLoading: boolean
  /** There is more than is kept here. */
  readonly isCut: boolean
  readonly error: unknown
}

const NOTHING: Result = { columns: [], rows: [], isLoading: true, isCut: false, error: undefined }

export function useResult(of: QueryExecution): Result {
  const [result, setResult] = useState<Result>(NOTHING)
  // Of one execution; the caller shows another one under another key.
  const [first] = useState(of)
  useEffect(() => {
    let isGone = false
    const read = async () => {
      const rows: Row[] = []
      let columns: readonly ResultColumn[] = []
      let token: string | undefined
      for (let pages = 1; ; pages++) {
        const page = await resultPage(first, token)
        if (isGone) return
        columns = page.columns
        for (const cells of page.rows) rows.push({ number: rows.length + 1, cells })
        token = page.next
        const isOver = token === undefined || rows.length >= ROWS_MAX
        if (pages === 1 || isOver || pages % SHOW_EVERY === 0)
          setResult({
            columns,
            rows: [...rows],
            isLoading: !isOver,
            isCut: isOver && token !== undefined,
            error: undefined,
          })
        if (isOver) return
      }
    }
    read().catch((error: unknown) => {
      if (!isGone) setResult((now) => ({ ...now, isLoading: false, error }))
    })
    return () => {
      isGone = true
    }
  }, [first])
  return result
}
