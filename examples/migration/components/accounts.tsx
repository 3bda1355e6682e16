import { password, people } from '../people.json'

/** Who can sign in. */
export function Accounts() {
  return (
    <section className="card" aria-labelledby="accounts-title">
      <h2 id="accounts-title">Accounts</h2>
      <p>
        All with the password <code>{password}</code>, at both vendors and with the same id of the
        app.
      </p>
      <ul>
        {people.map(({ email, isImported }) => (
          <li key={email}>
            <code>{email}</code>
            {!isImported && ' was forgotten, and is not at the new vendor'}
          </li>
        ))}
      </ul>
    </section>
  )
}
