import { InputError } from '../../../engine/errors/index.js';

/** Where Redis is. The URL may hold a password: only `shown` and `redact` may reach a message, a file or a log. */
export interface QueueAddress {
  readonly url: string;
  /** Certificates (PEM) of the authorities that may vouch for the server; absent for those that the machine knows. */
  readonly authorities?: string;
  /** `rediss://user:***@host:6380/1`. */
  readonly shown: string;
  /** A text without the password and the URL. */
  readonly redact: (text: string) => string;
}

const HIDDEN = '***';

/**
 * Reads redis://[[user]:password@]host[:port][/database], or rediss:// for TLS.
 *
 * Throws: InputError, without the address: it may be a password in the wrong place; and for authorities beside redis://,
 * where nobody would ask them.
 */
export const queueAddressOf = (url: string, authorities?: string): QueueAddress => {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (!parsed || !['redis:', 'rediss:'].includes(parsed.protocol) || parsed.hostname === '' || parsed.search !== '') {
    throw new InputError('--queue: expected redis://host:port or rediss://user:password@host:port, got another text');
  }
  if (authorities !== undefined && parsed.protocol !== 'rediss:') {
    throw new InputError('--queue-ca: expected a queue at rediss://, got redis://, which is not encrypted');
  }
  const secrets = [url, parsed.password, decode(parsed.password)].filter((secret) => secret !== '');
  if (parsed.password !== '') parsed.password = HIDDEN;
  const shown = parsed.href;
  const redact = (text: string): string =>
    secrets.reduce((clean, secret) => clean.replaceAll(secret, secret === url ? shown : HIDDEN), text);
  return { url, shown, redact, ...(authorities !== undefined && { authorities }) };
};

const decode = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
};
