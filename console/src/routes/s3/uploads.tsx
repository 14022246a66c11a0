/** Files on their way into a bucket: three at a time, large ones in parts, each with its progress and a way to stop it. */
import Button from '@cloudscape-design/components/button'
import Container from '@cloudscape-design/components/container'
import Header from '@cloudscape-design/components/header'
import ProgressBar from '@cloudscape-design/components/progress-bar'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { useCallback, useEffect, useRef, useState } from 'react'
import { codeOf, wordsOf } from '../../components/errors.tsx'
import { bytesText } from '../../components/figures.ts'
import { uploadFile } from '../../drivers/s3.ts'

interface Upload {
  readonly id: number
  readonly key: string
  readonly file: File
  readonly sent: number
  readonly state: 'waiting' | 'under way' | 'done' | 'failed' | 'stopped'
  readonly problem?: string
}

export interface UploadsState {
  readonly items: readonly Upload[]
  add(files: readonly { readonly file: File; readonly key: string }[]): void
  stop(id: number): void
  clear(): void
}

const AT_ONCE = 3
let count = 0

export function useUploads(bucket: string, onUploaded: () => void): UploadsState {
  const [items, setItems] = useState<readonly Upload[]>([])
  const stops = useRef(new Map<number, AbortController>())
  const change = useCallback(
    (id: number, changed: Partial<Upload>) =>
      setItems((now) => now.map((item) => (item.id === id ? { ...item, ...changed } : item))),
    [],
  )
  useEffect(() => {
    const underWay = items.filter(({ state }) => state === 'under way').length
    const next = items.find(({ state }) => state === 'waiting')
    if (next === undefined || underWay >= AT_ONCE) return
    const stop = new AbortController()
    stops.current.set(next.id, stop)
    change(next.id, { state: 'under way' })
    uploadFile(bucket, next.key, next.file, {
      signal: stop.signal,
      onProgress: (sent) => change(next.id, { sent }),
    }).then(
      () => {
        change(next.id, { state: 'done', sent: next.file.size })
        onUploaded()
      },
      (error: unknown) =>
        change(
          next.id,
          stop.signal.aborted
            ? { state: 'stopped' }
            : { state: 'failed', problem: `${codeOf(error)}: ${wordsOf(error)}` },
        ),
    )
  }, [items, bucket, change, onUploaded])
  return {
    items,
    add: (files) =>
      setItems((now) => [...now, ...files.map((one) => ({ ...one, id: count++, sent: 0, state: 'waiting' as const }))]),
    stop: (id) => {
      stops.current.get(id)?.abort()
      change(id, { state: 'stopped' })
    },
    clear: () => setItems((now) => now.filter(({ state }) => state === 'waiting' || state === 'under way')),
  }
}

export function Uploads({ uploads }: { readonly uploads: UploadsState }) {
  const { items } = uploads
  if (items.length === 0) return null
  const done = items.filter(({ state }) => state === 'done').length
  return (
    <Container
      header={
        <Header
          variant="h3"
          counter={`(${done}/${items.length})`}
          actions={<Button onClick={uploads.clear}>Clear finished</Button>}
        >
          Uploads
        </Header>
      }
    >
      <SpaceBetween size="s">
        {items.slice(-8).map((item) => (
          <ProgressBar
            key={item.id}
            label={item.key}
            description={bytesText(item.file.size)}
            value={
              item.file.size === 0 ? (item.state === 'done' ? 100 : 0) : Math.round((item.sent / item.file.size) * 100)
            }
            status={
              item.state === 'done'
                ? 'success'
                : item.state === 'failed' || item.state === 'stopped'
                  ? 'error'
                  : 'in-progress'
            }
            resultText={item.state === 'done' ? 'Uploaded' : item.state === 'stopped' ? 'Stopped' : item.problem}
            additionalInfo={
              item.state === 'under way' || item.state === 'waiting' ? (
                <Button variant="inline-link" onClick={() => uploads.stop(item.id)}>
                  Stop
                </Button>
              ) : undefined
            }
          />
        ))}
      </SpaceBetween>
    </Container>
  )
}
