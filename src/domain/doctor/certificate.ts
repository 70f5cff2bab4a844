/** Whether a server proves who it is, and for how long it still will. */
import { DAY, type Instant, toIso } from '../instant.ts';
import { type Check, fine, problem, skipped, warning } from './check.ts';

export type Certificate =
  | { readonly type: 'valid'; readonly until: Instant }
  /** `code` is that of OpenSSL, such as CERT_HAS_EXPIRED. */
  | { readonly type: 'refused'; readonly code: string }
  | { readonly type: 'unreachable'; readonly why: string }
  /** By configuration: tls none. */
  | { readonly type: 'none' };

/** Renewal by program happens a month before the end; two weeks before it, it has failed. */
const SOON = 14 * DAY;

export function certificateCheck(
  certificate: Certificate,
  server: { readonly kind: 'imap' | 'smtp'; readonly host: string },
  now: Instant,
  inbox: string,
): Check {
  const found = { id: `${server.kind}-tls`, inbox };
  switch (certificate.type) {
    case 'none':
      return skipped(found, `none, as configured (tls: none)`);
    case 'unreachable':
      return skipped(found, `${server.host} could not be reached (${certificate.why})`);
    case 'refused':
      return problem(
        found,
        `${server.host} does not prove who it is (${certificate.code}).`,
        'Baton speaks to no server that could be somebody else, so it does not connect.',
        CertificateFixes[certificate.code] ??
          `Ask whoever runs ${server.host} for a certificate of this name from a public authority.`,
      );
    case 'valid': {
      const days = Math.floor((certificate.until - now) / DAY);
      if (certificate.until - now > SOON)
        return fine(found, `certificate of ${server.host} is good for ${days} days`);
      return warning(
        found,
        `The certificate of ${server.host} ends in ${days} days (${toIso(certificate.until).slice(0, 10)}).`,
        'From then on no mail is read or sent.',
        'Have whoever runs the server renew it; one that renews itself is late by now.',
      );
    }
    default:
      return certificate satisfies never;
  }
}

const CertificateFixes: Readonly<Record<string, string>> = {
  CERT_HAS_EXPIRED: 'Its certificate has ended: whoever runs the server must renew it.',
  ERR_TLS_CERT_ALTNAME_INVALID:
    'Its certificate is for another name: write in "host" the name that the provider gives for IMAP and SMTP.',
  DEPTH_ZERO_SELF_SIGNED_CERT:
    'It signed its certificate itself. Give it one from a public authority, or trust it: start Baton with NODE_EXTRA_CA_CERTS=FILE.pem',
  SELF_SIGNED_CERT_IN_CHAIN:
    'A private authority signed its certificate: start Baton with NODE_EXTRA_CA_CERTS=FILE.pem, which holds the certificate of that authority.',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    'It does not send the certificates between its own and the authority: whoever runs it must install the whole chain.',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    'A private authority signed its certificate: start Baton with NODE_EXTRA_CA_CERTS=FILE.pem, which holds the certificate of that authority.',
};
