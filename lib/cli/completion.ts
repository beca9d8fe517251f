import { Argument, Command } from 'commander';

/** `aurora-watch completion SHELL`: what the shell must load; made from the command line itself. */
export function completionCommand(program: Command): Command {
  return new Command('completion')
    .description('shell completion')
    .addArgument(new Argument('<SHELL>', 'which shell').choices(['bash', 'zsh', 'fish']))
    .addHelpText('after', '\nExample:\n  source <(aurora-watch completion bash)\n')
    .action((shell: string) => {
      process.stdout.write(shell === 'fish' ? fish(program) : shell === 'zsh' ? zsh(program) : bash(program));
    });
}

function words(command: Command): string[] {
  const options = command.options.map((option) => option.long ?? option.short ?? '');
  const values = command.options.flatMap((option) => option.argChoices ?? []);
  return [...new Set([...options, '--help', ...values])].filter((word) => word !== '');
}

function bash(program: Command): string {
  const cases = program.commands.map((command) => `    ${command.name()}) words="${words(command).join(' ')}" ;;`);
  return [
    '_aurora_watch() {',
    `  local words="${program.commands.map((command) => command.name()).join(' ')} --help --version"`,
    '  case "$' + '{COMP_WORDS[1]}" in',
    ...cases,
    '  esac',
    `  [ "$COMP_CWORD" -eq 1 ] && words="${program.commands.map((command) => command.name()).join(' ')} --help --version"`,
    '  COMPREPLY=($(compgen -W "$words" -- "$' + '{COMP_WORDS[COMP_CWORD]}"))',
    '}',
    'complete -o default -F _aurora_watch aurora-watch',
    '',
  ].join('\n');
}

function zsh(program: Command): string {
  return `autoload -U +X bashcompinit && bashcompinit\n${bash(program)}`;
}

function fish(program: Command): string {
  const lines = program.commands.flatMap((command) => [
    `complete -c aurora-watch -n __fish_use_subcommand -a ${command.name()} -d ${quote(command.description())}`,
    ...command.options.flatMap((option) =>
      option.long
        ? [
            `complete -c aurora-watch -n '__fish_seen_subcommand_from ${command.name()}' -l ${option.long.slice(2)} -d ${quote(option.description)}`,
          ]
        : [],
    ),
  ]);
  return `${lines.join('\n')}\n`;
}

function quote(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}
