import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { isSerengetiError } from '../lib/contracts/errors';
import { html } from '../lib/report/html';
import { sitePage } from '../lib/report/site';
import { refusalOf } from './access';
import { sendPage } from './reply';
import { ReviewSite, type ReviewSiteOptions } from './review';
import { Site, type SiteOptions } from './site';

interface Access {
  /** Asked of every request; without one, only names of this machine are answered. */
  readonly token?: string | undefined;
}

export interface PageServerOptions extends SiteOptions, Access {}
export interface ReviewServerOptions extends ReviewSiteOptions, Access {}

/** Pages by their paths. */
interface Pages {
  readonly methods: readonly string[];
  /** Whether they are pages over a store, which link to each other. */
  readonly isSite: boolean;
  /** @returns whether there is such a page */
  answer(request: IncomingMessage, response: ServerResponse): Promise<boolean>;
}

/** A read-only server of the pages over a store. */
export function createPageServer({ token, ...options }: PageServerOptions): Server {
  const site = new Site(options);
  const pages = { methods: ['GET', 'HEAD'], isSite: true, answer: site.answer.bind(site) };
  return serverOf(pages, token);
}

/** A server of the page on which people review predictions: the only one that writes, and only their marks. */
export function createReviewServer({ token, ...options }: ReviewServerOptions): Server {
  const site = new ReviewSite(options);
  const pages = { methods: ['GET', 'HEAD', 'POST'], isSite: false, answer: site.answer.bind(site) };
  return serverOf(pages, token);
}

function serverOf(pages: Pages, token: string | undefined): Server {
  const server = createServer((request, response) => {
    void answer(pages, token, request, response);
  });
  // Nobody has much to say: a request is its first lines.
  server.headersTimeout = 10_000;
  server.requestTimeout = 20_000;
  return server;
}

async function answer(
  pages: Pages,
  token: string | undefined,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const note = (
    status: number,
    title: string,
    advice: string,
    headers: Readonly<Record<string, string>> = {},
  ): void => {
    const path = pages.isSite ? '/' : undefined;
    sendPage(request, response, sitePage({ title, path, body: html`<p>${advice}</p>` }), { status, headers });
  };
  try {
    const refusal = refusalOf(request, token);
    if (refusal === 401) {
      const headers = { 'WWW-Authenticate': 'Basic realm="serengeti", charset="UTF-8"' };
      return note(401, 'The token is missing or wrong', 'Give it as the password; any name does.', headers);
    }
    if (refusal === 403) {
      const advice = 'Open the pages as localhost, or serve them with a token.';
      return note(403, 'This name is not this machine’s', advice);
    }
    if (!pages.methods.includes(request.method ?? '')) {
      return note(405, 'These pages are only read', '', { Allow: pages.methods.join(', ') });
    }
    if (!(await pages.answer(request, response))) {
      note(404, 'There is no such page', 'It may have been removed from the store.');
    }
  } catch (error) {
    if (response.headersSent) return void response.destroy();
    if (!isSerengetiError(error)) {
      process.emitWarning(error instanceof Error ? error : String(error));
      return note(500, 'This page could not be made', 'The log of the server says why.');
    }
    const isMissing = error.code === 'ARTIFACT_MISSING' || error.code === 'MODEL_UNKNOWN';
    note(isMissing ? 404 : 502, error.message, `${error.repair} (${error.code})`);
  }
}
