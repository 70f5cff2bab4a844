/** The little of hoodiecrow-imap (untyped, 2.1.0) that the demo's mail server uses. */
declare module 'hoodiecrow-imap' {
  import type { Socket } from 'node:net';

  export type Message = { uid: number; raw: string; flags: string[] };
  export type Mailbox = { uidvalidity: number; uidnext: number; messages: Message[] };
  export type Atom = { type: string; value: string };
  export type Parsed = { tag: string; command: string; attributes?: Atom[] };
  export type Item = { section?: Atom[]; partial?: number[] };

  export type Connection = {
    server: Server;
    state: string;
    directNotifications: boolean;
    inputHandler: false | ((line: string) => void);
    socket: Socket | null;
    _notificationCallback: (notification: unknown) => void;
    send(response: unknown, description: string, parsed?: Parsed, data?: string): void;
    processNotifications(): void;
  };
  export type CommandHandler = (
    connection: Connection,
    parsed: Parsed,
    data: string,
    done: () => void,
  ) => void;
  export type FetchHandler = (connection: Connection, message: Message, item: Item) => unknown;

  export type Server = NodeJS.EventEmitter & {
    users: Record<string, { password: string }>;
    fetchHandlers: Record<string, FetchHandler>;
    createClient(socket: Socket): void;
    registerCapability(name: string): void;
    setCommandHandler(command: string, handler: CommandHandler): void;
    getMailbox(path: string): Mailbox | undefined;
    appendMessage(mailbox: Mailbox, flags: string[], internaldate: string, raw: string): { message: Message };
    notify(command: unknown, mailbox: Mailbox): void;
  };

  export default function hoodiecrow(options: {
    plugins?: (string | ((server: Server) => void))[];
    storage?: Record<string, unknown>;
    users?: Record<string, { password: string }>;
  }): Server;
}
