import type { IncomingMessage, ServerResponse } from 'node:http';
import { ARTIFACT_KINDS, type ArtifactKind, type Manifest } from '../lib/contracts/artifact';
import { compareRegistered } from '../lib/pipeline/comparison';
import { localSeasons } from '../lib/pipeline/localSeasons';
import { modelNamed, Registry } from '../lib/registry';
import { comparisonPage } from '../lib/report';
import {
  historyPage,
  modelPage,
  modelsPage,
  RESULT_KINDS,
  resultsPage,
  runsPage,
  seasonsPage,
  sliceOf,
} from '../lib/report/site';
import { streamOf, type ArtifactStore } from '../lib/store';
import { APART_HEADERS, sendFile, sendPage } from './reply';
import { runLines, type KnownRun, type RunSource } from './runs';
import { Shelf } from './shelf';

export interface SiteOptions {
  readonly store: ArtifactStore;
  /** Without one, runs are what the store knows of them. */
  readonly runs?: RunSource | undefined;
  /** The Temporal UI, for links. */
  readonly uiUrl?: string | undefined;
}

/** Kinds whose files people look at or take along. Others hold addresses of mirrors, or terabytes. */
const OPEN_KINDS: readonly ArtifactKind[] = ['report', 'submission', 'validation'];

/** Readers do not wait each time for a Temporal server that does not answer. */
const SILENCE_MILLISECONDS = 10_000;

type Handler = (asked: Asked) => Promise<string | Answer | undefined>;

interface Asked {
  /** Parts of the path that its pattern leaves open. */
  readonly parts: readonly string[];
  /** Of a long list, from 1 on. */
  readonly page: number;
  readonly search: URLSearchParams;
}

/** What sends an answer of its own. */
type Answer = (request: IncomingMessage, response: ServerResponse) => Promise<void> | void;

/** The pages over a store, by their paths. */
export class Site {
  readonly #store: ArtifactStore;
  readonly #shelf: Shelf;
  readonly #registry: Registry;
  readonly #runs: RunSource | undefined;
  readonly #uiUrl: string | undefined;
  #askAgainAt = 0;

  readonly #routes: readonly (readonly [pattern: RegExp, handler: Handler])[] = [
    [/^\/$/, (asked) => this.#runsPage(asked)],
    [/^\/models$/, (asked) => this.#modelsPage(asked)],
    [/^\/models\/([^/]+)$/, (asked) => this.#modelPage(asked)],
    [/^\/models\/([^/]+)\/beside\/([^/]+)$/, (asked) => this.#comparison(asked)],
    [/^\/results$/, (asked) => this.#resultsPage(asked)],
    [/^\/seasons$/, () => this.#seasonsPage()],
    [/^\/history$/, (asked) => this.#historyPage(asked)],
    [/^\/artifacts\/([a-z]+)\/([0-9a-f]{64})\/([^/]+)$/, (asked) => this.#file(asked)],
  ];

  constructor({ store, runs, uiUrl }: SiteOptions) {
    this.#store = store;
    this.#shelf = new Shelf(store);
    this.#registry = new Registry(store);
    this.#runs = runs;
    this.#uiUrl = uiUrl;
  }

  /** @returns whether there is such a page */
  async answer(request: IncomingMessage, response: ServerResponse): Promise<boolean> {
    const [path = '', query = ''] = (request.url ?? '').split(/\?(.*)/s);
    const search = new URLSearchParams(query);
    for (const [pattern, handler] of this.#routes) {
      const parts = pattern.exec(path)?.slice(1).map(decoded);
      if (parts === undefined) continue;
      if (!parts.every((part) => part !== undefined)) return false;
      const answer = await handler({ parts, page: Math.trunc(Number(search.get('page') ?? 1)) || 1, search });
      if (answer === undefined) return false;
      if (typeof answer === 'string') sendPage(request, response, answer);
      else await answer(request, response);
      return true;
    }
    return false;
  }

  async #runsPage({ page }: Asked): Promise<string> {
    const [{ known, trouble }, reports, state] = await Promise.all([
      this.#knownRuns(),
      this.#shelf.list('report'),
      this.#registry.state(),
    ]);
    return runsPage({ runs: sliceOf(runLines(known, reports, state), page), trouble, uiUrl: this.#uiUrl });
  }

  async #knownRuns(): Promise<{ readonly known: readonly KnownRun[]; readonly trouble?: string }> {
    if (this.#runs === undefined) return { known: [] };
    try {
      if (Date.now() >= this.#askAgainAt) return { known: await this.#runs() };
    } catch {
      this.#askAgainAt = Date.now() + SILENCE_MILLISECONDS;
    }
    return { known: [], trouble: 'The Temporal server does not answer.' };
  }

  async #modelsPage({ page }: Asked): Promise<string> {
    const state = await this.#registry.state();
    return modelsPage(state, sliceOf([...state.models].reverse(), page), this.#uiUrl);
  }

  async #modelPage({ parts }: Asked): Promise<string> {
    const state = await this.#registry.state();
    return modelPage(state, modelNamed(state, parts[0]!), this.#uiUrl);
  }

  async #comparison({ parts }: Asked): Promise<Answer> {
    const state = await this.#registry.state();
    const [first, second] = parts.map((name) => modelNamed(state, name));
    const text = comparisonPage(await compareRegistered(this.#store, first!, second!));
    return (request, response) => sendPage(request, response, text, { headers: APART_HEADERS });
  }

  async #resultsPage({ page }: Asked): Promise<string> {
    const results: Manifest[] = (await Promise.all(RESULT_KINDS.map((kind) => this.#shelf.list(kind)))).flat();
    results.sort((a, b) => (a.createdAt < b.createdAt ? 1 : a.createdAt > b.createdAt ? -1 : 0));
    return resultsPage(sliceOf(results, page), this.#uiUrl);
  }

  async #seasonsPage(): Promise<string> {
    const seasons = [...(await localSeasons(this.#shelf))].map(([id, season]) => ({ id, ...season }));
    seasons.sort((a, b) => a.id.localeCompare(b.id, 'en', { numeric: true }));
    return seasonsPage(seasons, this.#uiUrl);
  }

  async #historyPage({ page }: Asked): Promise<string> {
    return historyPage(await this.#registry.state(), page, this.#uiUrl);
  }

  /** A file by the name that its manifest has: no other path is ever made of what a request says. */
  async #file({ parts, search }: Asked): Promise<Answer | undefined> {
    const [wanted, key, name] = parts;
    const kind = ARTIFACT_KINDS.find((one) => one === wanted);
    if (kind === undefined || !OPEN_KINDS.includes(kind)) return undefined;
    const id = { kind, key: key! };
    const file = (await this.#store.manifest(id)).files.find((one) => one.name === name);
    if (file === undefined) return undefined;
    return (request, response) =>
      sendFile(request, response, {
        ...file,
        isImmutable: file.sha256 !== undefined && search.get('sha256') === file.sha256,
        open: () => streamOf(this.#store, id, file),
      });
  }
}

/** `undefined` for what is no text in a path's encoding. */
function decoded(part: string): string | undefined {
  try {
    return decodeURIComponent(part);
  } catch {
    return undefined;
  }
}
