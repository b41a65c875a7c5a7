/** Who may ask for what: the checks before every answer, the API, and the pages. */
import { Hono } from 'hono';
import { COMPRESSIBLE_CONTENT_TYPE_REGEX, compress } from 'hono/compress';
import { InputError } from '../../engine/errors/index.js';
import type { Access, Asked } from './access.js';
import { ASKED, absent, after, type Bindings, pathOf, type Request, sendFile } from './answers.js';
import { type ApiOptions, apiRoutes } from './api.js';
import { SECURITY_HEADERS } from './headers.js';

export interface RouteOptions extends ApiOptions {
  readonly access: Access;
  /** Folder of the built pages. */
  readonly site: string;
  readonly onFault: (error: unknown) => void;
}

/** Names of assets change with their content. */
const FOREVER = 'public, max-age=31536000, immutable';

const askedBy = (c: Request): Asked => ({
  host: c.req.header('host'),
  origin: c.req.header('origin'),
  site: c.req.header('sec-fetch-site'),
  authorization: c.req.header('authorization'),
  cookie: c.req.header('cookie'),
  token: c.req.query('token'),
});

/** Who comes with the token in the address gets a cookie, and the address without it: a step that is this site's own. */
const admit = (c: Request, { cookie }: Access): Response => {
  const { pathname } = new URL(c.req.url);
  const page = `<!doctype html><meta charset="utf-8"><meta http-equiv="refresh" content="0; url=.${pathname.replace(/[^\w/.-]/g, '')}">`;
  return c.html(`${page}<title>zdist lab</title>\n`, 200, {
    'set-cookie': `${cookie!.name}=${cookie!.value}; Path=/; HttpOnly; SameSite=Strict`,
    'cache-control': 'no-store',
  });
};

/** WebAssembly is packed already, as far as it can be, and large: packing it again takes longer than sending it. */
const isPacked = (type: string): boolean => COMPRESSIBLE_CONTENT_TYPE_REGEX.test(type) && !type.includes('wasm');

export const routes = (options: RouteOptions): Hono<Bindings> => {
  const { access, site, onFault } = options;
  const app = new Hono<Bindings>();
  app.onError((error, c) => {
    if (error instanceof InputError) return c.text(`${error.message}\n`, 422, SECURITY_HEADERS);
    onFault(error);
    return c.text('internal: this could not be read; the server says why\n', 500, SECURITY_HEADERS);
  });
  app.use(async (c, next) => {
    for (const [name, value] of Object.entries(SECURITY_HEADERS)) c.header(name, value);
    if (c.req.method !== 'GET' && c.req.method !== 'HEAD') {
      return c.text(`${c.req.method}: expected GET or HEAD; the lab reads only\n`, 405, { allow: 'GET, HEAD' });
    }
    const asked = askedBy(c);
    const isApi = pathOf(c).startsWith('/api/');
    const refused = access.refusedHost(asked) ?? (isApi ? access.refusedOrigin(asked) : undefined);
    if (refused !== undefined) return c.text(`${refused}\n`, 403);
    if (!access.isAdmitted(asked)) {
      return c.text('token: expected the token of this lab: open its address with ?token=… once\n', 401);
    }
    if (!isApi && asked.token !== undefined && access.cookie) return admit(c, access);
    return next();
  });
  app.use(compress({ contentTypeFilter: isPacked }));
  app.route('/api', apiRoutes(options));
  app.get('*', async (c) => {
    const path = after(c, 0);
    const cache = path.startsWith('assets/') ? FOREVER : ASKED;
    const sent = await sendFile(c, site, path === '' ? 'index.html' : path, { 'cache-control': cache });
    return sent ?? absent(c, 'a file of the lab');
  });
  return app;
};
