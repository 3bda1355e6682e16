import { startClerkSite } from './clerk-site.js'
import { describeDemo } from './suite.js'

describeDemo('clerk', startClerkSite)
