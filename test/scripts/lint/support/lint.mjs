// Lints snippets as if they were files of the project, with the project's own configuration but without types, which a
// file that is not there has none of. Reads [{ path, code }] on standard input, prints the messages of each.
// Jest cannot load ESLint's configuration itself: it is an ECMAScript module.
import { text } from 'node:stream/consumers';
import { ESLint } from 'eslint';
import { configs } from 'typescript-eslint';

const eslint = new ESLint({ overrideConfig: [configs.disableTypeChecked] });
const results = [];
for (const { path, code } of JSON.parse(await text(process.stdin))) {
  const [result] = await eslint.lintText(code, { filePath: path });
  results.push(result.messages.map(({ ruleId, message }) => ({ ruleId, message })));
}
process.stdout.write(JSON.stringify(results));
