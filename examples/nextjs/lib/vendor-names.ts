/** Names of the vendors, as people know them. */
export const vendorNames: Readonly<Record<string, string>> = {
  clerk: 'Clerk',
  supertokens: 'SuperTokens',
}
