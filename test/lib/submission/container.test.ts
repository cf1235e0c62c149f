import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { promisify } from 'node:util';
import { setupModule } from '../../scripts/setup/support/modules';
import { CONTAINER_PYTHON, runners } from './support/programs';

const VERSIONS = `
import sys, tensorflow, pandas, PIL
print('%d.%d' % sys.version_info[:2], tensorflow.__version__, pandas.__version__, PIL.__version__)`;

// What ran is in the name of a test: a machine without Python 3.6 must not look as if it had tried TensorFlow 1.14.
if (existsSync(CONTAINER_PYTHON)) {
  test('main.py is tried in the competition’s container too', async () => {
    const { stdout } = await promisify(execFile)(CONTAINER_PYTHON, ['-W', 'ignore', '-c', VERSIONS]);
    expect(stdout.trim()).toBe('3.6 1.14.0 0.25.1 6.1.0');
    expect(runners().map(({ name }) => name)).toContain('main.py on TensorFlow 1.14');
  });
} else {
  test('main.py is NOT tried on Python 3.6 with TensorFlow 1.14: this machine has no Python 3.6', async () => {
    const { findPython36 } = await setupModule('python36');
    expect(findPython36(process.env)).toBeUndefined();
  });
}
