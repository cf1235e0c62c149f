import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { isSerengetiError } from '../lib/contracts/errors';
import { html } from '../lib/report/html';
import { sitePage } from '../lib/report/site';
import { refusalOf } from './access';
import { sendPage } from './reply';
import { Site, type SiteOptions } from './site';

export interface PageServerOptions extends SiteOptions {
  /** Asked of every request; without one, only names of this machine are answered. */
  readonly token?: string | undefined;
}

/** A read-only server of the pages over a store. */
export function createPageServer({ token, ...options }: PageServerOptions): Server {
  const site = new Site(options);
  const server = createServer((request, response) => {
    void answer(site, token, request, response);
  });
  // Nobody has much to say: a request is its first lines.
  server.headersTimeout = 10_000;
  server.requestTimeout = 20_000;
  return server;
}

async function answer(
  site: Site,
  token: string | undefined,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  try {
    const refusal = refusalOf(request, token);
    if (refusal === 401) {
      const headers = { 'WWW-Authenticate': 'Basic realm="serengeti", charset="UTF-8"' };
      return sendNote(
        request,
        response,
        401,
        'The token is missing or wrong',
        'Give it as the password; any name does.',
        headers,
      );
    }
    if (refusal === 403) {
      const advice = 'Open the pages as localhost, or serve them with a token.';
      return sendNote(request, response, 403, 'This name is not this machine’s', advice);
    }
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      return sendNote(request, response, 405, 'These pages are only read', '', { Allow: 'GET, HEAD' });
    }
    if (!(await site.answer(request, response))) {
      sendNote(request, response, 404, 'There is no such page', 'It may have been removed from the store.');
    }
  } catch (error) {
    fail(request, response, error);
  }
}

function fail(request: IncomingMessage, response: ServerResponse, error: unknown): void {
  if (response.headersSent) return void response.destroy();
  if (!isSerengetiError(error)) {
    process.emitWarning(error instanceof Error ? error : String(error));
    return sendNote(request, response, 500, 'This page could not be made', 'The log of the server says why.');
  }
  const isMissing = error.code === 'ARTIFACT_MISSING' || error.code === 'MODEL_UNKNOWN';
  sendNote(request, response, isMissing ? 404 : 502, error.message, `${error.repair} (${error.code})`);
}

function sendNote(
  request: IncomingMessage,
  response: ServerResponse,
  status: number,
  title: string,
  advice: string,
  headers: Readonly<Record<string, string>> = {},
): void {
  sendPage(request, response, sitePage({ title, path: '/', body: html`<p>${advice}</p>` }), { status, headers });
}
