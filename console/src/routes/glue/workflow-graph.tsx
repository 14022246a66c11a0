/** What starts what in a workflow: a line for each trigger, with what it waits for and what it begins. */
import type { Workflow } from '@aws-sdk/client-glue'
import Box from '@cloudscape-design/components/box'
import Icon from '@cloudscape-design/components/icon'
import { cronWords } from '../../components/cron.ts'
import { Link, part } from '../../components/link.tsx'

export function WorkflowGraph({ of }: { readonly of: Workflow }) {
  const nodes = new Map((of.Graph?.Nodes ?? []).map((node) => [node.UniqueId ?? '', node]))
  const edges = of.Graph?.Edges ?? []
  const triggers = [...nodes.values()].filter(({ Type }) => Type === 'TRIGGER')
  if (triggers.length === 0) return <Box color="text-body-secondary">No trigger belongs to it yet.</Box>
  const named = (id: string | undefined) => {
    const node = nodes.get(id ?? '')
    return node === undefined ? [] : [node]
  }
  return (
    <ul className="workflow">
      {triggers.map(({ UniqueId, Name, TriggerDetails }) => {
        const trigger = TriggerDetails?.Trigger
        const before = edges
          .filter(({ DestinationId }) => DestinationId === UniqueId)
          .flatMap(({ SourceId }) => named(SourceId))
        const after = edges
          .filter(({ SourceId }) => SourceId === UniqueId)
          .flatMap(({ DestinationId }) => named(DestinationId))
        const when =
          trigger?.Type === 'SCHEDULED'
            ? (cronWords(trigger.Schedule ?? '') ?? trigger.Schedule)
            : trigger?.Type === 'CONDITIONAL'
              ? 'when they have ended'
              : 'on demand'
        return (
          <li key={UniqueId}>
            {before.map((node) => (
              <span key={node.UniqueId} className="workflow-node">
                {node.Name}
              </span>
            ))}
            {before.length > 0 && <Icon name="arrow-right" ariaLabel="then" />}
            <span className="workflow-node workflow-trigger">
              {Name}
              <span className="pipeline-note">{when}</span>
            </span>
            <Icon name="arrow-right" ariaLabel="starts" />
            {after.map((node) => (
              <span key={node.UniqueId} className="workflow-node">
                {node.Type === 'CRAWLER' ? (
                  <Link to={`/glue/crawlers/${part(node.Name ?? '')}`}>{node.Name ?? ''}</Link>
                ) : (
                  node.Name
                )}
                <span className="pipeline-note">{node.Type?.toLowerCase()}</span>
              </span>
            ))}
          </li>
        )
      })}
    </ul>
  )
}
