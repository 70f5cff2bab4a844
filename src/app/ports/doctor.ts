/** What a doctor has to ask of the world. Each answers within seconds, and throws Failure or says so when it cannot. */
import type { Certificate } from '../../domain/doctor/certificate.ts';
import type { DatabaseFacts, Disk, RedisFacts } from '../../domain/doctor/machine.ts';
import type { MailboxFacts } from '../../domain/doctor/mailbox.ts';
import type { MemberFacts } from '../../domain/doctor/members.ts';
import type { SignInFacts } from '../../domain/doctor/sign-in.ts';
import type { InboxId, MemberId } from '../../domain/ids.ts';
import type { Duration } from '../../domain/instant.ts';

export type Server = {
  readonly host: string;
  readonly port: number;
  readonly tls: 'implicit' | 'starttls' | 'none';
};

/** Answers `[]` where there is no such record, and null when no name server answered. */
export interface NameServer {
  /** Hosts that take mail in, the preferred one first. */
  mx(domain: string): Promise<readonly string[] | null>;
  /** Each record as one text, however many strings it was cut into. */
  txt(name: string): Promise<readonly string[] | null>;
}

export interface CertificateProbe {
  /** Never throws: that nobody answers is an answer. */
  certificateOf(server: Server, protocol: 'imap' | 'smtp'): Promise<Certificate>;
}

export interface MailboxProbe {
  /** Logs in and asks what there is. Throws Failure with the codes of MailboxReader. */
  look(): Promise<MailboxFacts>;
}

/** The parts of this machine and its services. */
export interface MachineProbe {
  readonly nodeVersion: string;
  disk(): Promise<Disk | null>;
  database(): Promise<DatabaseFacts>;
  redis(): Promise<RedisFacts>;
  /** By how much the database's clock is ahead of this machine's; null: no database runs. */
  databaseLead(): Promise<Duration | null>;
  /** null: it logs in by password, or nobody has to sign in. */
  signIn(inbox: InboxId): Promise<SignInFacts | null>;
  /** null: there is no database yet. */
  members(): Promise<ReadonlyMap<MemberId, Omit<MemberFacts, 'name'>> | null>;
}
