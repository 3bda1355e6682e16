/** @throws {EmulatorMisuse} when `NODE_ENV` is `production`: stand-ins accept what a vendor would not. */
export function refuseProduction(): void {
  if (process.env.NODE_ENV !== 'production') return
  throw new EmulatorMisuse('for development and tests only, and NODE_ENV is production')
}

/** The emulator was used where or how it must not be. */
export class EmulatorMisuse extends Error {
  constructor(reason: string) {
    super(`authmux-emulator: ${reason}`)
    this.name = 'EmulatorMisuse'
  }
}
