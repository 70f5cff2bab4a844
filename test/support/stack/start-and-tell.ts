/** Starts servers, tells their processes and folders on standard output, and waits to be killed. */
import { startDovecot } from './dovecot.ts';
import { startPostgres } from './postgres.ts';
import { startRedis } from './redis.ts';
import { startSmtpSink } from './smtp-sink.ts';

const servers = await Promise.all([startDovecot(), startRedis(), startPostgres(), startSmtpSink()]);
servers[1]?.hang();
const told = servers.map(({ daemon }) => ({ folder: daemon.folder, pids: daemon.pids() }));
process.stdout.write(`${JSON.stringify(told)}\n`);
setInterval(() => {}, 60_000);
