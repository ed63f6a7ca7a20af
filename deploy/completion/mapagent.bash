# Completion of mapagent for bash. Made from the command line's own model by a test; UPDATE_GOLDEN=1 rewrites it.
_mapagent() {
  local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]} command= words= i
  # bash parts words at the equals sign, and makes it a word of its own.
  if [[ $current == = ]]; then current=; elif [[ $previous == = ]]; then previous=${COMP_WORDS[COMP_CWORD-2]}; fi
  COMPREPLY=()
  for ((i = 1; i < COMP_CWORD; i++)); do
    case ${COMP_WORDS[i]} in run|once|check|doctor|inspect|shm|top|healthcheck) command=${COMP_WORDS[i]}; break ;; esac
  done
  case $command:$previous in
    *:--config.file) COMPREPLY=($(compgen -f -- "$current")); return ;;
    *:--web.listen-address) COMPREPLY=($(compgen -W '127.0.0.1:19256' -- "$current")); return ;;
    *:--web.telemetry-path) COMPREPLY=($(compgen -W '/metrics' -- "$current")); return ;;
    *:--web.config.file) COMPREPLY=($(compgen -f -- "$current")); return ;;
    *:--web.max-requests) COMPREPLY=($(compgen -W '40' -- "$current")); return ;;
    *:--web.disable-details) COMPREPLY=($(compgen -W 'True False' -- "$current")); return ;;
    *:--path.procfs) COMPREPLY=($(compgen -d -- "$current")); return ;;
    *:--path.cgroupfs) COMPREPLY=($(compgen -d -- "$current")); return ;;
    *:--log.level) COMPREPLY=($(compgen -W 'debug info warning error' -- "$current")); return ;;
    *:--log.format) COMPREPLY=($(compgen -W 'text json' -- "$current")); return ;;
    once:--format) COMPREPLY=($(compgen -W 'prometheus json table' -- "$current")); return ;;
    inspect:--format) COMPREPLY=($(compgen -W 'table json' -- "$current")); return ;;
    shm:--format) COMPREPLY=($(compgen -W 'table json' -- "$current")); return ;;
    top:--interval) COMPREPLY=($(compgen -W '2s' -- "$current")); return ;;
  esac
  if [[ $current == -* ]]; then
    words='--help --version --config.file= --web.listen-address= --web.systemd-socket --web.telemetry-path= --web.config.file= --web.max-requests= --web.exempt-probes --web.disable-details= --path.procfs= --path.cgroupfs= --log.level= --log.format='
    case $command in
      once) words+=' --format=' ;;
      inspect) words+=' --format=' ;;
      shm) words+=' --format=' ;;
      top) words+=' --interval= --all' ;;
    esac
  elif [[ -z $command ]]; then
    words='run once check doctor inspect shm top healthcheck'
  elif [[ $command == inspect ]]; then
    words=$(cd /proc && printf '%s ' [0-9]*)
  fi
  COMPREPLY=($(compgen -W "$words" -- "$current"))
  # A flag that wants a value ends in an equals sign, and no blank comes after it.
  if [[ ${#COMPREPLY[@]} -eq 1 && ${COMPREPLY[0]} == *= ]]; then compopt -o nospace 2>/dev/null; fi
}
complete -F _mapagent mapagent
