import { request } from 'node:http';
import { text } from 'node:stream/consumers';
import { pathToFileURL } from 'node:url';
import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { checkExposure } from '../../server';
import { openStore, type ArtifactStore } from '../../lib/store';
import { temporaryFolder } from '../support/folders';
import { leaveRun, pageServers, REPORT } from './support';

const folder = temporaryFolder();
const serve = pageServers();
const TOKEN = 'a-token-of-24-characters';

function store(): ArtifactStore {
  return openStore(pathToFileURL(`${folder()}/`).href);
}

/** A request as it is written: `fetch` would tidy its path and its headers. */
async function raw(url: string, path: string, headers = {}, method = 'GET'): Promise<{ status: number; body: string }> {
  return await new Promise((resolve, reject) => {
    const { hostname, port } = new URL(url);
    const sent = request({ hostname, port, path, method, headers }, (response) => {
      text(response).then((body) => resolve({ status: response.statusCode!, body }), reject);
    });
    sent.on('error', reject).end();
  });
}

describe('who may read the pages', () => {
  it('refuses to listen to the network without a token, or with one that can be guessed', () => {
    expect(() => checkExposure('0.0.0.0', undefined)).toThrow(/Pages at 0\.0\.0\.0 can be reached from other machines/);
    expect(() => checkExposure('example.org', undefined)).toThrow('SERENGETI_PAGES_TOKEN');
    expect(() => checkExposure('127.0.0.1', 'short')).toThrow('has 5 characters; it needs at least 16');
    for (const host of ['127.0.0.1', '::1', 'localhost']) expect(() => checkExposure(host, undefined)).not.toThrow();
    expect(() => checkExposure('0.0.0.0', TOKEN)).not.toThrow();
  });

  it('asks for the token on every path, and takes it as a password or a bearer', async () => {
    const report = await leaveRun(store(), 'a');
    const url = await serve({ store: store(), token: TOKEN });
    const basic = (password: string): string => `Basic ${Buffer.from(`anybody:${password}`).toString('base64')}`;
    for (const path of ['/', '/models', `/artifacts/report/${report.key}/report.html`, '/nowhere']) {
      expect((await raw(url, path)).status).toBe(401);
      expect((await raw(url, path, { authorization: basic(`${TOKEN}x`) })).status).toBe(401);
    }
    expect((await raw(url, '/', { authorization: basic(TOKEN) })).status).toBe(200);
    expect((await raw(url, '/', { authorization: `Bearer ${TOKEN}` })).status).toBe(200);
    expect((await fetch(url)).headers.get('www-authenticate')).toMatch(/^Basic /);
  });

  it('answers without a token only to names of this machine, so that no page elsewhere can read it by its own', async () => {
    const url = await serve({ store: store() });
    expect((await raw(url, '/', { host: 'evil.example:8235' })).status).toBe(403);
    expect((await raw(url, '/', { host: '127.0.0.1.evil.example' })).status).toBe(403);
    for (const host of ['localhost:8235', '127.0.0.1', '[::1]:8235']) {
      expect((await raw(url, '/', { host })).status).toBe(200);
    }
  });
});

describe('what the pages give', () => {
  it('reads, and does nothing else', async () => {
    const url = await serve({ store: store() });
    for (const method of ['POST', 'PUT', 'DELETE']) expect((await raw(url, '/', {}, method)).status).toBe(405);
  });

  it('gives no path but the files that a manifest of a result names', async () => {
    const report = await leaveRun(store(), 'a');
    await writeFile(`${folder()}/secret.html`, 'secret');
    const url = await serve({ store: store() });
    const base = `/artifacts/report/${report.key}`;
    for (const path of [
      `${base}/..%2f..%2f..%2fsecret.html`,
      `${base}/../../../secret.html`,
      `${base}/manifest.json`,
      `${base}/%00`,
      `${base}/%ff`,
      `/artifacts/report/${'0'.repeat(64)}/report.html`,
      `/artifacts/..%2f/${report.key}/report.html`,
      `/artifacts/catalog/${report.key}/catalog.json`,
      '//evil.example/',
      '/models/m9',
    ]) {
      const { status, body } = await raw(url, path);
      expect([path, status]).toEqual([path, 404]);
      expect(body).not.toContain('secret</');
    }
  });

  it('gives pages an origin of their own, downloads as attachments, and lets browsers keep them by digest', async () => {
    const report = await leaveRun(store(), 'a');
    const url = await serve({ store: store() });
    const page = await fetch(`${url}/artifacts/report/${report.key}/report.html`);
    expect(await page.text()).toBe(REPORT);
    expect(page.headers.get('content-security-policy')).toMatch(/^sandbox allow-scripts(?!.*allow-same-origin)/);
    expect(page.headers.get('x-content-type-options')).toBe('nosniff');
    expect(page.headers.get('cache-control')).toBe('private, no-cache');
    const etag = page.headers.get('etag')!;
    const again = await fetch(page.url, { headers: { 'If-None-Match': `"other", W/${etag}` } });
    expect([again.status, await again.text()]).toEqual([304, '']);
    const named = await fetch(`${page.url}?sha256=${etag.slice(1, -1)}`);
    expect(named.headers.get('cache-control')).toContain('immutable');
    const misnamed = await fetch(`${page.url}?sha256=${'0'.repeat(64)}`);
    expect(misnamed.headers.get('cache-control')).not.toContain('immutable');
    const table = await fetch(`${url}/artifacts/report/${report.key}/sequences.csv`);
    expect(table.headers.get('content-disposition')).toBe("attachment; filename*=UTF-8''sequences.csv");
  });

  it('gives no page that is damaged, and says so', async () => {
    const report = await leaveRun(store(), 'a');
    await writeFile(fileURLToPath(new URL('report.html', report.uri)), REPORT.replace('Report', 'Other!'));
    const url = await serve({ store: openStore(pathToFileURL(`${folder()}/`).href, {}, () => undefined) });
    const { status, body } = await raw(url, `/artifacts/report/${report.key}/report.html`);
    expect(status).toBe(502);
    expect(body).toContain('ARTIFACT_CORRUPT');
  });
});

describe('the list of runs', () => {
  const known = {
    workflowId: 'run-b',
    runId: 'b',
    startedAt: new Date('2100-01-01'),
    state: 'paused',
    stage: 'download',
    score: undefined,
    uiUrl: 'http://ui.example/b',
  };

  it('has those that Temporal knows and those that only the store knows, each once', async () => {
    for (const id of ['a', 'b']) await leaveRun(store(), id);
    const url = await serve({ store: store(), runs: () => Promise.resolve([known]) });
    const body = await (await fetch(url)).text();
    expect(body.match(/<th scope="row"/g)).toHaveLength(2);
    expect(body).toMatch(/run-b[\s\S]*paused[\s\S]*http:\/\/ui\.example\/b[\s\S]*run-a[\s\S]*done/);
  });

  it('is what the store knows while Temporal does not answer, and says so', async () => {
    await leaveRun(store(), 'a');
    const url = await serve({ store: store(), runs: () => Promise.reject(new Error('away')) });
    const body = await (await fetch(url)).text();
    expect(body).toContain('The Temporal server does not answer.');
    expect(body).toContain('run-a');
  });

  it('comes in parts where it is long', async () => {
    const many = Array.from({ length: 10_000 }, (_, n) => ({
      ...known,
      workflowId: `run-${n}`,
      runId: String(n),
      startedAt: new Date(1_700_000_000_000 - n),
    }));
    const url = await serve({ store: store(), runs: () => Promise.resolve(many) });
    const first = await (await fetch(url)).text();
    expect(first.match(/<th scope="row"/g)).toHaveLength(100);
    expect(first).toContain('1 of 100');
    const last = await (await fetch(`${url}/?page=9999`)).text();
    expect(last).toContain('run-9999');
    expect(last).not.toContain('rel="next"');
  });
});

describe('the registry’s pages', () => {
  it('show models, what each came from, and how champions came', async () => {
    for (const id of ['a', 'b']) await leaveRun(store(), id);
    const url = await serve({ store: store() });
    const page = async (path: string): Promise<string> => await (await fetch(url + path)).text();
    expect(await page('/models')).toMatch(/m2[\s\S]*challenger[\s\S]*m1[\s\S]*champion/);
    expect(await page('/models/m1')).toContain('/models/m1/beside/m2');
    expect(await page('/history')).toContain('The first model of the catalog lila.');
    expect(await page('/results')).toContain('submission.zip');
    expect(await page('/seasons')).toContain('npm run serengeti -- seasons');
  });
});
