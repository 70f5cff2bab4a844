/**
 * What each host wrote, noted by the database itself within the same transactions: who took the watch over the mailbox
 * and moved its cursor, who claimed notices, began attempts and ended them. A host is known by its address, which it
 * cannot get wrong. The order of the notes of one row is the order in which the row was locked.
 */
import type pg from 'pg';
import { type Host, hostAt } from './network.ts';

export const Deeds = ['took', 'gave-back', 'moved', 'claimed', 'began', 'ended'] as const;

export type Note = {
  /** In milliseconds since 1970. */
  readonly at: number;
  readonly host: Host;
  /** The first three are about a mailbox, the others about a notice. */
  readonly deed: (typeof Deeds)[number];
  /** Of mailbox or notice. */
  readonly id: number;
  /** The fence of the watch; the number of the claim, or of the attempt. */
  readonly turn: number;
  /** For how long the lease of somebody else still ran, in milliseconds; null: nobody had one. */
  readonly leaseLeft: number | null;
};

export const WITNESS = `
  CREATE SCHEMA proof;
  CREATE TABLE proof.note (
    n bigserial PRIMARY KEY, at timestamptz NOT NULL DEFAULT clock_timestamp(), address inet DEFAULT inet_client_addr(),
    deed text NOT NULL, id bigint NOT NULL, turn bigint NOT NULL, lease_left interval
  );
  CREATE FUNCTION proof.watch() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    IF NEW.fence <> OLD.fence THEN
      INSERT INTO proof.note (deed, id, turn, lease_left)
        VALUES ('took', NEW.id, NEW.fence, CASE WHEN OLD.lease_holder IS NOT NULL THEN OLD.lease_until - clock_timestamp() END);
    ELSIF OLD.lease_holder IS NOT NULL AND NEW.lease_holder IS NULL THEN
      INSERT INTO proof.note (deed, id, turn) VALUES ('gave-back', NEW.id, NEW.fence);
    END IF;
    IF NEW.last_uid <> OLD.last_uid THEN
      INSERT INTO proof.note (deed, id, turn) VALUES ('moved', NEW.id, NEW.fence);
    END IF;
    RETURN NULL;
  END $$;
  CREATE TRIGGER watch AFTER UPDATE ON mailbox FOR EACH ROW EXECUTE FUNCTION proof.watch();
  CREATE FUNCTION proof.claim() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    INSERT INTO proof.note (deed, id, turn, lease_left)
      VALUES ('claimed', NEW.id, NEW.claims, CASE WHEN OLD.state = 'sending' THEN OLD.lease_until - clock_timestamp() END);
    RETURN NULL;
  END $$;
  CREATE TRIGGER claim AFTER UPDATE ON outbox FOR EACH ROW WHEN (NEW.claims <> OLD.claims) EXECUTE FUNCTION proof.claim();
  CREATE FUNCTION proof.attempt() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    INSERT INTO proof.note (deed, id, turn)
      VALUES (CASE TG_OP WHEN 'INSERT' THEN 'began' ELSE 'ended' END, NEW.outbox_id, NEW.number);
    RETURN NULL;
  END $$;
  CREATE TRIGGER attempt AFTER INSERT OR UPDATE ON attempt FOR EACH ROW EXECUTE FUNCTION proof.attempt();`;

/** In the order in which they were made; those of whoever is no host, such as this program, are left out. */
export async function readNotes(pool: pg.Pool): Promise<Note[]> {
  const { rows } = await pool.query<Omit<Note, 'host'> & { address: string }>(
    `SELECT extract(epoch FROM at)::float8 * 1000 AS at, host(address) AS address, deed, id::float8 AS id,
       turn::float8 AS turn, extract(epoch FROM lease_left)::float8 * 1000 AS "leaseLeft"
     FROM proof.note ORDER BY n`,
  );
  return rows.flatMap(({ address, ...note }) => {
    const host = hostAt(address);
    return host === null ? [] : [{ ...note, host }];
  });
}
