/** Preloaded into a server under test: it may talk to this machine only, and says when it tries more. */

import { Socket } from 'node:net'

const LOOPBACK = new Set(['localhost', '127.0.0.1', '::1'])
const { connect } = Socket.prototype

Socket.prototype.connect = function connectToThisMachine(...parameters) {
  const host = hostOf(parameters.flat())
  if (host !== null && !LOOPBACK.has(host)) {
    console.error(`left the machine: ${host}`)
    throw new TypeError(`${host} is not this machine`)
  }
  return connect.apply(this, parameters)
}

/** Where a call of `connect` leads: by options, by port and host, or, with `null`, by a path. */
function hostOf([target, host]) {
  if (typeof target === 'object') return target.path ? null : (target.host ?? 'localhost')
  if (Number.isNaN(Number(target))) return null
  return typeof host === 'string' ? host : 'localhost'
}
