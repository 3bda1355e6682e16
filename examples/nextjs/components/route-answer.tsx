import { explain, type RouteResult } from './route-result'

const headersOfInterest = [
  'content-type',
  'cache-control',
  'vary',
  'www-authenticate',
  'retry-after',
]

/** What a route answered: in words first, then as it came. */
export function RouteAnswer({ result, inspectorUrl }: RouteAnswerProps) {
  const { method, path, status, statusText, headers, body } = result
  const explanation = explain(result)
  return (
    <div className="answer" id="answer" data-status={status}>
      <p className={status < 400 ? 'outcome good' : 'outcome bad'}>
        <strong>{status}</strong> {statusText}
        <span>
          {method} {path}
        </span>
      </p>
      {explanation && (
        <div className="explanation">
          <p>
            <strong>{explanation.title}.</strong> {explanation.detail}.
          </p>
          {explanation.advice && <p>{explanation.advice}</p>}
          {explanation.isAboutRoles && inspectorUrl && (
            <p>
              <a href={inspectorUrl} target="_blank" rel="noreferrer">
                Open the inspector
              </a>
            </p>
          )}
        </div>
      )}
      <dl className="headers">
        {headersOfInterest
          .filter((name) => headers.has(name))
          .map((name) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{headers.get(name)}</dd>
            </div>
          ))}
      </dl>
      <pre>{body}</pre>
    </div>
  )
}

interface RouteAnswerProps {
  readonly result: RouteResult
  readonly inspectorUrl: string | null
}
