/** Signs mails with DKIM, with one key that a made-up DNS has for whatever domain asks for it. */
import { generateKeyPairSync } from 'node:crypto';
import { dkimSign } from 'mailauth';

const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 });
const PEM = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();

export const SELECTOR = 's1';
/** The record of the key, at `s1._domainkey.` of the domain. */
export const KEY_RECORD = `v=DKIM1; k=rsa; p=${publicKey.export({ type: 'spki', format: 'der' }).toString('base64')}`;

export type Signing = {
  readonly domain?: string;
  /** The fields that the signature covers, with colons between. */
  readonly headers?: string;
  /** The `l=` of the signature. */
  readonly bodyMax?: number;
};

export async function signMail(mail: string, signing: Signing = {}): Promise<string> {
  const {
    domain = 'elm.example',
    headers = 'From:To:Subject:Message-ID:In-Reply-To:Content-Type',
    bodyMax,
  } = signing;
  const key = { signingDomain: domain, selector: SELECTOR, privateKey: PEM };
  const { signatures, errors } = await dkimSign(Buffer.from(mail), {
    ...key,
    canonicalization: 'relaxed/relaxed',
    headerList: headers,
    signatureData: [{ ...key, ...(bodyMax === undefined ? {} : { maxBodyLength: bodyMax }) }],
  });
  if (errors.length > 0 || signatures === '') throw new Error(`not signed: ${JSON.stringify(errors)}`);
  return `${signatures}${mail}`;
}
