/** The stand-in's memory: one table for each kind of thing, by id. */

import type {
  ClientRecord,
  EntryRecord,
  HandshakeRecord,
  InvitationRecord,
  MembershipRecord,
  OrganizationDomainRecord,
  OrganizationRecord,
  SentMessage,
  SessionRecord,
  SessionVerificationRecord,
  SignInRecord,
  SignUpRecord,
  TemplateRecord,
  TicketRecord,
  TotpRecord,
  UserRecord,
  VerificationRecord,
  WaitlistRecord,
} from './records.js'

/** Tables that may be read and written at will; no events are sent for changes made here. */
export interface ClerkStore {
  readonly users: Map<string, UserRecord>
  readonly sessions: Map<string, SessionRecord>
  readonly clients: Map<string, ClientRecord>
  /** Development browsers and their clients: the empty string before there is one. */
  readonly devBrowsers: Map<string, string>
  readonly organizations: Map<string, OrganizationRecord>
  readonly organizationDomains: Map<string, OrganizationDomainRecord>
  readonly memberships: Map<string, MembershipRecord>
  /** To the app, and to organisations. */
  readonly invitations: Map<string, InvitationRecord>
  readonly templates: Map<string, TemplateRecord>
  readonly tickets: Map<string, TicketRecord>
  readonly signIns: Map<string, SignInRecord>
  readonly signUps: Map<string, SignUpRecord>
  /** Codes sent to the addresses and numbers of users, by id of the address or number. */
  readonly verifications: Map<string, VerificationRecord>
  /** Secrets that users have not shown a code of yet, by user. */
  readonly totps: Map<string, TotpRecord>
  /** By session. */
  readonly sessionVerifications: Map<string, SessionVerificationRecord>
  readonly waitlist: Map<string, WaitlistRecord>
  /** By nonce. */
  readonly handshakes: Map<string, HandshakeRecord>
  /** Entries of all lists: who may sign up, who may not, where links may lead. */
  readonly entries: Map<string, EntryRecord>
  /** Restrictions of signing up that are on. */
  readonly restrictions: Map<'allowlist' | 'blocklist', boolean>
  /** E-mails that Clerk would have sent, newest last. */
  readonly emails: SentMessage[]
  /** Text messages that Clerk would have sent, newest last. */
  readonly textMessages: SentMessage[]
}

/** An empty memory. */
export function createStore(): ClerkStore {
  return {
    users: new Map(),
    sessions: new Map(),
    clients: new Map(),
    devBrowsers: new Map(),
    organizations: new Map(),
    organizationDomains: new Map(),
    memberships: new Map(),
    invitations: new Map(),
    templates: new Map(),
    tickets: new Map(),
    signIns: new Map(),
    signUps: new Map(),
    verifications: new Map(),
    totps: new Map(),
    sessionVerifications: new Map(),
    waitlist: new Map(),
    handshakes: new Map(),
    entries: new Map(),
    restrictions: new Map(),
    emails: [],
    textMessages: [],
  }
}

/** The records of a table that meet a condition, oldest first. */
export function select<Row>(table: Map<string, Row>, condition: (row: Row) => boolean): Row[] {
  return [...table.values()].filter(condition)
}
