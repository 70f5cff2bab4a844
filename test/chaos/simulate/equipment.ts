/** What one process works with: ports that fail, over the one database, post and mailboxes of its life. */
import type { OutgoingMail } from '../../../src/app/ports/mail-sender.ts';
import type { Page } from '../../../src/app/ports/pages.ts';
import { renderNotice } from '../../../src/domain/notices/render.ts';
import type { NoticeView, RenderedNotice } from '../../../src/domain/notices/view.ts';
import { memoryNotes } from '../../support/memory-notes.ts';
import { isExpectedText } from './expected.ts';
import type { HostPorts } from './host.ts';
import type { Mailboxes } from './mailboxes.ts';
import { simulatedChannel, simulatedPages } from './paging.ts';
import {
  type PortsContext,
  type Process,
  simulatedParser,
  simulatedReader,
  simulatedSender,
  simulatedStore,
} from './ports.ts';
import { passedOver } from './taken-in.ts';
import type { World } from './world.ts';

export type Equipment = (process: Process) => HostPorts;

/** `takes`: a mail has arrived; `paged`: a page has. */
export function equipmentOf(
  world: World,
  mailboxes: Mailboxes,
  takes: (mail: OutgoingMail) => void,
  paged: (page: Page) => void,
): Equipment {
  const { stage, dice, trace, bells, post, store, mutation } = world;
  const context = contextOf(world, mailboxes);
  let texts = 0;

  /** What is caught and only logged may hide a bug. */
  function logged(fields: object, message: string): void {
    const { error } = fields as { error?: string };
    if (error !== undefined && !isExpectedText(error)) world.say(`${message}: ${error}`);
  }

  return (process) => {
    const simulated = simulatedStore(context, process, store);
    const readers = new Map<string, ReturnType<typeof simulatedReader>>();
    return {
      store: mutation?.store?.(simulated) ?? simulated,
      parser: simulatedParser(context, process, post.parser),
      composer: post.composer,
      sender: simulatedSender(context, process, takes),
      async ring(bell, ids) {
        if (ids.length === 0 || !process.alive) return;
        trace.add(stage.now(), process.name, `rings ${bell} ${ids.join(' ')}`);
        bells.ring(bell, mutation?.ring?.(bell, ids) ?? ids, stage.now());
      },
      readerOf(inbox) {
        const known = readers.get(inbox) ?? simulatedReader(context, process, mailboxes.of(inbox).reader);
        readers.set(inbox, known);
        return known;
      },
      notes: memoryNotes(store),
      pages: simulatedPages(context, process, store.paging),
      channel: simulatedChannel(context, process, paged),
      // Putting each notice into words would take most of the time.
      render: dice.happens(0.04) ? renderNotice : inFewWords,
      newTextId() {
        texts += 1;
        return `text-${texts}`;
      },
      log: { info() {}, warn: logged, error: logged },
    };
  };
}

function contextOf(world: World, { lying, late }: Mailboxes): PortsContext {
  const { stage, dice, faults, trace, watch } = world;
  return {
    stage,
    dice,
    faults,
    step: (process, what) => trace.add(stage.now(), process.name, what),
    committed(process, changes) {
      world.wrote();
      trace.add(stage.now(), process.name, 'committed');
      watch.committed(changes);
    },
    touched(_, call) {
      if (call !== 'leaseMailbox' && call !== 'releaseMailbox') world.wrote();
      if (call === 'saveBatch') for (const what of passedOver(lying, late)) world.say(what);
    },
  };
}

const inFewWords = ({ notice: { body } }: NoticeView): RenderedNotice => ({
  subject: body.kind,
  text: body.kind,
  html: null,
});
