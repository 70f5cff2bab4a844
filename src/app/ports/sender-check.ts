/** Verifying for ourselves who wrote a mail. */
import type {
  SenderAuthentication,
  SenderQuestion,
} from '../../domain/sender-authentication/authentication.ts';

export type SenderCheck = {
  /** Never throws and ends within seconds: what cannot be found out is `unknown`. */
  check(raw: Uint8Array, question: SenderQuestion): Promise<SenderAuthentication>;
};
