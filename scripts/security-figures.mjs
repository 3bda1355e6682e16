/** The generated part of docs/security.md: what is promised, what a run of the suite has counted. */

import { readFileSync, writeFileSync } from 'node:fs'

/** Promises in the order of the table, by the name tests use. */
const promises = {
  vectors: 'Wycheproof’s JWS and JWK vectors on the signature primitive: every invalid one refused',
  mutations: 'Mutations of real session tokens: none accepted, none uncaught, none answered 5xx',
  claims: 'Claim matrix, signed by the right key: every row refused',
  differential:
    'Against the vendors’ own SDKs: nothing accepted that they refuse, outside the closed list',
  swaps: 'Tokens of another vendor, instance or tenant: none accepted',
  spoofing: 'Spoofed headers and URL variants at built Next.js apps: no protected byte',
  fuzz: 'Hostile headers and cookies in both routers: nothing thrown; over-long tokens in 1 ms',
  keys: 'Keys under attack and in rotation',
  outage: 'The vendor is down: sessions go on, or 503; never 401',
  'cross-site': 'Unsafe methods with cookies from another origin: none reaches a handler',
  caches: 'Shared caches and interleaved requests: nobody gets another’s answer',
  redirects: 'Redirect targets, parsed as browsers do: none off-origin',
  output: 'What is printed and answered: no byte of a token, cookie or secret',
  mutants: 'Mutants of verifier, router and guard killed by the unit tests',
}

const BEGIN = '<!-- figures: written by `npm run test:security -- --write` -->'
const END = '<!-- end of figures -->'

/** Puts the figures of a run between the marks in a document. */
export function writeFigures(path, results) {
  const document = readFileSync(path, 'utf8')
  const [before, rest] = document.split(BEGIN)
  const after = rest?.split(END)[1]
  if (after === undefined) throw new RangeError(`${path} has no place for the figures`)
  writeFileSync(path, `${before}${BEGIN}\n${render(results)}\n${END}${after}`)
}

function render(results) {
  const { command, finished, minutes, machine, versions, tests, figures } = results
  const unknown = figures.filter(({ promise }) => !(promise in promises))
  if (unknown.length > 0) throw new RangeError(`unknown promise: ${unknown[0].promise}`)
  const rows = Object.entries(promises).flatMap(([name, promise]) => {
    const found = figures.filter((entry) => entry.promise === name)
    if (found.length === 0) return []
    const files = [...new Set(found.map(({ file }) => `\`${file}\``))]
    const counted = [...new Set(found.map(({ figure }) => figure))]
    return [`| ${promise} | ${counted.join('<br>')} | ${files.join('<br>')} |`]
  })
  const packages = Object.entries(versions).map(([name, version]) => `${name} ${version}`)
  return [
    '',
    '| promise | figure | test |',
    '| --- | --- | --- |',
    ...rows,
    '',
    `\`${command}\`, ${finished}: ${tests} tests in ${minutes} minutes. Node ${machine.node}, ${packages.join(', ')};`,
    `${machine.cores} cores of ${machine.cpu}, ${machine.platform}.`,
    '',
  ].join('\n')
}
