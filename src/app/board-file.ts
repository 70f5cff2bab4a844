/** A file of a mail for whoever may see its request: read from the mail as it came, in the child that may be killed. */
import type { ConversationId, MemberId, MessageId } from '../domain/ids.ts';
import { maySee, sightOf, tookPartIn } from '../domain/sight.ts';
import { currentPolicy } from './current-policy.ts';
import type { Deps } from './deps.ts';

export type FileAsked = {
  readonly member: MemberId;
  readonly request: ConversationId;
  readonly message: MessageId;
  /** The place among all files of its mail, from 0. */
  readonly at: number;
};

export type FileFound = { readonly filename: string; readonly content: Uint8Array };

type FileDeps = Pick<Deps, 'store' | 'parser' | 'policy'>;

/** null: it is not there, not theirs to see, or can no longer be read; nobody is told which. */
export async function fileFor(deps: FileDeps, asked: FileAsked): Promise<FileFound | null> {
  if (!(await mayRead(deps, asked))) return null;
  const raw = await deps.store.readRaw(asked.message);
  if (raw === null) return null;
  const read = await deps.parser.readFiles(raw, { bytesMax: Number.MAX_SAFE_INTEGER });
  const file = read.ok ? read.files[asked.at] : undefined;
  return file === undefined ? null : { filename: file.filename, content: file.content };
}

const mayRead = (deps: FileDeps, { member, request, message }: FileAsked): Promise<boolean> =>
  deps.store.transact([], async (tx) => {
    const mail = await tx.lockSettled(message);
    if (mail?.conversationId !== request) return false;
    const state = (await tx.lockConversations([request])).get(request);
    const sight = sightOf(await currentPolicy(deps, tx), member, await tx.now());
    if (state === undefined || sight === null) return false;
    return maySee(sight, state, false) || tookPartIn(await tx.findEvents(request), member);
  });
