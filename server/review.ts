import { randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { isSerengetiError } from '../lib/contracts/errors';
import { parseWith } from '../lib/contracts/validate';
import { writeLabels, writeMegaDetector, type EventSource } from '../lib/export';
import { reviewPage } from '../lib/report/review/page';
import { markSchema, ORDERS, reviewerSchema, SHOWN, type ReadPhotograph, type Review } from '../lib/review';
import { shrink } from '../lib/shrink';
import { isOwnPage, isSame } from './access';
import { sendFile, sendJpeg, sendJson, sendPage } from './reply';

export interface ReviewSiteOptions {
  readonly review: Review;
  readonly readPhotograph: ReadPhotograph;
  /** What is reviewed: a folder, or a model. */
  readonly title: string;
  /** What is exported. @default what was reviewed */
  readonly labels?: () => EventSource;
  /** What `export camtrap-dp` takes; absent where it takes nothing of this. */
  readonly source?: string;
}

/** Long sides, pixels. */
const SIZES = { small: { size: 240, quality: 60 }, large: { size: 1600, quality: 85 } } as const;
const MOST_ROWS = 200;
/** Tabs and people who look at the same time, and then some. */
const MOST_VIEWS = 100;
const MOST_BODY_BYTES = 64 << 10;

const viewSchema = z.object({
  order: z.enum(ORDERS),
  show: z.enum(SHOWN),
  by: reviewerSchema,
  label: z.string().optional(),
  site: z.string().optional(),
  day: z.string().optional(),
});

const whole = z.coerce.number().int().min(0);
const sliceSchema = z.object({ from: whole, count: whole.max(MOST_ROWS), by: reviewerSchema });

/** What reviewed labels can be fetched as. */
const EXPORTS: Readonly<Record<string, (source: EventSource, path: string) => Promise<unknown>>> = {
  'labels.csv': writeLabels,
  'megadetector.json': writeMegaDetector,
};

/** The page on which people review predictions, and what it asks for. */
export class ReviewSite {
  readonly #options: ReviewSiteOptions;
  /** Known to the page, and to no page of another site. */
  readonly #secret = randomBytes(24).toString('hex');
  /** Positions are of this server: browsers must not show for one what they have kept of another. */
  readonly #stamp = randomBytes(6).toString('hex');
  readonly #views = new Map<string, Uint32Array>();
  #viewsMade = 0;

  constructor(options: ReviewSiteOptions) {
    this.#options = options;
  }

  /** @returns whether there is such a page */
  async answer(request: IncomingMessage, response: ServerResponse): Promise<boolean> {
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://localhost');
    try {
      if (request.method === 'POST') {
        return pathname === '/marks' && (await this.#mark(request, response));
      }
      return await this.#get(request, response, pathname, Object.fromEntries(searchParams));
    } catch (error) {
      if (!isSerengetiError(error) || pathname === '/') throw error;
      const status = error.code === 'INPUT_INVALID' ? 400 : 507;
      sendJson(request, response, { message: error.message, repair: error.repair }, status);
      return true;
    }
  }

  async #get(
    request: IncomingMessage,
    response: ServerResponse,
    path: string,
    query: Readonly<Record<string, string>>,
  ): Promise<boolean> {
    const { review } = this.#options;
    const [, place, first, second] = /^\/([\w.]*)(?:\/(\d{1,9}))?(?:\/(\d{1,9}))?$/.exec(path) ?? [];
    if (place === undefined) return false;
    if (first === undefined) {
      if (place === '') sendPage(request, response, this.#page());
      else if (place === 'views') sendJson(request, response, await this.#openView(query));
      // Browsers let no other site read it.
      else if (place === 'secret') sendJson(request, response, { secret: this.#secret });
      else if (place === 'progress') sendJson(request, response, review.progress());
      else if (Object.hasOwn(EXPORTS, place)) await this.#export(request, response, place);
      else return false;
      return true;
    }
    if (place === 'views' && second === undefined) {
      const view = this.#views.get(first);
      if (view === undefined) return false;
      const { from, count, by } = parseWith(sliceSchema, query, 'INPUT_INVALID', 'The slice');
      const rows = Array.from(view.subarray(from, from + count), (position) => ({
        ...review.row(position, by),
        of: this.#stamp,
      }));
      sendJson(request, response, rows);
      return true;
    }
    return place === 'photographs' && (await this.#photograph(request, response, Number(first), Number(second), query));
  }

  #page(): string {
    const { review, title, source } = this.#options;
    const { listing, emptyClass, personClass, classes, classifiedBy, unreadable } = review;
    const { sites, sequences } = listing;
    const known = { classes, sites, emptyClass, personClass };
    return reviewPage({
      title,
      source,
      classifiedBy,
      unreadable,
      sequences: sequences.length,
      ...known,
      secret: this.#secret,
    });
  }

  async #openView(query: Readonly<Record<string, string>>): Promise<{ readonly view: string; readonly total: number }> {
    const positions = await this.#options.review.view(parseWith(viewSchema, query, 'INPUT_INVALID', 'The view'));
    const view = String((this.#viewsMade += 1));
    this.#views.set(view, positions);
    const [oldest] = this.#views.keys();
    if (this.#views.size > MOST_VIEWS) this.#views.delete(oldest!);
    return { view, total: positions.length };
  }

  /** By numbers only: no path is ever made of what a request says. Only pictures leave, made anew from what was read. */
  async #photograph(
    request: IncomingMessage,
    response: ServerResponse,
    position: number,
    photograph: number,
    { of, size }: Readonly<Record<string, string>>,
  ): Promise<boolean> {
    if (of !== this.#stamp) return false;
    const event = this.#options.review.listing.sequences[position]?.event;
    const file = event?.photographs[photograph]?.file;
    const bytes = file === undefined ? undefined : await this.#options.readPhotograph(file, event!.season);
    const small = bytes === undefined ? undefined : await shrink(bytes, size === 'small' ? SIZES.small : SIZES.large);
    if (small === undefined) return false;
    sendJpeg(request, response, small.data);
    return true;
  }

  /** A mark is on disk before this answers. */
  async #mark(request: IncomingMessage, response: ServerResponse): Promise<true> {
    const { review } = this.#options;
    const secret = request.headers['x-review-secret'];
    if (!isOwnPage(request) || typeof secret !== 'string' || !isSame(secret, this.#secret)) {
      sendJson(request, response, { message: 'Only the page of this server can mark.' }, 403);
      return true;
    }
    const text = await bodyOf(request);
    if (text === undefined) {
      sendJson(request, response, { message: 'This is no mark.' }, 413);
      return true;
    }
    const mark = parseWith(markSchema, jsonIn(text), 'INPUT_INVALID', 'The mark');
    if (await review.mark(mark)) sendJson(request, response, review.progress());
    else sendJson(request, response, { message: `There is no sequence ${mark.sequence} any more.` }, 409);
    return true;
  }

  async #export(request: IncomingMessage, response: ServerResponse, name: string): Promise<void> {
    const folder = await mkdtemp(join(tmpdir(), 'serengeti-export-'));
    try {
      const path = join(folder, name);
      const { review, labels = () => review.reviewed() } = this.#options;
      await EXPORTS[name]!(labels(), path);
      const { size } = await stat(path);
      const open = async () => createReadStream(path);
      await sendFile(request, response, { name, bytes: size, isImmutable: false, open });
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }
}

/** `undefined` where there is more than any mark says. */
async function bodyOf(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > MOST_BODY_BYTES) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** `undefined`, which is no mark, for what is no JSON. */
function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
