/**
 * `npm run bench`: mail through Baton on real servers, from Dovecot to an SMTP sink, against the floor of the same run.
 *
 * Everything is thrown away in the end. JSON goes to `--json FILE` or standard output, everything else to standard
 * error; exit 0 when every mail was answered once, 1 when not, 64 for wrong usage.
 */
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { setup } from '../support/stack/install.ts';
import {
  isInstalled,
  packageOf,
  postgresFolder,
  program,
  type ServerName,
} from '../support/stack/packages.ts';
import {
  type Latency,
  measureFloor,
  measureLatency,
  measureThroughput,
  openLine,
  warmUp,
} from './measure.ts';
import { openStand, SHAPES, type Shape } from './stand.ts';

const USAGE = `npm run bench -- [--mails 1000] [--seconds 30] [--rates 1,10] [--shape production|embedded] [--warm 100] [--json FILE]`;
const EX_USAGE = 64;

type Options = {
  readonly mails: number;
  readonly seconds: number;
  readonly rates: readonly number[];
  readonly shape: Shape;
  readonly warm: number;
  readonly json: string | null;
};

const startedAt = Date.now();
const say = (line: string) =>
  void process.stderr.write(`[${((Date.now() - startedAt) / 1_000).toFixed(0).padStart(3)} s] ${line}\n`);
const round = (value: number, digits = 2) => Number(value.toFixed(digits));

async function bench(options: Options) {
  const { mails, seconds, rates, shape, warm } = options;
  say(`starting servers (${shape} shape)`);
  const stand = await openStand(shape);
  try {
    const floorBefore = await floorOf('before');
    say('starting Baton');
    await stand.startWorkers();
    const line = await openLine(stand);
    say(`warming up with ${warm} mails`);
    await warmUp(stand, line, warm);
    const throughput = await measureThroughput(stand, line, mails, progress('throughput'));
    say(`${round(throughput.perSecond, 0)} requests/s, ${round(throughput.cpuMsPerMail)} ms of CPU per mail`);
    const rssMb = stand.rssMb();
    const latency: Record<string, Latency> = {};
    for (const rate of rates) {
      const measured = await measureLatency(stand, line, rate, seconds, progress(`${rate} mails/s`));
      latency[rate] = measured;
      say(
        `${rate} mails/s: offer ${told(measured.offerMs)} ms from EXISTS, ${told(measured.arrivalMs)} ms from delivery`,
      );
    }
    await line.listener.close();
    const status = await stand.status();
    const wanted = { open: line.next, pending: 0, failed: 0, parked: 0 };
    const isSound = Object.entries(wanted).every(
      ([key, value]) => status[key as keyof typeof status] === value,
    );
    if (!isSound) say(`WRONG: ${JSON.stringify(status)} instead of ${JSON.stringify(wanted)}`);
    for (const running of stand.workers.values()) await running.stop('SIGTERM');
    const floorAfter = await floorOf('after');
    const floorPerSecond = (floorBefore.perSecond + floorAfter.perSecond) / 2;
    const main = latency[10] ?? Object.values(latency).at(-1);
    return {
      isSound,
      requestsPerSecond: round(throughput.perSecond, 1),
      floorPerSecond: round(floorPerSecond, 1),
      ratioToFloor: round(throughput.perSecond / floorPerSecond),
      offerLatencyMs: main?.offerMs ?? null,
      arrivalLatencyMs: main?.arrivalMs ?? null,
      latency: Object.fromEntries(
        Object.entries(latency).map(([rate, { offerMs, arrivalMs, mails: count }]) => [
          rate,
          { offerLatencyMs: offerMs, arrivalLatencyMs: arrivalMs, mails: count },
        ]),
      ),
      cpuMsPerMail: round(throughput.cpuMsPerMail),
      floorCpuMsPerMail: round((floorBefore.cpuMsPerMail + floorAfter.cpuMsPerMail) / 2),
      serverCpuMsPerMail: Object.fromEntries(
        Object.entries(throughput.serverCpuMsPerMail).map(([name, value]) => [name, round(value)]),
      ),
      rssMb,
      mails,
      shape,
      floors: [floorBefore, floorAfter].map(({ perSecond }) => round(perSecond, 1)),
      machine: {
        cores: cpus().length,
        cpu: cpus()[0]?.model ?? '',
        memoryMb: Math.round(totalmem() / 2 ** 20),
      },
      versions: versions(shape),
    };
  } finally {
    say('throwing everything away');
    await stand.close();
  }

  async function floorOf(when: string) {
    const floor = await measureFloor(stand, warm, mails);
    say(
      `the floor ${when}: ${round(floor.perSecond, 0)} mails/s, ${round(floor.cpuMsPerMail)} ms of CPU per mail`,
    );
    return floor;
  }
}

const told = ({ p50, p99 }: { p50: number; p99: number }) => `${p50} / ${p99}`;

/** One line that is written over on a terminal; elsewhere a line every few seconds. */
function progress(what: string): (line: string) => void {
  const everyMs = process.stderr.isTTY ? 200 : 5_000;
  let lastAt = Date.now();
  return (line) => {
    if (Date.now() - lastAt < everyMs) return;
    lastAt = Date.now();
    if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${what}: ${line}\r`);
    else say(`${what}: ${line}`);
  };
}

function versions(shape: Shape): Record<string, string> {
  const ask = (command: string | null, ...args: string[]) => {
    if (command === null) return 'unknown';
    const said = execFileSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
    return /\d+(?:\.\d+)+/.exec(said)?.[0] ?? said.trim();
  };
  const both = {
    node: process.versions.node,
    dovecot: ask(program('dovecot'), '--version'),
    'smtp-sink (Postfix)': ask(program('postconf'), '-d', '-h', 'mail_version'),
  };
  if (shape === 'embedded') return both;
  const postgres = join(postgresFolder() ?? '', 'postgres');
  return { ...both, postgres: ask(postgres, '--version'), redis: ask(program('redis-server'), '--version') };
}

function readOptions(): Options {
  const { values } = parseArgs({
    options: {
      mails: { type: 'string', default: '1000' },
      seconds: { type: 'string', default: '30' },
      rates: { type: 'string', default: '1,10' },
      shape: { type: 'string', default: 'production' },
      warm: { type: 'string', default: '100' },
      json: { type: 'string' },
    },
  });
  const shape = SHAPES.find((one) => one === values.shape);
  const numbers = { mails: Number(values.mails), seconds: Number(values.seconds), warm: Number(values.warm) };
  const rates = values.rates === '' ? [] : values.rates.split(',').map(Number);
  const isUsable = [...Object.values(numbers), ...rates].every(
    (value) => Number.isFinite(value) && value > 0,
  );
  if (shape === undefined || !isUsable) throw new Error('a value is not usable');
  return { ...numbers, rates, shape, json: values.json ?? null };
}

async function main(): Promise<number> {
  let options: Options;
  try {
    options = readOptions();
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n${USAGE}\n`);
    return EX_USAGE;
  }
  await setup();
  const wanted: ServerName[] = [
    'dovecot',
    'smtp-sink',
    ...(options.shape === 'production' ? (['postgres', 'redis'] as const) : []),
  ];
  const missing = wanted.filter((name) => !isInstalled(name)).map(packageOf);
  if (missing.length > 0) {
    process.stderr.write(
      `The bench runs on real servers. Install those that are missing: apt-get install ${missing.join(' ')}\n`,
    );
    return 1;
  }
  const { isSound, ...result } = await bench(options);
  const text = `${JSON.stringify(result, null, 2)}\n`;
  if (options.json === null) process.stdout.write(text);
  else writeFileSync(options.json, text);
  return isSound ? 0 : 1;
}

process.exitCode = await main();
