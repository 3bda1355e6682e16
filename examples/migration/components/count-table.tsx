import { vendorNames } from '../../nextjs/lib/vendor-names'
import type { MoveCounts } from '../lib/counts'

/** What to watch during a move. */
export function CountTable({ counts }: { counts: MoveCounts }) {
  const { vendors, minted, confirmed, refusals, coverage } = counts
  const refused = Object.entries(refusals).map(([reason, times]) => `${times} × ${reason}`)
  return (
    <div>
      <table>
        <thead>
          <tr>
            <th scope="col">Vendor</th>
            <th scope="col">Users</th>
            <th scope="col">Sessions</th>
          </tr>
        </thead>
        <tbody>
          {vendors.map(({ name, users, sessions, inspectorUrl }, index) => (
            <tr key={name} id={`counts-${name}`}>
              <th scope="row">
                <a href={inspectorUrl} target="_blank" rel="noreferrer">
                  {vendorNames[name]}
                </a>{' '}
                ({index === 0 ? 'old' : 'new'})
              </th>
              <td>{users}</td>
              <td>{sessions}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <dl className="facts">
        <dt>Hand-overs begun</dt>
        <dd id="minted">{minted}</dd>
        <dt>confirmed</dt>
        <dd id="confirmed">{confirmed}</dd>
        <dt>refused</dt>
        <dd id="refused">{refused.join(', ') || 'none'}</dd>
        <dt>Unmapped users</dt>
        <dd id="unmapped">
          {coverage.unmapped.length} of {coverage.total}
          {coverage.unmapped.map((id) => (
            <code key={id}> {id}</code>
          ))}
        </dd>
      </dl>
    </div>
  )
}
