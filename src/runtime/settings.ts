/**
 * The configuration in force. It may be replaced at any moment; whoever holds on to a part of it (a connection, a
 * watched folder) asks again, or listens for the change.
 */
import { adoptPolicy } from '../app/adopt-policy.ts';
import type { Deps } from '../app/deps.ts';
import { toPolicy } from '../config/policy.ts';
import type { Config, InboxConfig } from '../config/schema.ts';
import type { InboxId } from '../domain/ids.ts';
import type { Policy } from '../domain/policy.ts';

export class Settings {
  #config: Config;
  #policy: Policy;
  readonly #listeners = new Set<() => void>();

  private constructor(config: Config, policy: Policy) {
    this.#config = config;
    this.#policy = policy;
  }

  static async adopt(deps: Pick<Deps, 'store' | 'log'>, config: Config): Promise<Settings> {
    return new Settings(config, await adoptPolicy(deps, toPolicy(config)));
  }

  /** Puts another configuration into force; throws, and changes nothing, when its people cannot be stored. */
  async replace(deps: Pick<Deps, 'store' | 'log'>, config: Config): Promise<void> {
    this.#policy = await adoptPolicy(deps, toPolicy(config));
    this.#config = config;
    for (const listener of this.#listeners) listener();
  }

  get config(): Config {
    return this.#config;
  }

  get policy(): Policy {
    return this.#policy;
  }

  inbox(id: InboxId): InboxConfig {
    const inbox = this.#config.inboxes[id];
    if (inbox === undefined) throw new Error(`inbox ${id} is not configured`);
    return inbox;
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
