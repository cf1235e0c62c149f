import { pathToFileURL } from 'node:url';

/**
 * For tests of commands: catches what they print, and gives them a store of their own in the test's folder.
 *
 * @returns what the test's command printed so far
 */
export function commandOutput(folder: () => string): () => string {
  let printed: string;
  beforeEach(() => {
    process.env.SERENGETI_STORE = pathToFileURL(`${folder()}/store/`).href;
    printed = '';
    jest.spyOn(process.stdout, 'write').mockImplementation((text) => {
      printed += String(text);
      return true;
    });
  });
  afterEach(() => {
    delete process.env.SERENGETI_STORE;
    jest.restoreAllMocks();
  });
  return () => printed;
}
