/**
 * Hoodiecrow as the demo needs it: every account has mailboxes of its own behind one port, an IDLE that leaves no
 * half-hour timer behind, and bodies served as they are, so that a hostile mail is never parsed here.
 */
import type { Atom, CommandHandler, Connection, Item, Message, Server } from 'hoodiecrow-imap';

/** Lets the front server hand a connection over to its account's server once the password was right. */
export function accounts(
  servers: ReadonlyMap<string, { readonly password: string; readonly server: Server }>,
) {
  const login: CommandHandler = (connection, parsed, data, done) => {
    const [user, password] = (parsed.attributes ?? []).map((attribute) => attribute.value);
    const account = servers.get(user ?? '');
    if (account === undefined || account.password !== password) {
      reply(
        connection,
        parsed.tag,
        'NO',
        'Login failed: authentication failure',
        'AUTHENTICATIONFAILED',
        data,
      );
      return done();
    }
    connection.server.removeListener('notify', connection._notificationCallback);
    connection.server = account.server;
    connection.server.on('notify', connection._notificationCallback);
    connection.state = 'Authenticated';
    reply(connection, parsed.tag, 'OK', 'User logged in', null, data);
    done();
  };
  return (server: Server) => server.setCommandHandler('LOGIN', login);
}

/** RFC 2177, without the timer of hoodiecrow's own that outlives a dropped connection by half an hour. */
export function idle(server: Server): void {
  server.registerCapability('IDLE');
  server.setCommandHandler('IDLE', (connection, parsed, data, done) => {
    connection.directNotifications = true;
    connection.inputHandler = (line) => {
      connection.inputHandler = false;
      connection.directNotifications = false;
      const isDone = line.toUpperCase() === 'DONE';
      reply(
        connection,
        parsed.tag,
        isDone ? 'OK' : 'BAD',
        isDone ? 'IDLE terminated' : 'DONE expected',
        null,
        data,
      );
    };
    connection.socket?.write('+ idling\r\n');
    connection.processNotifications();
    done();
  });
}

/** BODY[] and BODY[HEADER] cut from the raw text. */
export function plainBodies(server: Server): void {
  const serve = (_connection: Connection, message: Message, item: Item): unknown => {
    const value = partOf(message.raw, item.section);
    const [start = 0, length = value.length] = item.partial ?? [];
    // The answer names the origin octet only (RFC 3501 section 7.4.2).
    if (item.partial !== undefined) item.partial = [start];
    return { type: 'LITERAL', value: value.slice(start, start + length) };
  };
  server.fetchHandlers['BODY.PEEK'] = serve;
}

function partOf(raw: string, section: Atom[] | undefined): string {
  if (section === undefined || section.length === 0) return raw;
  if (section[0]?.value.toUpperCase() !== 'HEADER')
    throw new Error('only BODY[] and BODY[HEADER] are served here');
  if (raw.startsWith('\r\n')) return '\r\n';
  const end = raw.indexOf('\r\n\r\n');
  return end === -1 ? raw : raw.slice(0, end + 4);
}

function reply(
  connection: Connection,
  tag: string,
  status: string,
  text: string,
  code: string | null,
  data: string,
) {
  const section = code === null ? [] : [{ type: 'SECTION', section: [{ type: 'ATOM', value: code }] }];
  const attributes = [...section, { type: 'TEXT', value: text }];
  connection.send({ tag, command: status, attributes }, `BATON ${status}`, undefined, data);
}
