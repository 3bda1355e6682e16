import { describeDemo } from './suite.js'
import { startSuperTokensSite } from './supertokens-site.js'

describeDemo('supertokens', startSuperTokensSite)
