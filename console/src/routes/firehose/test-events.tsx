/** Sends events of a made-up website to the stream, at a rate, for a while, and counts what the stream has taken. */
import Button from '@cloudscape-design/components/button'
import ColumnLayout from '@cloudscape-design/components/column-layout'
import Container from '@cloudscape-design/components/container'
import ExpandableSection from '@cloudscape-design/components/expandable-section'
import FormField from '@cloudscape-design/components/form-field'
import Input from '@cloudscape-design/components/input'
import ProgressBar from '@cloudscape-design/components/progress-bar'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { useEffect, useRef, useState } from 'react'
import { ErrorAlert } from '../../components/errors.tsx'
import { bytesText, numberText } from '../../components/figures.ts'
import { type Sent, sendTestEvents } from './send-test-events.ts'

export function TestEvents({ stream }: { readonly stream: string }) {
  const [rate, setRate] = useState('100')
  const [seconds, setSeconds] = useState('60')
  const [sent, setSent] = useState<Sent>()
  const [isSending, setSending] = useState(false)
  const [error, setError] = useState<unknown>()
  const stop = useRef<AbortController>(undefined)
  // Leaving the page ends it.
  useEffect(() => () => stop.current?.abort(), [])
  const isRate = /^\d+$/.test(rate) && Number(rate) >= 1 && Number(rate) <= 5_000
  const isSeconds = /^\d+$/.test(seconds) && Number(seconds) >= 1 && Number(seconds) <= 3_600
  const start = async () => {
    const controller = new AbortController()
    stop.current = controller
    setSending(true)
    setError(undefined)
    try {
      await sendTestEvents({
        stream,
        perSecond: Number(rate),
        seconds: Number(seconds),
        signal: controller.signal,
        onProgress: setSent,
      })
    } catch (failure) {
      setError(failure)
    } finally {
      setSending(false)
    }
  }
  return (
    <Container>
      <ExpandableSection
        variant="default"
        headerText="Send test events"
        headerDescription="Page views of a made-up website, put by this page as any producer would"
      >
        <SpaceBetween size="m">
          <ColumnLayout columns={3}>
            <FormField label="Events a second" errorText={isRate ? undefined : '1 to 5,000'}>
              <Input type="number" value={rate} disabled={isSending} onChange={({ detail }) => setRate(detail.value)} />
            </FormField>
            <FormField label="For how many seconds" errorText={isSeconds ? undefined : '1 to 3,600'}>
              <Input
                type="number"
                value={seconds}
                disabled={isSending}
                onChange={({ detail }) => setSeconds(detail.value)}
              />
            </FormField>
            <FormField label="&nbsp;">
              {isSending ? (
                <Button onClick={() => stop.current?.abort()}>Stop sending</Button>
              ) : (
                <Button variant="primary" disabled={!isRate || !isSeconds} onClick={() => void start()}>
                  Send events
                </Button>
              )}
            </FormField>
          </ColumnLayout>
          {sent !== undefined && (
            <ProgressBar
              label="Taken by the stream"
              description={`${numberText(sent.taken)} events, ${bytesText(sent.bytes)}`}
              value={Math.min(100, Math.round((sent.elapsedMs / (Number(seconds) * 1000)) * 100))}
              status={isSending ? 'in-progress' : error === undefined ? 'success' : 'error'}
              resultText={`${numberText(sent.taken)} events taken by the stream`}
            />
          )}
          <ErrorAlert error={error} title="The stream does not take them" />
        </SpaceBetween>
      </ExpandableSection>
    </Container>
  )
}
