/**
 * What can go wrong outside of Baton. Edges throw a Failure with its kind decided there and then; nobody further
 * in looks at error codes again. Rejections (somebody asked for what may not be) are returned values, and bugs
 * are assertions: neither is a Failure.
 */
import type { Duration } from '../domain/instant.ts';

export type FailureKind = 'temporary' | 'permanent';

export class Failure extends Error {
  readonly kind: FailureKind;
  /** A short stable word for logs and metrics, such as `imap-login-refused`. */
  readonly code: string;
  /** How long the other side asks to be left in peace; null: it does not say. */
  readonly pause: Duration | null;

  constructor(
    kind: FailureKind,
    code: string,
    message: string,
    { pause = null, ...options }: { readonly cause?: unknown; readonly pause?: Duration | null } = {},
  ) {
    super(message, options);
    this.pause = pause;
    this.name = 'Failure';
    this.kind = kind;
    this.code = code;
  }
}
