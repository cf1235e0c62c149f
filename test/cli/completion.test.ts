import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Argument, Command, Option } from 'commander';
import { completionScript } from '../../cli/completion';
import { projectRoot } from '../../lib/io/home';

const run = promisify(execFile);

function fieldProgram(): Command {
  const program = new Command('field').description("a camera's program");
  program
    .command('show')
    .description("what a site's camera saw")
    .addArgument(new Argument('<site>').choices(['hill', 'river']))
    .addOption(new Option('--as <form>', 'how').choices(['page', 'table']))
    .option('--output <file>', 'where')
    .option('--all', 'everything');
  program.command('clock').command('set').description('put it right').option('--hours <count>', 'by how much');
  program.command('secret', { hidden: true });
  return program;
}

/** What bash offers after the words, the last of which is being typed. */
async function offered(script: string, ...words: string[]): Promise<string[]> {
  const program = words[0]!;
  const ask = `${script}
COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _${program}; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const { stdout } = await run('bash', ['-c', ask, 'bash', ...words]);
  return stdout.split('\n').filter((line) => line !== '');
}

describe('completion in bash', () => {
  const script = completionScript(fieldProgram(), 'bash');

  it('offers nothing of its own where anything may follow, so that the shell completes files', async () => {
    expect(await offered(script, 'field', 'show', '--output', '')).toEqual([]);
    expect(await offered(script, 'field', 'clock', 'set', '--hours', '')).toEqual([]);
  });

  it('offers no hidden command', async () => {
    expect(await offered(script, 'field', 'se')).toEqual([]);
  });

  it('offers commands, and those of commands', async () => {
    expect(await offered(script, 'field', '')).toEqual(['show', 'clock', 'help', '--help']);
    expect(await offered(script, 'field', 'clock', 's')).toEqual(['set']);
  });

  it('offers options, after others too', async () => {
    expect(await offered(script, 'field', 'show', 'hill', '--a')).toEqual(['--as', '--all']);
    expect(await offered(script, 'field', 'show', '--output', 'a.html', '--al')).toEqual(['--all']);
  });

  it('offers the values of options and arguments that take only some', async () => {
    expect(await offered(script, 'field', 'show', '--as', '')).toEqual(['page', 'table']);
    expect(await offered(script, 'field', 'show', 'r')).toEqual(['river']);
  });

  it('knows the commands of the built program', async () => {
    const main = join(projectRoot(), 'dist', 'cli', 'main.js');
    const { stdout } = await run(process.execPath, [main, 'completion', 'bash']);
    expect(await offered(stdout, 'serengeti', 'models', 'pro')).toEqual(['promote']);
    expect(await offered(stdout, 'serengeti', 'report', 'run-1', '--page', '')).toEqual(['report', 'exploration']);
    expect(await offered(stdout, 'serengeti', 'completion', '')).toEqual(
      expect.arrayContaining(['bash', 'zsh', 'fish']),
    );
  });

  it('refuses a shell that it does not know, with those that it does', async () => {
    const main = join(projectRoot(), 'dist', 'cli', 'main.js');
    await expect(run(process.execPath, [main, 'completion', 'tcsh'])).rejects.toMatchObject({
      code: 2,
      stderr: expect.stringContaining('Allowed choices are bash, zsh, fish') as string,
    });
  });
});

describe('completion in other shells', () => {
  it("takes bash's by way of zsh's own bashcompinit", () => {
    expect(completionScript(fieldProgram(), 'zsh')).toBe(
      `autoload -U bashcompinit && bashcompinit\n${completionScript(fieldProgram(), 'bash')}`,
    );
  });

  it('quotes descriptions for fish, and says which options take a value', () => {
    const lines = completionScript(fieldProgram(), 'fish').split('\n');
    const show = `complete -c field -n 'test (__field_place) = "field show"'`;
    expect(lines).toContain(
      `complete -c field -n 'test (__field_place) = "field"' -a 'show' -d 'what a site\\'s camera saw'`,
    );
    expect(lines).toContain(`${show} -l as -x -a 'page table' -d 'how'`);
    expect(lines).toContain(`${show} -l output -r -d 'where'`);
    expect(lines).toContain(`${show} -l all -d 'everything'`);
  });
});
