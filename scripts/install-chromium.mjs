/** Prints the path of a Chromium, installed if need be; exits with 1 where there is none. */

import { findOrInstall } from './find-or-install.mjs'

findOrInstall({
  title: 'Chromium',
  variable: 'CHROMIUM_PATH',
  names: ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'],
  paths: [
    '/Applications/Chromium.app/Contents/MacOS/Chromium',
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  ],
  package: 'chromium',
})
