import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { examine } from '../../cli/doctor/doctor';
import { freePort } from '../../workers/ports';
import { temporaryFolder } from '../support/folders';
import { commandOutput } from './support/command';

const folder = temporaryFolder();
const printed = commandOutput(folder);

beforeEach(async () => {
  process.env.TEMPORAL_ADDRESS = `127.0.0.1:${await freePort(0)}`;
});

afterEach(() => {
  delete process.env.TEMPORAL_ADDRESS;
  process.exitCode = undefined;
});

describe('serengeti doctor', () => {
  it('says what is well, what is not, and what to do, and fails where a run would', async () => {
    await examine();
    expect(printed()).toMatch(/^ok {4}Node +\d+\./m);
    expect(printed()).toMatch(/^ok {4}TensorFlow +2\.\d+/m);
    expect(printed()).toMatch(/^ok {4}weights +efficientnet-lite0: there, digest right$/m);
    expect(printed()).toMatch(/^ok {4}store +file:/m);
    expect(printed()).toMatch(/^ok {4}registry +0 models$/m);
    expect(printed()).toMatch(/^FAIL {2}server +No Temporal server answers at 127\.0\.0\.1:\d+\n +→ Bring one up/m);
    expect(process.exitCode).toBe(1);
  });

  it('finds a store that cannot be written', async () => {
    await writeFile(join(folder(), 'file'), 'not a folder');
    process.env.SERENGETI_STORE = pathToFileURL(`${folder()}/file/`).href;
    await examine();
    expect(printed()).toMatch(/^FAIL {2}store +file:.*ENOTDIR/m);
  });
});
