import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { request, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { openFolderReview } from '../../lib/review';
import { createReviewServer } from '../../server';
import { writePhotograph, writePredicted } from '../lib/review/support';
import { temporaryFolder } from '../support/folders';

const folder = temporaryFolder();
const CLASSES = ['empty', 'zebra'];
const SEQUENCES = [
  { files: ['a.jpg', 'b.jpg'], probabilities: [0.1, 0.9] },
  { files: ['../secret.jpg'], probabilities: [0.4, 0.6] },
];

const ends: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0)) await end();
});

/** A server of the review of two sequences; the secret is what its own page knows. */
async function serve(token?: string) {
  const predictions = await writePredicted(folder(), CLASSES, SEQUENCES);
  await writePhotograph(join(folder(), 'card', 'a.jpg'));
  await writePhotograph(join(folder(), 'secret.jpg'));
  await writeFile(join(folder(), 'card', 'b.jpg'), 'no picture');
  const { review, readPhotograph } = await openFolderReview(predictions);
  const server = createReviewServer({ review, readPhotograph, title: 'card', source: predictions, token });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  ends.push(async () => {
    server.closeAllConnections();
    server.close();
    await review.close();
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const headers: Record<string, string> = token === undefined ? {} : { Authorization: `Bearer ${token}` };
  const [, secret] = /"secret":"(\w+)"/.exec((await ask(url, '/', { headers })).text)!;
  return { url, secret: secret!, predictions };
}

interface Asked {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** Unlike fetch, this sends whatever headers and paths it is told to. */
async function ask(url: string, path: string, { method = 'GET', headers = {}, body }: Asked = {}) {
  const asked = request(url, { path, method, headers });
  asked.end(body);
  const [response] = (await once(asked, 'response')) as [
    AsyncIterable<Buffer> & { statusCode: number; headers: IncomingHttpHeaders },
  ];
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk);
  return { status: response.statusCode, headers: response.headers, text: Buffer.concat(chunks).toString() };
}

async function firstSlice(url: string): Promise<string> {
  const { text } = await ask(url, '/views?order=doubt&show=all&by=Ana');
  return `/views/${(JSON.parse(text) as { view: string }).view}?from=0&count=1&by=Ana`;
}

const MARK = JSON.stringify({ sequence: 'a.jpg', by: 'Ana', labels: ['zebra'] });

describe('the server of a review refuses', () => {
  test('marks that come from another place than its own page', async () => {
    const { url, secret, predictions } = await serve();
    const own = { Origin: url, 'X-Review-Secret': secret };
    const foreign: Readonly<Record<string, string>>[] = [
      { 'X-Review-Secret': secret },
      { ...own, Origin: 'https://elsewhere.example' },
      { ...own, Origin: 'null' },
      { ...own, 'Sec-Fetch-Site': 'cross-site' },
      { ...own, 'X-Review-Secret': `${secret}0` },
      { Origin: url },
    ];
    for (const headers of foreign) {
      expect([headers, (await ask(url, '/marks', { method: 'POST', headers, body: MARK })).status]).toEqual([
        headers,
        403,
      ]);
    }
    const rebound = { ...own, Host: 'elsewhere.example', Origin: 'http://elsewhere.example' };
    expect((await ask(url, '/marks', { method: 'POST', headers: rebound, body: MARK })).status).toBe(403);
    expect(await readFile(join(predictions, 'reviews.jsonl'), 'utf8')).toBe('');
  });

  test('what is no mark, and marks of sequences that are not there', async () => {
    const { url, secret } = await serve();
    const headers = { Origin: url, 'X-Review-Secret': secret };
    const post = async (body: string) => {
      const { status, text } = await ask(url, '/marks', { method: 'POST', headers, body });
      return [status, (JSON.parse(text) as { message: string }).message];
    };
    expect(await post('{')).toEqual([400, expect.stringContaining('The mark has')]);
    expect(await post(MARK.replace('"Ana"', '" "'))).toEqual([400, expect.stringContaining('by: ')]);
    expect(await post(MARK.replace('zebra', 'ze\\nbra'))).toEqual([
      400,
      expect.stringContaining('labels.0: must be one line'),
    ]);
    expect(await post('x'.repeat(100_000))).toEqual([413, 'This is no mark.']);
    expect(await post(MARK.replace('a.jpg', 'b.jpg'))).toEqual([409, 'There is no sequence b.jpg any more.']);
  });

  test('photographs that lie elsewhere, are no pictures, or are named by paths', async () => {
    const { url } = await serve();
    const [{ of }] = JSON.parse((await ask(url, await firstSlice(url))).text) as [{ of: string }];
    const paths = ['/photographs/1/0', '/photographs/0/1', '/photographs/0/9', '/photographs/9/0', '/photographs/0'];
    for (const path of [...paths, '/photographs/../../secret.jpg', '/photographs/%2e%2e/secret.jpg', '/a.jpg']) {
      expect([path, (await ask(url, `${path}?of=${of}`)).status]).toEqual([path, 404]);
    }
    // A position that another server gave.
    expect((await ask(url, '/photographs/0/0?of=0123456789ab')).status).toBe(404);
    const { status, headers } = await ask(url, `/photographs/0/0?size=small&of=${of}`);
    expect([status, headers['content-type'], headers['cross-origin-resource-policy']]).toEqual([
      200,
      'image/jpeg',
      'same-origin',
    ]);
  });

  test('slices that are too long, views that are not there, and other methods', async () => {
    const { url } = await serve();
    const { text } = await ask(url, '/views?order=doubt&show=all&by=Ana');
    expect(JSON.parse(text)).toEqual({ view: '1', total: 2 });
    expect((await ask(url, '/views?order=age&show=all&by=Ana')).status).toBe(400);
    expect((await ask(url, '/views/1?from=0&count=100000&by=Ana')).status).toBe(400);
    expect((await ask(url, '/views/2?from=0&count=10&by=Ana')).status).toBe(404);
    expect((await ask(url, '/marks', { method: 'PUT' })).status).toBe(405);
    expect((await ask(url, '/', { method: 'POST' })).status).toBe(404);
  });

  test('everything without the token, where there is one', async () => {
    const { url, secret } = await serve('a-token-of-24-characters');
    const headers = { Origin: url, 'X-Review-Secret': secret };
    expect((await ask(url, '/views?order=doubt&show=all&by=Ana')).status).toBe(401);
    expect((await ask(url, '/marks', { method: 'POST', headers, body: MARK })).status).toBe(401);
  });
});

test('a mark is in the journal when it is answered, and in what is exported', async () => {
  const { url, secret, predictions } = await serve();
  const headers = { Origin: url, 'X-Review-Secret': secret };
  const answer = await ask(url, '/marks', { method: 'POST', headers, body: MARK });
  expect([answer.status, JSON.parse(answer.text)]).toMatchObject([200, { reviewed: 1, right: 1 }]);
  expect(JSON.parse(await readFile(join(predictions, 'reviews.jsonl'), 'utf8'))).toMatchObject(
    JSON.parse(MARK) as object,
  );
  const { headers: sent, text } = await ask(url, '/labels.csv');
  expect(sent['content-disposition']).toContain('attachment');
  expect(text).toBe(
    'filepath,label,site,time,sequence,classified_by\na.jpg,zebra,card,,a.jpg,Ana\nb.jpg,zebra,card,,a.jpg,Ana\n',
  );
});
