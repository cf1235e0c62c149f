import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { jsonSchemas } from '../../../lib/contracts/jsonSchemas';
import { projectRoot } from '../../../lib/io/home';

it.each(Object.keys(jsonSchemas()))('docs/schemas/%s.schema.json is what the program checks', async (name) => {
  const text = await readFile(join(projectRoot(), 'docs', 'schemas', `${name}.schema.json`), 'utf8');
  expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(jsonSchemas()[name])));
});
