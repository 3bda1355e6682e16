/**
 * A public key in PEM (RFC 7468), whichever way it was squeezed into an environment variable: as it
 * is, with `\n` for line breaks, or as its base64 body on one line.
 */
export function toPem(text: string): string {
  const body = text
    .replaceAll('\\n', '\n')
    .replaceAll(/-----(?:BEGIN|END) PUBLIC KEY-----/g, '')
    .replaceAll(/\s/g, '')
  const lines = body.match(/.{1,64}/g) ?? []
  return ['-----BEGIN PUBLIC KEY-----', ...lines, '-----END PUBLIC KEY-----', ''].join('\n')
}
