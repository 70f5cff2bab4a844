/** What every form of an order holds: by which its sender is known, and that sent twice it acts once. */
import { randomBytes } from 'node:crypto';
import type { Verb } from '../../../../domain/command/command.ts';
import { type Html, html } from '../../html.ts';
import type { Look } from './look.ts';

export const orderFields = ({ viewer }: Look, verb: Verb): Html =>
  html`<input type="hidden" name="csrf" value="${viewer.csrf}"><input type="hidden" name="form" value="${randomBytes(16).toString('base64url')}"><input type="hidden" name="verb" value="${verb}">`;
