/** Prints the path of a Redis server, installed if need be; exits with 1 where there is none. */

import { findOrInstall } from './find-or-install.mjs'

findOrInstall({
  title: 'Redis',
  variable: 'REDIS_SERVER_PATH',
  names: ['redis-server', 'valkey-server'],
  package: 'redis-server',
})
