/** JSON, as far as its shape matters here. */

/** An object of unknown members. */
export type JsonObject = Readonly<Record<string, unknown>>
