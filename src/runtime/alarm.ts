/** What the configuration of the moment says about alarms, made into what looks for them and tells of them. */
import { alarmMail } from '../adapters/smtp/alarm-mail.ts';
import { request } from '../adapters/web/outgoing.ts';
import { webhook } from '../adapters/web/webhook.ts';
import type { AlarmDeps } from '../app/alarm.ts';
import type { CanaryDeps } from '../app/canary.ts';
import type { AlarmChannel } from '../app/ports/alarm-channel.ts';
import type { Watched } from '../app/ports/outages.ts';
import type { Config } from '../config/schema.ts';
import { inboxesWithTokens } from './mail-login.ts';
import type { Services } from './services.ts';

export function alarmDeps({ deps, outages, settings }: Services): AlarmDeps {
  const { config } = settings;
  const { after, remindEvery } = config.alarm;
  return {
    outages,
    channels: channelsOf(config),
    watched: watchedOf(config),
    rhythm: { after, remindEvery },
    addressOf: (id) => config.inboxes[id]?.address ?? id,
    timeZone: config.defaults.timeZone,
    clock: deps.clock,
    log: deps.log,
  };
}

export const watchedOf = (config: Config): Watched => ({
  folders: Object.entries(config.inboxes).map(([inboxId, { folders }]) => ({
    inboxId,
    folder: folders.inbox,
  })),
  logins: inboxesWithTokens(config),
  canaryWithin: config.canary?.within ?? null,
});

function channelsOf({ alarm: { mail, webhook: hook } }: Config): AlarmChannel[] {
  return [...(mail === undefined ? [] : [alarmMail(mail)]), ...(hook === undefined ? [] : [webhook(hook)])];
}

/** null: none are sent. */
export function canaryDeps({ deps, canaries, settings }: Services): CanaryDeps | null {
  const { canary, inboxes } = settings.config;
  if (canary === undefined) return null;
  const wanted = Object.entries(inboxes).filter(([id]) => canary.inboxes?.includes(id) ?? true);
  return {
    ...deps,
    canaries,
    every: canary.every,
    inboxes: wanted.map(([id, { address, name }]) => ({ id, address, name })),
  };
}

/** Tells the monitor outside that mail flows; nothing to do where there is none. */
export async function beat({ settings }: Services): Promise<void> {
  const { heartbeat } = settings.config.alarm;
  if (heartbeat !== undefined) await request(heartbeat);
}
