/** Users as Clerk's APIs show them. */

import { imageJson } from '../images.js'
import type { EmailAddressRecord, PhoneNumberRecord, UserRecord } from '../records.js'
import type { ClerkState } from '../state.js'
import { select } from '../store.js'
import { membershipJson } from './organization.js'
import type { JsonObject } from './types.js'

/** The user as browsers see them. */
export function userJson(state: ClerkState, user: UserRecord): JsonObject {
  const memberships = select(state.store.memberships, ({ userId }) => userId === user.id)
  return {
    ...commonJson(user),
    passkeys: [],
    organization_memberships: memberships.map((its) => membershipJson(state, its)),
  }
}

/** The user as servers see them. */
export function privateUserJson(user: UserRecord): JsonObject {
  return {
    ...commonJson(user),
    private_metadata: user.privateMetadata,
    passkeys: [],
    organization_memberships: null,
    banned: user.isBanned,
    locked: user.isLocked,
    deprovisioned: false,
    lockout_expires_in_seconds: null,
    verification_attempts_remaining: null,
    mfa_enabled_at: null,
    mfa_disabled_at: null,
  }
}

/** An e-mail address and whether it is proved. */
export function emailAddressJson({
  id,
  address,
  status,
  strategy,
}: EmailAddressRecord): JsonObject {
  return {
    object: 'email_address',
    id,
    email_address: address,
    reserved: status === 'reserved',
    verification: status === 'verified' ? verifiedJson(strategy) : null,
    linked_to: [],
    matches_sso_connection: false,
  }
}

/** A phone number and whether it is proved. */
export function phoneNumberJson({
  id,
  number,
  status,
  isSecondFactor,
}: PhoneNumberRecord): JsonObject {
  return {
    object: 'phone_number',
    id,
    phone_number: number,
    reserved: status === 'reserved',
    reserved_for_second_factor: isSecondFactor,
    default_second_factor: isSecondFactor,
    verification: status === 'verified' ? verifiedJson('admin') : null,
    linked_to: [],
    backup_codes: null,
  }
}

function commonJson(user: UserRecord): JsonObject {
  const hasTotp = user.totpSecret !== null
  return {
    object: 'user',
    id: user.id,
    external_id: user.externalId,
    username: user.username,
    first_name: user.firstName,
    last_name: user.lastName,
    locale: user.locale,
    timezone: user.timezone,
    ...imageJson(user.imageUrl),
    primary_email_address_id: user.primaryEmailAddressId,
    primary_phone_number_id: user.primaryPhoneNumberId,
    primary_web3_wallet_id: null,
    email_addresses: user.emailAddresses.map(emailAddressJson),
    phone_numbers: user.phoneNumbers.map(phoneNumberJson),
    web3_wallets: [],
    external_accounts: [],
    saml_accounts: [],
    enterprise_accounts: [],
    password_enabled: user.password !== null,
    password_last_updated_at: user.password?.updatedAt ?? null,
    two_factor_enabled: hasTotp || user.phoneNumbers.some((its) => its.isSecondFactor),
    totp_enabled: hasTotp,
    backup_code_enabled: user.backupCodes.length > 0,
    public_metadata: user.publicMetadata,
    unsafe_metadata: user.unsafeMetadata,
    create_organization_enabled: user.canCreateOrganizations,
    create_organizations_limit: user.organizationsLimit,
    delete_self_enabled: user.canDeleteSelf,
    legal_accepted_at: user.legalAcceptedAt,
    last_sign_in_at: user.lastSignInAt,
    last_active_at: user.lastActiveAt,
    created_at: user.createdAt,
    updated_at: user.updatedAt,
  }
}

function verifiedJson(strategy: string): JsonObject {
  return {
    object: strategy === 'admin' ? 'verification_admin' : 'verification_otp',
    status: 'verified',
    strategy,
    attempts: null,
    expire_at: null,
  }
}
