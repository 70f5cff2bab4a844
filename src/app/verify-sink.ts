/** Compares the mails that a sink received with the outbox. */
import type { AuditedNotice, Violation } from './ports/audit.ts';

/** One mail as it was received. */
export type SinkMail = {
  /** Where the sink keeps it, for the report. */
  readonly file: string;
  readonly messageId: string | null;
  /** Envelope recipients where the sink noted them, else those of the header; lower case. */
  readonly recipients: readonly string[];
  readonly autoSubmitted: boolean;
  /** SHA-256 of the mail without what the sink itself put in front. */
  readonly hash: string;
};

export function checkSink(notices: readonly AuditedNotice[], mails: readonly SinkMail[]): Violation[] {
  const byKey = Map.groupBy(mails, ({ messageId }) => (messageId ?? '').split('@')[0] ?? '');
  const known = new Set(notices.map(({ key }) => key));
  const copies = (notice: AuditedNotice) => byKey.get(notice.key) ?? [];
  const found = [
    violation(
      'I5',
      'mails in the sink that are in no outbox',
      mails.filter((mail) => !known.has(keyOf(mail))).map(({ file }) => file),
    ),
    violation(
      'I5',
      'notices sent of which the sink has no mail',
      idsOf(notices, (notice) => notice.state === 'sent' && copies(notice).length === 0),
    ),
    violation(
      'I5',
      'notices that reached somebody else',
      idsOf(notices, (notice) => copies(notice).some((mail) => !isFor(mail, notice))),
    ),
    violation(
      'I6',
      'notices received more often than their uncertain attempts explain',
      idsOf(notices, (notice) => copies(notice).length > 1 + notice.uncertain),
    ),
    violation(
      'I6',
      'notices whose copies differ',
      idsOf(notices, (notice) => new Set(copies(notice).map(({ hash }) => hash)).size > 1),
    ),
    violation(
      'I4',
      'conversations whose customer got several acknowledgements',
      severalAcknowledgements(notices, copies),
    ),
  ];
  return found.filter(({ ids }) => ids.length > 0);
}

const keyOf = ({ messageId }: SinkMail): string => (messageId ?? '').split('@')[0] ?? '';

const violation = (invariant: string, what: string, ids: readonly (number | string)[]): Violation => ({
  invariant,
  what,
  ids,
});

const idsOf = (notices: readonly AuditedNotice[], isWrong: (notice: AuditedNotice) => boolean): number[] =>
  notices.filter(isWrong).map(({ id }) => id);

const isFor = ({ recipients }: SinkMail, { recipient }: AuditedNotice): boolean =>
  recipient === null || (recipients.length === 1 && recipients[0] === recipient.toLowerCase());

function severalAcknowledgements(
  notices: readonly AuditedNotice[],
  copies: (notice: AuditedNotice) => readonly SinkMail[],
): number[] {
  const received = notices.filter((notice) => notice.kind === 'acknowledgement' && copies(notice).length > 0);
  const byConversation = Map.groupBy(received, ({ conversationId }) => conversationId);
  return [...byConversation].flatMap(([id, group]) => (id !== null && group.length > 1 ? [id] : []));
}
