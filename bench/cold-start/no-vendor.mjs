/** Refuses to load a vendor's SDK: `node --import` this to be sure that nobody does. */

import { register } from 'node:module'

const source = `export async function resolve(specifier, context, next) {
  if (/^(?:@clerk\\/|supertokens-node)/.test(specifier)) throw new TypeError('loaded ' + specifier)
  return next(specifier, context)
}`
register(`data:text/javascript,${encodeURIComponent(source)}`)
