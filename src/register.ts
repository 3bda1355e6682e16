import type { JsonObject } from './jwt/token.js'

/**
 * Types of the app, declared once and used everywhere:
 *
 * ```ts
 * declare module 'authmux' {
 *   interface Register {
 *     claims: { plan?: 'free' | 'pro' }
 *     role: 'admin' | 'member'
 *     permission: 'invoice:read' | 'invoice:write'
 *   }
 * }
 * ```
 */
// biome-ignore lint/suspicious/noEmptyInterface: filled in by the app
export interface Register {}

/** Claims of a session token: what the app declared in {@link Register}, and any other. */
export type SessionClaims = JsonObject &
  (Register extends { claims: infer Claims } ? Readonly<Claims> : unknown)

/** Application-wide role. */
export type Role = Register extends { role: infer Name extends string } ? Name : string

/** Application-wide permission. */
export type Permission = Register extends { permission: infer Name extends string } ? Name : string

/**
 * What `native()` gives, by provider. Every provider adds its vendor's type here; add a key of your
 * own to give a provider another name in `providers`.
 */
// biome-ignore lint/suspicious/noEmptyInterface: filled in by providers
export interface NativeSessions {}

/**
 * Per-route options that only one vendor understands, by provider; the others ignore theirs, so a
 * route can carry both.
 */
// biome-ignore lint/suspicious/noEmptyInterface: filled in by providers
export interface VendorPolicies {}

/** Key of a provider: the ones imported by the app. */
export type ProviderName = [keyof NativeSessions] extends [never] ? string : keyof NativeSessions
