/**
 * Verifies DKIM, SPF and DMARC with mailauth, and answers whether the author's domain stands behind the mail.
 *
 * A signature counts when it covers the whole body (RFC 6376 section 8.2 on `l=`) and the Message-ID, by which a mail
 * acts once: otherwise a mail that a member once signed could be sent again under a new one. The domain need not
 * publish a DMARC policy; where it does, the policy says which signatures count.
 */
import { Buffer } from 'node:buffer';
import { isIP } from 'node:net';
import { type AuthenticateResult, authenticate, type DKIMResult } from 'mailauth';
import type { SenderCheck } from '../../app/ports/sender-check.ts';
import { domainOf } from '../../domain/address.ts';
import {
  outcome,
  type SenderAuthentication,
  type SenderQuestion,
} from '../../domain/sender-authentication/authentication.ts';
import { cached, dnsResolve, type Resolve } from './dns-cache.ts';

export type MailauthCheckOptions = {
  /** Where DNS is asked; the system's servers unless given. */
  readonly resolve?: Resolve;
  readonly timeoutMs?: number;
};

const TIMEOUT_MS = 5_000;
/** An honest mail has one signature or three; each costs a query and a verification. */
const SIGNATURES_MAX = 10;
/** mailauth looks for each name that a signature lists among all fields: the square of this is what it may cost. */
const HEADER_BYTES_MAX = 64 * 1024;
const KEY_BITS_MIN = 1_024;

export function mailauthCheck({
  resolve = dnsResolve(),
  timeoutMs = TIMEOUT_MS,
}: MailauthCheckOptions = {}): SenderCheck {
  const ask = cached(resolve, Date.now);
  return {
    async check(raw, question) {
      const bytes = Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength);
      if (!isModest(bytes))
        return own('none', 'too-much', 'the mail has more header or signatures than is checked');
      try {
        return await within(timeoutMs, verify(bytes, question, ask));
      } catch {
        return own('unknown', 'check-failed', 'the signatures could not be checked');
      }
    },
  };
}

const own = (result: SenderAuthentication['result'], code: string, sentence: string): SenderAuthentication =>
  outcome(result, 'own-check', code, sentence);

const TOO_SLOW = own('unknown', 'check-too-slow', 'the name servers did not answer in time');

async function within(ms: number, work: Promise<SenderAuthentication>): Promise<SenderAuthentication> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<SenderAuthentication>((done) => {
    timer = setTimeout(() => done(TOO_SLOW), ms);
  });
  // Whatever still comes of it after that is nobody's any more.
  work.catch(() => {});
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

function isModest(bytes: Buffer): boolean {
  const head = bytes.toString('latin1', 0, HEADER_BYTES_MAX);
  const end = /\r?\n\r?\n/.exec(head)?.index;
  if (end === undefined && bytes.length > HEADER_BYTES_MAX) return false;
  return (head.slice(0, end).match(/^dkim-signature[ \t]*:/gim) ?? []).length <= SIGNATURES_MAX;
}

async function verify(
  bytes: Buffer,
  question: SenderQuestion,
  resolver: Resolve,
): Promise<SenderAuthentication> {
  const { client, mailFrom } = question;
  const isClientKnown = client !== null && isIP(client.ip) !== 0 && mailFrom !== null;
  const found = await authenticate(bytes, {
    resolver,
    // A name that is nobody's: it only stands in a header that nobody reads.
    mta: 'own-check.invalid',
    minBitLength: KEY_BITS_MIN,
    rejectRsaSha1: true,
    disableArc: true,
    disableBimi: true,
    ...(isClientKnown ? { ip: client.ip, helo: client.helo, sender: mailFrom } : {}),
  });
  return judge(found, domainOf(question.from), isClientKnown);
}

function judge(found: AuthenticateResult, domain: string, isSpfKnown: boolean): SenderAuthentication {
  const { dkim, dmarc } = found;
  const header = dmarc === false ? undefined : dmarc.status.header?.from;
  if (dmarc === false || header?.toLowerCase() !== domain)
    return own('none', 'no-author', 'the author of the mail could not be told');
  const aligned = dkim.results.filter(({ status }) => status.result === 'pass' && status.aligned);
  const [good] = aligned.filter((one) => coversAll(one) && isOfAuthor(one, domain, dmarc.status.result));
  if (good !== undefined) return own('pass', 'dkim-pass', 'the domain of the sender signed the mail');
  if (isSpfKnown && dmarc.status.result === 'pass' && dmarc.alignment.spf.result !== undefined)
    return own('pass', 'spf-pass', 'the mail came from a server that the domain of the sender names');
  const isOpen =
    dmarc.status.result === 'temperror' || dkim.results.some((one) => one.status.result === 'temperror');
  if (isOpen) return own('unknown', 'dns-failed', 'the name servers of the sender could not be asked');
  if (aligned.length > 0)
    return own('none', 'signed-in-part', 'the signature leaves out a part of the mail on which it matters');
  // Without the client's address a mail that rests on SPF looks like a forged one: only a policy that asks for
  // refusal makes it one.
  const isRefused = dmarc.status.result === 'fail' && (isSpfKnown || dmarc.policy !== 'none');
  return isRefused
    ? own('fail', 'dmarc-fail', 'the domain of the sender says that such mail is not from it')
    : own('none', 'not-signed', 'the domain of the sender did not sign the mail');
}

/** A policy says which signatures count; where there is none, only the domain itself or one above it may sign. */
function isOfAuthor({ signingDomain = '' }: DKIMResult, domain: string, dmarc: string): boolean {
  if (dmarc !== 'none') return dmarc === 'pass';
  const signer = signingDomain.toLowerCase();
  return signer !== '' && (domain === signer || domain.endsWith(`.${signer}`));
}

function coversAll({ canonBodyLengthLimited, signingHeaders }: DKIMResult): boolean {
  const signed = (signingHeaders?.keys ?? '').toLowerCase().split(/[\s:]+/);
  return canonBodyLengthLimited !== true && signed.includes('from') && signed.includes('message-id');
}
