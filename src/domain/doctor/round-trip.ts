/** What a mail that an inbox sent to itself, by way of a mark behind a plus, tells of the way there and back. */
import { type Duration, SECOND } from '../instant.ts';
import { type Check, fine, problem, skipped, warning } from './check.ts';

export type RoundTrip =
  | { readonly type: 'arrived'; readonly took: Duration; readonly sentCopy: string | null }
  /** Taken by the server, and not seen again; `junk`: the folder of spam, when something came there meanwhile. */
  | { readonly type: 'lost'; readonly waited: Duration; readonly junk: string | null }
  | { readonly type: 'refused'; readonly said: string };

const SLOW = 60 * SECOND;

/** null: none was sent. */
export function roundTripCheck(trip: RoundTrip | null, address: string, inbox: string): Check {
  const found = { id: 'round-trip', inbox };
  if (trip === null) return skipped(found, 'no mail was sent; --send sends one from the inbox to itself');
  switch (trip.type) {
    case 'arrived': {
      const seconds = (trip.took / SECOND).toFixed(1);
      const kept = trip.sentCopy === null ? '' : `; the server keeps a copy in ${trip.sentCopy}`;
      if (trip.took <= SLOW)
        return fine(found, `a mail to ${plus(address)} came back after ${seconds} s${kept}`);
      return warning(
        found,
        `A mail to ${plus(address)} took ${seconds} s.`,
        'Everything that members order takes effect that much later.',
        'Look in its Received lines where it waited. Greylisting lets a sender wait once.',
      );
    }
    case 'lost':
      return problem(
        found,
        `A mail to ${plus(address)} did not come back within ${Math.round(trip.waited / SECOND)} s.`,
        'Members answer to such addresses: their answers would not arrive.',
        trip.junk === null
          ? `Switch on plus addresses. Postfix: postconf -e recipient_delimiter=+ ; Dovecot: recipient_delimiter = + ; Microsoft 365: Set-OrganizationConfig -DisablePlusAddressInRecipients $false`
          : `Something came into "${trip.junk}" meanwhile: have the filter let through what the inbox sends to itself.`,
      );
    case 'refused':
      return problem(
        found,
        `The server refused a mail to ${plus(address)}: ${trip.said}`,
        'Members answer to such addresses: their answers would not arrive.',
        'Switch on plus addresses, and let the user of smtp send as this address.',
      );
    default:
      return trip satisfies never;
  }
}

/** `office+…@elm.example` */
export const plus = (address: string): string => address.replace(/@(?=[^@]*$)/, '+…@');
