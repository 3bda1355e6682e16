import { describeExpiry } from './expiry.js'
import { startSuperTokensSite } from './supertokens-site.js'

describeExpiry('supertokens', startSuperTokensSite)
