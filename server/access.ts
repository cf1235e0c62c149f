import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import { SerengetiError } from '../lib/contracts/errors';

/** A shorter one could be guessed over a network. */
const FEWEST_CHARACTERS = 16;

/**
 * Refuses to answer the network without a token.
 *
 * @throws SerengetiError INPUT_INVALID
 */
export function checkExposure(host: string, token: string | undefined): void {
  if (token !== undefined && token.length < FEWEST_CHARACTERS) {
    throw new SerengetiError(
      'INPUT_INVALID',
      `The token of the pages has ${token.length} characters; it needs at least ${FEWEST_CHARACTERS}, such as those of \`openssl rand -hex 24\`.`,
    );
  }
  if (token !== undefined || isLoopback(host)) return;
  throw new SerengetiError(
    'INPUT_INVALID',
    `Pages at ${host} can be reached from other machines: set SERENGETI_PAGES_TOKEN (or --token), or leave --host out.`,
  );
}

/** How a request is met: `401` asks for the token, `403` is for names that are not this machine's. */
export function refusalOf({ headers }: IncomingMessage, token: string | undefined): 401 | 403 | undefined {
  if (token !== undefined)
    return sentTokens(headers.authorization).some((sent) => isSame(sent, token)) ? undefined : 401;
  // A page elsewhere may have its own name lead to this machine, and then read what is here: the name gives it away.
  const name = /^(?:\[([^\]]*)\]|([^:]*))(?::\d+)?$/.exec(headers.host ?? '');
  return isLoopback(name?.[1] ?? name?.[2] ?? '') ? undefined : 403;
}

/** Whether a request comes from a page of this server, which other sites cannot pretend to be: browsers say it. */
export function isOwnPage({ headers }: IncomingMessage): boolean {
  const site = headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin') return false;
  return URL.canParse(headers.origin ?? '') && new URL(headers.origin!).host === headers.host;
}

/** Takes the same time however much of the two is the same, and however long they are. */
export function isSame(sent: string, token: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(sent), digest(token));
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
}

/** `Bearer TOKEN`, or the password of `Basic`, which browsers ask for by themselves. */
function sentTokens(authorization = ''): string[] {
  const [, scheme, value] = /^(Bearer|Basic) +(\S+) *$/i.exec(authorization) ?? [];
  if (scheme === undefined || value === undefined) return [];
  if (scheme.toLowerCase() === 'bearer') return [value];
  const pair = Buffer.from(value, 'base64').toString('utf8');
  return pair.includes(':') ? [pair.slice(pair.indexOf(':') + 1)] : [];
}
