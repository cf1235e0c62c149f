import { execFileSync } from 'node:child_process';
import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ZipWriter } from '../../../simulator/publishing/zipWriter';

let folder: string;
beforeAll(async () => (folder = await mkdtemp(join(tmpdir(), 'zip-'))));
afterAll(async () => rm(folder, { recursive: true }));

const NOON = Date.UTC(2010, 6, 18, 12, 34, 56);

/** What Python's zipfile makes of an archive, contents included. */
function readZip(path: string): { name: string; method: number; offset: number; time: number[]; text: string }[] {
  const program = `import json, sys, zipfile
z = zipfile.ZipFile(sys.argv[1])
assert z.testzip() is None
print(json.dumps([{'name': i.filename, 'method': i.compress_type, 'offset': i.header_offset, 'time': list(i.date_time),
  'text': z.read(i).decode()} for i in z.infolist()]))`;
  return JSON.parse(execFileSync('python3', ['-c', program, path]).toString()) as ReturnType<typeof readZip>;
}

async function write(name: string, fill: (zip: ZipWriter) => Promise<void>, position = 0): Promise<string> {
  const path = join(folder, name);
  const file = await open(path, 'w+');
  const zip = new ZipWriter(file, [], position);
  await fill(zip);
  await zip.end();
  await file.close();
  return path;
}

test('entries keep their order, bytes and the time that the clock showed, in any time zone', async () => {
  const path = await write('both.zip', async (zip) => {
    await zip.add('S1/a.JPG', Buffer.from('stored'), NOON, 'stored');
    await zip.add('S1/b.JPG', Buffer.from('deflated '.repeat(50)), NOON, 'deflated');
    await zip.add('S1/empty.JPG', Buffer.alloc(0), NOON, 'stored');
  });
  const time = [2010, 7, 18, 12, 34, 56];
  expect(readZip(path)).toEqual([
    { name: 'S1/a.JPG', method: 0, offset: 0, time, text: 'stored' },
    { name: 'S1/b.JPG', method: 8, offset: 44, time, text: 'deflated '.repeat(50) },
    { name: 'S1/empty.JPG', method: 0, offset: expect.any(Number) as number, time, text: '' },
  ]);
  expect(execFileSync('unzip', ['-tq', path]).toString()).toContain('No errors');
});

test('text of unknown length is deflated as it comes', async () => {
  const chunks = Array.from({ length: 400 }, (_, index) => `line ${index} – ${'x'.repeat(index)}\n`);
  const path = await write('text.zip', async (zip) => zip.addText('season.json', chunks, NOON));
  const [entry] = readZip(path);
  expect(entry).toMatchObject({ name: 'season.json', method: 8, text: chunks.join('') });
});

test('a failing source fails the entry', async () => {
  const broken = function* (): Generator<string> {
    yield 'first';
    throw new Error('the source broke');
  };
  await expect(write('broken.zip', async (zip) => zip.addText('a.json', broken(), NOON))).rejects.toThrow(
    'the source broke',
  );
});

test('beyond two gigabytes the offsets are in the zip64 fields', async () => {
  const begin = 5 * 2 ** 30;
  const path = await write('far.zip', async (zip) => zip.add('far.JPG', Buffer.from('far'), NOON, 'stored'), begin);
  expect(readZip(path)).toMatchObject([{ name: 'far.JPG', offset: begin, text: 'far' }]);
});

test('an archive without entries is one too', async () => {
  expect(readZip(await write('none.zip', async () => undefined))).toEqual([]);
});
