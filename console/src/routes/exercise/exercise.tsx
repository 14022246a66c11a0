/** The guided exercise beside the pages: the step at hand is checked as it is done. */
import Box from '@cloudscape-design/components/box'
import Button from '@cloudscape-design/components/button'
import HelpPanel from '@cloudscape-design/components/help-panel'
import ProgressBar from '@cloudscape-design/components/progress-bar'
import SpaceBetween from '@cloudscape-design/components/space-between'
import StatusIndicator from '@cloudscape-design/components/status-indicator'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { LinkButton } from '../../components/link.tsx'
import { STEPS } from './steps.ts'

const LOOK_EVERY_MS = 3_000

interface Standing {
  /** Steps before this one are done. */
  readonly at: number
  readonly missing: string | undefined
}

/** From the step that was at hand: those before it stay done. */
async function standing(from: number): Promise<Standing> {
  for (let at = from; at < STEPS.length; at++) {
    const missing = await STEPS[at]?.missing()
    if (missing !== undefined) return { at, missing }
  }
  return { at: STEPS.length, missing: undefined }
}

/** Nothing is looked at while nobody sees it. */
export default function Exercise({ isOpen }: { readonly isOpen: boolean }) {
  const [opened, setOpened] = useState<number>()
  const { data, refetch } = useQuery<Standing>({
    queryKey: ['exercise'],
    queryFn: ({ client }) => standing(client.getQueryData<Standing>(['exercise'])?.at ?? 0),
    refetchInterval: ({ state }) => (state.data?.at === STEPS.length ? false : LOOK_EVERY_MS),
    retry: false,
    enabled: isOpen,
  })
  const at = data?.at ?? 0
  const shown = opened ?? at
  return (
    <HelpPanel header={<h2>The first lake</h2>}>
      <SpaceBetween size="m">
        <Box>From a website’s events to an answer in SQL, in six steps.</Box>
        <ProgressBar
          value={Math.round((at / STEPS.length) * 100)}
          label={`${at} of ${STEPS.length} steps are done`}
          status={at === STEPS.length ? 'success' : 'in-progress'}
          resultText="Your lake works, from events to answers."
        />
        <ol className="steps">
          {STEPS.map(({ title, text, to, action }, index) => {
            const state = index < at ? 'done' : index === at ? 'at hand' : 'to come'
            return (
              <li key={title} aria-current={state === 'at hand' ? 'step' : undefined}>
                <button
                  type="button"
                  className="step-title"
                  aria-expanded={index === shown}
                  onClick={() => setOpened(index === shown ? -1 : index)}
                >
                  <StatusIndicator
                    type={state === 'done' ? 'success' : state === 'at hand' ? 'in-progress' : 'pending'}
                    iconAriaLabel={state}
                  >
                    {index + 1}. {title}
                  </StatusIndicator>
                </button>
                {index === shown && (
                  <SpaceBetween size="xs">
                    <ul className="step-text">
                      {text.map((line) => (
                        <li key={line}>{line}</li>
                      ))}
                    </ul>
                    {state === 'at hand' && data?.missing !== undefined && (
                      <Box color="text-body-secondary" fontSize="body-s">
                        {data.missing}
                      </Box>
                    )}
                    <LinkButton to={to}>{action}</LinkButton>
                  </SpaceBetween>
                )}
              </li>
            )
          })}
        </ol>
        <Button variant="link" onClick={() => void refetch()}>
          Check again
        </Button>
      </SpaceBetween>
    </HelpPanel>
  )
}
