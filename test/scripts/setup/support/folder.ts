import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A new folder for each test, gone afterwards. Call it where tests are declared. */
export function temporaryFolder(): { readonly path: string } {
  jest.setTimeout(300_000); // these tests start pip and compilers, which a busy machine makes slow
  const folder = { path: '' };
  beforeEach(() => {
    folder.path = mkdtempSync(join(tmpdir(), 'serengeti-setup-'));
  });
  afterEach(() => rmSync(folder.path, { recursive: true, force: true }));
  return folder;
}
