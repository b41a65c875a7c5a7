/** Who may ask: by the name that the server is called by, the page that asks, and the token. */
import { createHash, timingSafeEqual } from 'node:crypto';
import { isIP } from 'node:net';
import { hostname } from 'node:os';
import { InputError } from '../../engine/errors/index.js';

const LEAST_TOKEN = 16;

/** Names of this machine for itself. */
const LOOPBACK = ['127.0.0.1', 'localhost', '::1'];
/** Addresses that stand for all of a machine's. */
const EVERYWHERE = ['0.0.0.0', '::'];

export const isLoopback = (host: string): boolean => LOOPBACK.includes(host) || /^127\.\d+\.\d+\.\d+$/.test(host);

/** Throws: InputError for a server that others can reach without a token, and for a token that can be guessed. */
export const requireToken = (host: string, token: string | undefined): void => {
  if (token === undefined && !isLoopback(host)) {
    throw new InputError(
      `--host ${host}: expected --token or ZDIST_TOKEN (${LEAST_TOKEN} characters or more), got none: others can reach this address`,
    );
  }
  if (token !== undefined && token.length < LEAST_TOKEN) {
    throw new InputError(`--token: expected ${LEAST_TOKEN} characters or more, got ${token.length}`);
  }
  if (token !== undefined && !/^[\x21-\x7e]+$/.test(token)) {
    throw new InputError('--token: expected letters, digits and signs of ASCII without spaces, got others');
  }
};

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

/** In a time that does not tell how much of it is right. */
const isSame = (a: string, b: string): boolean => timingSafeEqual(digest(a), digest(b));

/** `[::1]:4517` -> `::1`; undefined for what is no name of a host. */
const hostName = (host: string): string | undefined => {
  const name = /^(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(?::\d{1,5})?$/i.exec(host)?.[1];
  return name?.replace(/^\[|\]$/g, '').toLowerCase();
};

export interface Asked {
  readonly host: string | undefined;
  readonly origin: string | undefined;
  /** `Sec-Fetch-Site`, of browsers. */
  readonly site: string | undefined;
  readonly authorization: string | undefined;
  readonly cookie: string | undefined;
  /** `?token=`. */
  readonly token: string | undefined;
}

export class Access {
  /** Holds no token but its digest: it can be shown to this server only. */
  readonly cookie: { readonly name: string; readonly value: string } | undefined;

  /** `token` as `requireToken` has let it pass; `port` keeps cookies of several labs apart. */
  constructor(
    private readonly host: string,
    port: number,
    private readonly token: string | undefined,
  ) {
    this.cookie =
      token === undefined
        ? undefined
        : { name: `zdist-${port}`, value: digest(`zdist lab ${port} ${token}`).toString('hex') };
  }

  /**
   * Why a request is not for this server; undefined where it is. A name that somebody else gave this address (DNS rebinding)
   * is none of ours; any port is, since it may be forwarded.
   */
  refusedHost({ host }: Asked): string | undefined {
    const name = host === undefined ? undefined : hostName(host);
    if (name !== undefined && this.isOurs(name)) return undefined;
    return `Host: expected ${this.host}, got another; say --host to be reached by another name`;
  }

  /** Why the page that asks may not; undefined where it is one of ours, or no page. */
  refusedOrigin({ host, origin, site }: Asked): string | undefined {
    const foreign = site !== undefined && site !== 'same-origin' && site !== 'none';
    const other = origin !== undefined && !(URL.canParse(origin) && new URL(origin).host === host?.toLowerCase());
    return foreign || other ? 'Origin: expected a page of this server, got another' : undefined;
  }

  /** Whether the token is right, where one is asked for. */
  isAdmitted(asked: Asked): boolean {
    const { token, cookie } = this;
    if (token === undefined || cookie === undefined) return true;
    const bearer = /^Bearer +(.+)$/i.exec(asked.authorization ?? '')?.[1];
    const shown = asked.cookie
      ?.split(';')
      .map((pair) => pair.trim().split('=', 2))
      .find(([name]) => name === cookie.name)?.[1];
    const given = [asked.token, bearer].some((candidate) => candidate !== undefined && isSame(candidate, token));
    return given || (shown !== undefined && isSame(shown, cookie.value));
  }

  private isOurs(name: string): boolean {
    if (name === this.host.toLowerCase()) return true;
    if (isLoopback(this.host)) return isLoopback(name);
    // No name but an address can be made to mean this machine by somebody else.
    return (
      EVERYWHERE.includes(this.host) && (isIP(name) !== 0 || [...LOOPBACK, hostname().toLowerCase()].includes(name))
    );
  }
}
