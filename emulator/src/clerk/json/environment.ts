/** The instance's settings, as ClerkJS and its components need them. */

import type { ClerkSettings } from '../options.js'
import { attributesJson } from './attributes.js'
import type { JsonObject } from './types.js'

const PASSWORD_SETTINGS = {
  allowed_special_characters: '',
  // Nothing is looked up on the network, and no dictionary is loaded.
  disable_hibp: true,
  show_zxcvbn: false,
  min_zxcvbn_strength: 0,
  min_length: 8,
  max_length: 72,
  require_special_char: false,
  require_numbers: false,
  require_uppercase: false,
  require_lowercase: false,
}

const THEME = {
  general: {
    color: '#6c47ff',
    background_color: '#ffffff',
    font_family: 'sans-serif',
    font_color: '#151515',
    label_font_weight: '600',
    padding: '1em',
    border_radius: '0.5em',
    box_shadow: '0 2px 8px rgba(0, 0, 0, 0.2)',
  },
  buttons: { font_color: '#ffffff', font_family: 'sans-serif', font_weight: '600' },
  accounts: { background_color: '#f7f7f7' },
}

/** Addresses of pages: left to the app's own settings. */
const URLS = Object.fromEntries(
  [
    'after_create_organization_url',
    'after_join_waitlist_url',
    'after_leave_organization_url',
    'after_sign_in_url',
    'after_sign_out_all_url',
    'after_sign_out_one_url',
    'after_sign_out_url',
    'after_sign_up_url',
    'after_switch_session_url',
    'create_organization_url',
    'favicon_image_url',
    'home_url',
    'logo_image_url',
    'organization_profile_url',
    'privacy_policy_url',
    'sign_in_url',
    'sign_up_url',
    'terms_url',
    'user_profile_url',
    'waitlist_url',
  ].map((name) => [name, '']),
)

/** What an instance has that signs in by the given fields, and has organisations. */
export function environmentJson(settings: ClerkSettings): JsonObject {
  const { instanceId, isProduction, signUpFields } = settings
  return {
    object: 'environment',
    id: `env_${instanceId}`,
    maintenance_mode: false,
    client_debug_mode: false,
    partitioned_cookies: false,
    auth_config: {
      object: 'auth_config',
      id: `aac_${instanceId}`,
      single_session_mode: true,
      session_minter: false,
      reverification: false,
      claimed_at: null,
      preferred_channels: null,
    },
    display_config: {
      object: 'display_config',
      id: `display_config_${instanceId}`,
      ...URLS,
      application_name: 'Stand-in',
      branded: false,
      captcha_heartbeat: false,
      captcha_oauth_bypass: null,
      captcha_provider: 'turnstile',
      captcha_public_key: null,
      captcha_public_key_invisible: null,
      captcha_widget_type: null,
      instance_environment_type: isProduction ? 'production' : 'development',
      preferred_sign_in_strategy: signUpFields.password === 'off' ? 'otp' : 'password',
      show_devmode_warning: false,
      support_email: '',
      theme: THEME,
    },
    user_settings: {
      attributes: attributesJson(settings),
      actions: { create_organization: true, delete_self: true },
      attack_protection: { enumeration_protection: { enabled: false } },
      enterprise_sso: { enabled: false, self_serve_sso: false },
      passkey_settings: { allow_autofill: false, show_sign_in_button: false },
      password_settings: PASSWORD_SETTINGS,
      sign_in: { second_factor: { required: false, enabled: true } },
      sign_up: {
        allowlist_only: false,
        captcha_enabled: false,
        legal_consent_enabled: false,
        mfa: { required: false },
        mode: 'public',
        progressive: true,
      },
      social: {},
      username_settings: { min_length: 4, max_length: 64 },
    },
    organization_settings: {
      enabled: true,
      max_allowed_memberships: 5,
      force_organization_selection: settings.forcesOrganizationSelection,
      actions: { admin_delete: true },
      domains: { enabled: false, enrollment_modes: [], default_role: defaultRole(settings) },
      organization_creation_defaults: { enabled: false },
      slug: { disabled: false },
    },
    commerce_settings: {
      billing: {
        stripe_publishable_key: null,
        organization: { enabled: false, has_paid_plans: false },
        user: { enabled: false, has_paid_plans: false },
      },
    },
    api_keys_settings: { user_api_keys_enabled: false, orgs_api_keys_enabled: false },
    protect_config: { object: 'protect_config', id: '' },
  }
}

/** What the invited become unless told otherwise: nothing in particular if there is no such role. */
function defaultRole({ organizationRoles }: ClerkSettings): string | null {
  return Object.hasOwn(organizationRoles, 'org:member') ? 'org:member' : null
}
