/**
 * What can go wrong outside of Baton. Edges throw a Failure with its kind decided there and then; nobody further
 * in looks at error codes again. Rejections (somebody asked for what may not be) are returned values, and bugs
 * are assertions: neither is a Failure.
 */
export type FailureKind = 'temporary' | 'permanent';

export class Failure extends Error {
  readonly kind: FailureKind;
  /** A short stable word for logs and metrics, such as `imap-login-refused`. */
  readonly code: string;

  constructor(kind: FailureKind, code: string, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'Failure';
    this.kind = kind;
    this.code = code;
  }
}
