/** Preloaded into a server under test: it may talk to this machine only, and says when it tries more. */

import { Socket } from 'node:net'

const LOOPBACK = new Set(['localhost', '127.0.0.1', '::1'])
const { connect } = Socket.prototype

Socket.prototype.connect = function connectToThisMachine(...parameters) {
  const [options] = parameters.flat()
  const host = options?.host ?? 'localhost'
  if (typeof options?.path !== 'string' && !LOOPBACK.has(host)) {
    console.error(`left the machine: ${host}`)
    throw new TypeError(`${host} is not this machine`)
  }
  return connect.apply(this, parameters)
}
