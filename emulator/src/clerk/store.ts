/** The stand-in's memory: one table for each kind of thing, by id. */

import type {
  ClientRecord,
  HandshakeRecord,
  InvitationRecord,
  MembershipRecord,
  OrganizationRecord,
  SentEmail,
  SessionRecord,
  SignInRecord,
  SignUpRecord,
  TemplateRecord,
  TicketRecord,
  UserRecord,
  VerificationRecord,
} from './records.js'

/** Tables that may be read and written at will; no events are sent for changes made here. */
export interface ClerkStore {
  readonly users: Map<string, UserRecord>
  readonly sessions: Map<string, SessionRecord>
  readonly clients: Map<string, ClientRecord>
  /** Development browsers and their clients: the empty string before there is one. */
  readonly devBrowsers: Map<string, string>
  readonly organizations: Map<string, OrganizationRecord>
  readonly memberships: Map<string, MembershipRecord>
  /** To the app, and to organisations. */
  readonly invitations: Map<string, InvitationRecord>
  readonly templates: Map<string, TemplateRecord>
  readonly tickets: Map<string, TicketRecord>
  readonly signIns: Map<string, SignInRecord>
  readonly signUps: Map<string, SignUpRecord>
  /** Codes sent to the e-mail addresses of users, by id of the address. */
  readonly verifications: Map<string, VerificationRecord>
  /** By nonce. */
  readonly handshakes: Map<string, HandshakeRecord>
  /** E-mails that Clerk would have sent, newest last. */
  readonly emails: SentEmail[]
}

/** An empty memory. */
export function createStore(): ClerkStore {
  return {
    users: new Map(),
    sessions: new Map(),
    clients: new Map(),
    devBrowsers: new Map(),
    organizations: new Map(),
    memberships: new Map(),
    invitations: new Map(),
    templates: new Map(),
    tickets: new Map(),
    signIns: new Map(),
    signUps: new Map(),
    verifications: new Map(),
    handshakes: new Map(),
    emails: [],
  }
}

/** The records of a table that meet a condition, oldest first. */
export function select<Row>(table: Map<string, Row>, condition: (row: Row) => boolean): Row[] {
  return [...table.values()].filter(condition)
}
