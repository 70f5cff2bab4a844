/**
 * The least that the job costs: one process that fetches each mail, parses it and sends two, and nothing else.
 *
 * Runs as a process of its own: `node floor.ts JSON`; tells the result as JSON on standard output.
 */
import { ImapFlow } from 'imapflow';
import { simpleParser } from 'mailparser';
import { createTransport } from 'nodemailer';

export type FloorOrders = {
  readonly imapPort: number;
  readonly smtpPort: number;
  readonly user: string;
  readonly password: string;
  /** The first so many are not counted. */
  readonly warm: number;
  readonly mails: number;
};

export type FloorResult = { readonly perSecond: number; readonly cpuMsPerMail: number };

const BATCH = 50;
const CONNECTIONS = 8;

async function floor(orders: FloorOrders): Promise<FloorResult> {
  const { imapPort, smtpPort, user, password, warm, mails } = orders;
  const client = new ImapFlow({
    host: '127.0.0.1',
    port: imapPort,
    secure: false,
    doSTARTTLS: false,
    auth: { user, pass: password },
    logger: false,
  });
  await client.connect();
  await client.mailboxOpen('INBOX', { readOnly: true });
  const transport = createTransport({
    host: '127.0.0.1',
    port: smtpPort,
    secure: false,
    ignoreTLS: true,
    pool: true,
    maxConnections: CONNECTIONS,
    maxMessages: Number.POSITIVE_INFINITY,
  });
  const work = async (from: number, to: number) => {
    let before: Promise<unknown> = Promise.resolve();
    for (let first = from; first <= to; first += BATCH) {
      const range = `${first}:${Math.min(to, first + BATCH - 1)}`;
      const rows = await client.fetchAll(range, { uid: true, source: true });
      // The next batch is fetched while this one is parsed and sent, and no third one meanwhile.
      await before;
      before = Promise.all(rows.map(({ source }) => handle(source ?? Buffer.alloc(0))));
    }
    await before;
  };
  const handle = async (source: Buffer) => {
    const mail = await simpleParser(source);
    const send = (to: string, text: string) =>
      transport.sendMail({ from: 'office@elm.example', to, subject: `Re: ${mail.subject}`, text });
    await Promise.all([
      send(mail.from?.value[0]?.address ?? 'nobody@elm.example', 'We have your mail and will answer it.'),
      send('member@elm.example', `Can you take this?\n\n${mail.text?.slice(0, 2_000)}`),
    ]);
  };
  await work(1, warm);
  const cpu = process.cpuUsage();
  const begunAt = performance.now();
  await work(warm + 1, warm + mails);
  const tookMs = performance.now() - begunAt;
  const { user: userUs, system } = process.cpuUsage(cpu);
  transport.close();
  await client.logout();
  return { perSecond: (mails / tookMs) * 1_000, cpuMsPerMail: (userUs + system) / 1_000 / mails };
}

if (import.meta.main) {
  const orders = JSON.parse(process.argv[2] ?? '{}') as FloorOrders;
  process.stdout.write(`${JSON.stringify(await floor(orders))}\n`);
}
