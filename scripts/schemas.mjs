/**
 * Writes docs/schemas: the JSON Schemas of what people write, from the schemas that the program checks with. Run it
 * after a change of `lib/contracts`; a test compares.
 *
 *     npm run setup && node scripts/schemas.mjs
 */
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const { jsonSchemas } = createRequire(import.meta.url)('../dist/lib/contracts/jsonSchemas.js');

for (const [name, schema] of Object.entries(jsonSchemas())) {
  writeFileSync(
    new URL(`../docs/schemas/${name}.schema.json`, import.meta.url),
    `${JSON.stringify(schema, null, 2)}\n`,
  );
}
