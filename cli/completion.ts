import { Argument, Command } from 'commander';

export const SHELLS = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof SHELLS)[number];

const COMPLETION_HELP = `
For bash, in ~/.bashrc:      eval "$(serengeti completion bash)"
For zsh, in ~/.zshrc:        autoload -U compinit && compinit && eval "$(serengeti completion zsh)"
For fish, once:              serengeti completion fish > ~/.config/fish/completions/serengeti.fish
`;

/** `serengeti completion`: what a shell needs to complete the commands of the program that this one belongs to. */
export function completionCommand(): Command {
  return new Command('completion')
    .description('print what bash, zsh or fish needs to complete commands, options and their values')
    .addArgument(new Argument('<shell>', 'that completes').choices(SHELLS))
    .addHelpText('after', COMPLETION_HELP)
    .action((shell: Shell, _options: object, command: Command) => {
      process.stdout.write(completionScript(command.parent!, shell));
    });
}

export function completionScript(program: Command, shell: Shell): string {
  const places = placesOf(program, program.name());
  if (shell === 'fish') return fishScript(program.name(), places);
  const script = bashScript(program.name(), places);
  return shell === 'zsh' ? `autoload -U bashcompinit && bashcompinit\n${script}` : script;
}

/** A command by the words that lead to it, with what may follow. */
interface Place {
  readonly path: string;
  /** Subcommands, and values of arguments that take only some. */
  readonly words: readonly Word[];
  readonly options: readonly Flag[];
}

interface Word {
  readonly name: string;
  readonly description: string;
}

interface Flag extends Word {
  /** Values that the option takes: none where it is a switch, an empty list where it takes anything, such as a file. */
  readonly values: readonly string[] | undefined;
}

function placesOf(command: Command, path: string): Place[] {
  const help = command.createHelp();
  const commands = help.visibleCommands(command);
  const place: Place = {
    path,
    words: [
      ...commands.map((child) => ({ name: child.name(), description: child.description() })),
      ...command.registeredArguments.flatMap(({ argChoices = [], description }) =>
        argChoices.map((name) => ({ name, description })),
      ),
    ],
    options: help
      .visibleOptions(command)
      .flatMap(({ long, description, required, optional, argChoices }) =>
        long == null
          ? []
          : [{ name: long, description, values: required || optional ? (argChoices ?? []) : undefined }],
      ),
  };
  return [place, ...commands.flatMap((child) => placesOf(child, `${path} ${child.name()}`))];
}

function bashScript(program: string, places: readonly Place[]): string {
  const inner = places.slice(1).map(({ path }) => quoted(path));
  const values = places.flatMap(({ path, options }) =>
    options.flatMap(({ name, values }) =>
      values === undefined ? [] : [`    ${quoted(`${path} ${name}`)}) ${replies(values)}; return ;;`],
    ),
  );
  const names = places.map(
    ({ path, words, options }) => `    ${quoted(path)}) ${replies([...words, ...options].map(({ name }) => name))} ;;`,
  );
  return `_${program}() {
  local current="\${COMP_WORDS[COMP_CWORD]}" previous="\${COMP_WORDS[COMP_CWORD-1]}" place=${program} i
  for ((i = 1; i < COMP_CWORD; i++)); do
    case "$place \${COMP_WORDS[i]}" in
    ${inner.join('|')}) place="$place \${COMP_WORDS[i]}" ;;
    esac
  done
  case "$place $previous" in
${values.join('\n')}
  esac
  case "$place" in
${names.join('\n')}
  esac
}
complete -o default -F _${program} ${program}
`;
}

/** Where there is nothing to choose from, the shell goes on with the names of files. */
function replies(words: readonly string[]): string {
  return words.length === 0 ? 'COMPREPLY=()' : `COMPREPLY=($(compgen -W ${quoted(words.join(' '))} -- "$current"))`;
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

function fishScript(program: string, places: readonly Place[]): string {
  const lines = places.flatMap(({ path, words, options }) => {
    const here = `complete -c ${program} -n ${fishQuoted(`test (__${program}_place) = "${path}"`)}`;
    return [
      ...words.map(({ name, description }) => `${here} -a ${fishQuoted(name)} -d ${fishQuoted(description)}`),
      ...options.map(({ name, description, values }) => {
        const value =
          values === undefined ? '' : values.length === 0 ? ' -r' : ` -x -a ${fishQuoted(values.join(' '))}`;
        return `${here} -l ${name.slice('--'.length)}${value} -d ${fishQuoted(description)}`;
      }),
    ];
  });
  return `function __${program}_place
  set -l place ${program}
  for word in (commandline -opc)
    switch "$place $word"
      case ${places
        .slice(1)
        .map(({ path }) => fishQuoted(path))
        .join(' ')}
        set place "$place $word"
    end
  end
  echo $place
end
${lines.join('\n')}
`;
}

function fishQuoted(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}
