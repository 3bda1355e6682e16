import { fileURLToPath } from 'node:url'

/** @type {import('next').NextConfig} */
const config = {
  // The packages are those of the repository, two folders up.
  turbopack: { root: fileURLToPath(new URL('../..', import.meta.url)) },
}

export default config
