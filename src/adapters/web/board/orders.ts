/**
 * What members order by the forms of the board. What came of it stands on the page that follows, and in the receipt
 * that is mailed as for an order by mail.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { BoardOrder, OrderAbout, OrderOutcome } from '../../../app/board-order.ts';
import { commandsFromForm } from '../../../domain/command/from-form.ts';
import type { Policy } from '../../../domain/policy.ts';
import { sendError, sendFault } from './errors.ts';
import { type Fields, fieldsOf } from './forms.ts';
import { localPath } from './place.ts';

export type OrderDesk = {
  readonly carryOut: (order: BoardOrder) => Promise<OrderOutcome>;
  readonly policy: () => Promise<Policy>;
  /** Has the next page of this session tell what came of it. */
  readonly tell: (request: FastifyRequest, order: string) => Promise<void>;
};

/** Of one member: more than anybody clicks. */
const ORDERS = { max: 120, timeWindow: '1 minute' } as const;

export function addOrders(app: FastifyInstance, desk: OrderDesk): void {
  type ById = { Params: { id: string } };
  const config = { rateLimit: ORDERS } as const;
  app.post<ById>('/requests/:id/orders', { config }, async (request, reply) => {
    const id = numberOf(request.params.id);
    if (id === null) return sendError(reply, 404);
    const fields = fieldsOf(request);
    const shown = numberOf(fields.shown ?? '');
    const answered = fields.answered === '0' ? 0 : (numberOf(fields.answered ?? '') ?? 0);
    return order(desk, request, reply, { type: 'request', id, shown, answered }, `/requests/${id}`);
  });
  app.post<ById>('/parked/:id/orders', { config }, async (request, reply) => {
    const id = numberOf(request.params.id);
    if (id === null) return sendError(reply, 404);
    return order(desk, request, reply, { type: 'parked', id }, `/parked/${id}`);
  });
  app.post('/people/orders', { config }, async (request, reply) =>
    order(desk, request, reply, { type: 'desk' }, '/people'),
  );
}

/** A number as our pages write it; anything else is no page of ours. */
const numberOf = (text: string): number | null => (/^[1-9]\d{0,8}$/.test(text) ? Number(text) : null);

const DeskVerbs: ReadonlySet<string> = new Set(['away', 'back']);
const ParkedVerbs: ReadonlySet<string> = new Set(['dismiss', 'retry', 'request', 'handoff']);

async function order(
  { carryOut, policy, tell }: OrderDesk,
  request: FastifyRequest,
  reply: FastifyReply,
  about: OrderAbout,
  page: string,
): Promise<FastifyReply> {
  const fields = fieldsOf(request);
  const commands = belongs(about, fields) ? commandsFromForm(fields, await policy()) : 'verb';
  if (typeof commands === 'string') return sendFault(reply, commands);
  const { member } = request.viewer;
  const verb = commands.at(-1)?.verb;
  const form = fields.form ?? '';
  if (verb === undefined || !/^[\w-]{16,64}$/.test(form)) return sendFault(reply, 'verb');
  const outcome = await carryOut({ member, about, verb, commands, form });
  if (outcome.type === 'unknown') return sendError(reply, 404);
  if (outcome.type === 'told') await tell(request, outcome.order);
  return reply.redirect(localPath(fields.back ?? page), 303);
}

function belongs({ type }: OrderAbout, { verb = '' }: Fields): boolean {
  if (type === 'desk') return DeskVerbs.has(verb);
  return type === 'parked' ? ParkedVerbs.has(verb) : !DeskVerbs.has(verb) && !isOnlyParked(verb);
}

const isOnlyParked = (verb: string): boolean => ParkedVerbs.has(verb) && verb !== 'handoff';
