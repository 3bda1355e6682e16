import { startClerkSite } from './clerk-site.js'
import { describeExpiry } from './expiry.js'

describeExpiry('clerk', startClerkSite)
