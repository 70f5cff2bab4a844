/** How alarms leave: by POST, signed where there is a secret, and by mail through another account. */
import { createHmac } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { alarmMail } from '../../src/adapters/smtp/alarm-mail.ts';
import { request } from '../../src/adapters/web/outgoing.ts';
import { pageWebhook } from '../../src/adapters/web/page-webhook.ts';
import { webhook } from '../../src/adapters/web/webhook.ts';
import type { Alarm } from '../../src/app/ports/alarm-channel.ts';
import type { Page } from '../../src/app/ports/pages.ts';
import { fromIso } from '../../src/domain/instant.ts';
import { startScriptedSmtp } from '../support/scripted-smtp.ts';

const ALARM: Alarm = {
  ...{ id: 'outage-7-begun-1', telling: 'begun', kind: 'intake', inbox: 'office', code: null },
  ...{ address: 'office@elm.example', since: fromIso('2026-01-05T14:00:00Z') },
  now: fromIso('2026-01-05T14:05:00Z'),
  ...{ subject: 'Baton: mail is not read', text: 'Nobody reads it.\n' },
};

type Asked = {
  readonly path: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
};

const servers: Server[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

/** Answers with a status, or with one and where to go instead; never, when it has none. */
async function site(answer: (path: string) => readonly [status: number, location?: string] | null) {
  const asked: Asked[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => {
      body += chunk.toString();
    });
    request.on('end', () => {
      const { url: path = '', method = '', headers } = request;
      asked.push({ path, method, headers, body });
      const said = answer(path);
      if (said === null) return;
      response.writeHead(said[0], said[1] === undefined ? {} : { location: said[1] });
      response.end('an answer that nobody reads');
    });
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { asked, base: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

describe('a webhook', () => {
  test('gets what happened as JSON, in words and as data', async () => {
    const { asked, base } = await site(() => [204]);
    await webhook({ url: `${base}/hook` }).tell(ALARM);
    expect(asked).toHaveLength(1);
    expect(asked[0]).toMatchObject({ path: '/hook', method: 'POST' });
    expect(asked[0]?.headers['content-type']).toBe('application/json');
    expect(asked[0]?.headers).not.toHaveProperty('webhook-signature');
    expect(JSON.parse(asked[0]?.body ?? '')).toEqual({
      type: 'baton.alarm.begun',
      timestamp: '2026-01-05T14:05:00.000Z',
      text: 'Baton: mail is not read',
      data: {
        ...{
          id: 'outage-7-begun-1',
          kind: 'intake',
          inbox: 'office',
          address: 'office@elm.example',
          code: null,
        },
        ...{
          since: '2026-01-05T14:00:00.000Z',
          subject: 'Baton: mail is not read',
          text: 'Nobody reads it.\n',
        },
      },
    });
  });

  test.each([
    ['any text', Buffer.from('any text')],
    ['whsec_c2VjcmV0', Buffer.from('secret')],
  ])('is signed with the secret %s as Standard Webhooks say', async (secret, key) => {
    const { asked, base } = await site(() => [200]);
    await webhook({ url: base, secret }).tell(ALARM);
    const { headers = {}, body = '' } = asked[0] ?? {};
    const { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signature } = headers;
    expect([id, timestamp]).toEqual([ALARM.id, String(Date.parse('2026-01-05T14:05:00Z') / 1_000)]);
    const mac = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64');
    expect(signature).toBe(`v1,${mac}`);
  });

  test('that refuses is a failure which names the host and not the path', async () => {
    const { base } = await site(() => [410]);
    const failure = await webhook({ url: `${base}/secret-path` })
      .tell(ALARM)
      .catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 'web-failed', kind: 'temporary' });
    expect(String(failure)).toMatch(/127\.0\.0\.1.* it answered 410/);
    expect(String(failure)).not.toContain('secret-path');
  });
});

describe('a page', () => {
  const PAGE: Page = {
    ...{ id: 'page-1', at: ALARM.since, sentAt: ALARM.now, number: 1042, inbox: 'maintenance' },
    to: { id: 'priya', name: 'Priya Nair', phone: '+4930123456' },
    ...{ why: 'climbed', text: 'Urgent request #1042.', deadline: ALARM.now },
  };

  test('is a signed webhook of its own type, with the time of this try and of what happened', async () => {
    const { asked, base } = await site(() => [200]);
    await pageWebhook({ url: `${base}/ring`, secret: 'whsec_c2VjcmV0' }).send(PAGE);
    const { headers = {}, body = '', method } = asked[0] ?? {};
    expect(JSON.parse(body)).toEqual({
      ...{ type: 'baton.request.escalated', timestamp: '2026-01-05T14:00:00.000Z' },
      text: 'Urgent request #1042.',
      data: {
        ...{ number: 1042, inbox: 'maintenance', why: 'climbed', text: 'Urgent request #1042.' },
        to: { id: 'priya', name: 'Priya Nair', phone: '+4930123456' },
        deadline: '2026-01-05T14:05:00.000Z',
      },
    });
    const timestamp = String(Date.parse('2026-01-05T14:05:00Z') / 1_000);
    const mac = createHmac('sha256', 'secret').update(`page-1.${timestamp}.${body}`).digest('base64');
    expect([
      method,
      headers['webhook-id'],
      headers['webhook-timestamp'],
      headers['webhook-signature'],
    ]).toEqual(['POST', 'page-1', timestamp, `v1,${mac}`]);
  });

  test('is led nowhere else, not even on the same host', async () => {
    const { asked, base } = await site((path) => (path === '/there' ? [200] : [307, '/there']));
    await expect(pageWebhook({ url: `${base}/ring`, secret: 's' }).send(PAGE)).rejects.toThrow(
      'leads to another',
    );
    expect(asked.map(({ path }) => path)).toEqual(['/ring']);
  });
});

describe('a request to the outside', () => {
  test('follows where the same host leads, and never to another', async () => {
    const other = await site(() => [200]);
    const { asked, base } = await site((path) => {
      if (path === '/moved') return [302, '/there'];
      return path === '/away' ? [302, `${other.base}/stolen`] : [200];
    });
    await request({ url: `${base}/moved`, method: 'GET' });
    expect(asked.map(({ path }) => path)).toEqual(['/moved', '/there']);
    await expect(request({ url: `${base}/away`, method: 'GET' })).rejects.toMatchObject({
      code: 'web-failed',
    });
    expect(other.asked).toEqual([]);
  });

  test('stays a POST or is none, and does not run in circles', async () => {
    const { asked, base } = await site((path) => (path === '/see' ? [303, '/other'] : [307, path]));
    await expect(request({ url: `${base}/see`, method: 'POST', body: 'x' })).rejects.toThrow(
      'leads to another',
    );
    await expect(request({ url: `${base}/round`, method: 'POST', body: 'x' })).rejects.toThrow('in circles');
    expect(asked.every(({ method }) => method === 'POST')).toBe(true);
    expect(asked.length).toBeLessThan(8);
  });

  test('ends in time when nobody answers, and when nobody is there', async () => {
    const { base } = await site(() => null);
    await expect(request({ url: base, method: 'GET', timeoutMs: 50 })).rejects.toThrow(
      'no answer within 50 ms',
    );
    await expect(request({ url: 'http://127.0.0.1:1/', method: 'GET' })).rejects.toMatchObject({
      code: 'web-failed',
    });
  });
});

describe('an alarm by mail', () => {
  const mailTo = (port: number) =>
    alarmMail({
      from: 'baton@provider.example',
      to: ['dana@home.example', 'leah@home.example'],
      smtp: { host: '127.0.0.1', port, tls: 'none', user: 'baton', password: 'pa55-word' },
    });

  test('goes to each of its readers as an automatic mail that asks for no answer', async () => {
    const smtp = await startScriptedSmtp(() => undefined);
    try {
      await mailTo(smtp.port).tell(ALARM);
      expect(smtp.kept).toHaveLength(2);
      expect(smtp.kept[0]).toMatch(/^Subject: Baton: mail is not read\r$/m);
      expect(smtp.kept[0]).toMatch(/^Auto-Submitted: auto-generated\r$/m);
      expect(smtp.kept[0]).toContain('Nobody reads it.');
      expect(smtp.commands.join()).toContain('leah@home.example');
    } finally {
      await smtp.close();
    }
  });

  test('is a failure only when it reached none of them', async () => {
    const one = await startScriptedSmtp((stage, turn) =>
      stage === 'rcpt' && turn === 1 ? '550 no' : undefined,
    );
    const none = await startScriptedSmtp((stage) => (stage === 'auth' ? '535 wrong' : undefined));
    try {
      await mailTo(one.port).tell(ALARM);
      const failure = await mailTo(none.port)
        .tell(ALARM)
        .catch((error: unknown) => error);
      expect(failure).toMatchObject({ code: 'alarm-not-sent' });
      expect(String(failure)).not.toContain('pa55-word');
    } finally {
      await one.close();
      await none.close();
    }
  });
});
