import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../../../lib/io/home';
import { runtimeInfo, tensorflow } from '../../../lib/model/runtime';
import { mergedVersions, noteVersion, productVersions } from '../../../lib/store/versions';

const manifest = JSON.parse(readFileSync(join(projectRoot(), 'package.json'), 'utf8')) as {
  version: string;
  dependencies: Record<string, string>;
};

describe('the versions behind a result', () => {
  it('are those of this program, of Node, and of what decodes and counts', () => {
    expect(productVersions()).toMatchObject({
      serengeti: manifest.version,
      node: process.versions.node,
      platform: `${process.platform}-${process.arch}`,
      sharp: manifest.dependencies['sharp'],
      DuckDB: manifest.dependencies['@duckdb/node-api'],
    });
  });

  it('name TensorFlow, with where it runs, from when it is loaded', () => {
    expect(productVersions()).not.toHaveProperty('TensorFlow');
    tensorflow();
    const { version, device } = runtimeInfo();
    expect(productVersions()['TensorFlow']).toBe(`${version} (${device})`);
  });

  it('take what is noted later', () => {
    noteVersion('CUDA', '12.5');
    expect(productVersions()['CUDA']).toBe('12.5');
  });
});

test('of several artifacts all versions are told, each once', () => {
  expect(
    mergedVersions([
      { serengeti: '0.1.0', node: '20.20.2' },
      { serengeti: '0.2.0', node: '20.20.2', TensorFlow: '2.21.0 (cpu)' },
    ]),
  ).toEqual({ serengeti: '0.1.0, 0.2.0', node: '20.20.2', TensorFlow: '2.21.0 (cpu)' });
});
