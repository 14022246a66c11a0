/** Work that a button begins: whether it is under way, and why it failed. Begun twice it is done once. */
import { useCallback, useRef, useState } from 'react'

export interface Work {
  readonly isBusy: boolean
  readonly error: unknown
  /** What fails is kept as `error` until the next try. */
  run(work: () => Promise<void>): Promise<void>
}

export function useWork(): Work {
  const [isBusy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>()
  const underWay = useRef(false)
  const run = useCallback(async (work: () => Promise<void>) => {
    if (underWay.current) return
    underWay.current = true
    setBusy(true)
    setError(undefined)
    try {
      await work()
    } catch (failure) {
      setError(failure)
    } finally {
      underWay.current = false
      setBusy(false)
    }
  }, [])
  return { isBusy, error, run }
}
