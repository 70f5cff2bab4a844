/**
 * Mails a link that signs in to the board to the member who has the address. Whoever asks cannot tell whether anybody
 * has it: they are answered before anything is looked up.
 */
import { parseStrictAddress } from '../domain/address.ts';
import type { MemberId } from '../domain/ids.ts';
import { HOUR } from '../domain/instant.ts';
import type { NoticeDraft } from '../domain/notices/notice.ts';
import { pseudonym } from '../domain/reply-token.ts';
import { memberByAddress } from '../domain/roster.ts';
import { LINK_LIFE, LINKS_PER_HOUR, type SignInLink, secretHash, signInToken } from '../domain/sign-in.ts';
import type { Deps } from './deps.ts';
import { noticesOf } from './new-notice.ts';

export type SignInDeps = Pick<Deps, 'store' | 'queue' | 'policy' | 'secret' | 'newTextId' | 'log'>;

export type LinkAsked = {
  /** As typed. */
  readonly address: string;
  /** Of what the asking browser holds. */
  readonly browser: string;
  /** The network address that it was asked for from, and the network that counts as one visitor. */
  readonly from: string;
  readonly visitor: string;
  /** The address of the board. */
  readonly board: string;
};

/** Says nothing of what came of it. */
export async function askForLink(deps: SignInDeps, asked: LinkAsked): Promise<void> {
  const policy = deps.policy();
  const address = parseStrictAddress(asked.address.trim());
  const member = address === null ? null : memberByAddress(policy, address);
  const [inbox] = policy.inboxes.keys();
  if (member?.active !== true || inbox === undefined) return;
  const visitor = pseudonym(deps.secret, 'visitor', asked.visitor);
  const notices = await deps.store.transact([], async (tx) => {
    const now = await tx.now();
    const count = await tx.countSignIns(member.id, visitor, now - HOUR);
    if (isTooMuch(count)) {
      deps.log.warn(
        { step: 'sign-in', ...count },
        'no link was mailed: too many were asked for within the hour',
      );
      return [];
    }
    const id = deps.newTextId();
    const times = { askedAt: now, expiresAt: now + LINK_LIFE };
    const { browser, from, board } = asked;
    const signIn = { id, member: member.id, browser, visitor, from, ...times };
    const draft = mailOf(inbox, member.id, { link: id, board, ...times });
    const written = await tx.write({
      signIns: [{ ...signIn, tokenHash: secretHash(signInToken(deps.secret, id)) }],
      notices: noticesOf(deps, [draft], now),
    });
    return written.notices;
  });
  if (notices.length > 0) await deps.queue.ring('deliver', notices);
}

type Count = Readonly<Record<keyof typeof LINKS_PER_HOUR, number>>;

const isTooMuch = ({ here, ofMember, ofAll }: Count): boolean =>
  here >= LINKS_PER_HOUR.here || ofMember >= LINKS_PER_HOUR.ofMember || ofAll >= LINKS_PER_HOUR.ofAll;

const mailOf = (inboxId: string, member: MemberId, link: SignInLink): NoticeDraft => ({
  dedupeKey: `sign-in:${link.link}/member:${member}`,
  inboxId,
  conversationId: null,
  seq: null,
  recipient: { type: 'member', member },
  body: { kind: 'sign-in', ...link },
  shown: null,
  answered: 0,
  epoch: 0,
});
