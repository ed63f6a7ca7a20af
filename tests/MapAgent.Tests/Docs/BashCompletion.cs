using System.CommandLine;
using System.Linq;
using System.Text;

namespace MapAgent.Tests.Docs;

/// <summary>The completion for bash, made from the command line's model. Needs nothing but bash.</summary>
internal static class BashCompletion
{
    /// <summary>The script.</summary>
    public static string Render()
    {
        StringBuilder text = new();
        text.Append("""
            # Completion of mapagent for bash. Made from the command line's own model by a test; UPDATE_GOLDEN=1 rewrites it.
            _mapagent() {
              local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]} command= words= i
              # bash parts words at the equals sign, and makes it a word of its own.
              if [[ $current == = ]]; then current=; elif [[ $previous == = ]]; then previous=${COMP_WORDS[COMP_CWORD-2]}; fi
              COMPREPLY=()
              for ((i = 1; i < COMP_CWORD; i++)); do

            """);
        text.Append($"    case ${{COMP_WORDS[i]}} in {string.Join('|', CommandModel.Commands.Select(static command => command.Name))}) command=${{COMP_WORDS[i]}}; break ;; esac\n");
        text.Append("  done\n  case $command:$previous in\n");
        foreach (Option flag in CommandModel.Settings)
        {
            Case(text, "*", flag);
        }

        foreach (Command command in CommandModel.Commands)
        {
            foreach (Option option in CommandModel.Own(command).Where(CommandModel.TakesValue))
            {
                Case(text, command.Name, option);
            }
        }

        text.Append("  esac\n  if [[ $current == -* ]]; then\n");
        text.Append($"    words='{string.Join(' ', CommandModel.Flags.Select(Word))}'\n    case $command in\n");
        foreach (Command command in CommandModel.Commands.Where(static command => CommandModel.Own(command).Any()))
        {
            text.Append($"      {command.Name}) words+=' {string.Join(' ', CommandModel.Own(command).Select(Word))}' ;;\n");
        }

        text.Append("    esac\n  elif [[ -z $command ]]; then\n");
        text.Append($"    words='{string.Join(' ', CommandModel.Commands.Select(static command => command.Name))}'\n");
        foreach (Command command in CommandModel.Commands.Where(static command => command.Arguments.Any(static argument => argument.Name == "PID")))
        {
            text.Append($"  elif [[ $command == {command.Name} ]]; then\n    words=$(cd /proc && printf '%s ' [0-9]*)\n");
        }

        text.Append("""
              fi
              COMPREPLY=($(compgen -W "$words" -- "$current"))
              # A flag that wants a value ends in an equals sign, and no blank comes after it.
              if [[ ${#COMPREPLY[@]} -eq 1 && ${COMPREPLY[0]} == *= ]]; then compopt -o nospace 2>/dev/null; fi
            }
            complete -F _mapagent mapagent

            """);
        return text.ToString();
    }

    private static string Word(Option option) => CommandModel.Name(option) + (CommandModel.TakesValue(option) ? "=" : "");

    private static void Case(StringBuilder text, string command, Option option)
    {
        string reply = CommandModel.Values(option) is { Count: > 0 } values ? $"-W '{string.Join(' ', values)}'"
            : CommandModel.IsFile(option) ? "-f"
            : CommandModel.IsFolder(option) ? "-d"
            : $"-W '{CommandModel.Default(option).Replace(',', ' ')}'";
        text.Append($"    {command}:{CommandModel.Name(option)}) COMPREPLY=($(compgen {reply} -- \"$current\")); return ;;\n");
    }
}
