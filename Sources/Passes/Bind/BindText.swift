/// The fixed parts of a bind script. POSIX sh; `shellcheck` and `dash -n` find nothing in any script made of them.
enum BindText {
    static func head(_ kegs: String) -> String {
        #"""
        #!/bin/sh
        # skvm bind, version 1: what this skill needs on this machine.
        #   sh bind.sh --check    says a line for each need and changes nothing; 0 when all required ones are met, else 1
        #   sh bind.sh --repair   installs what is required and missing, then checks it; the same exit codes
        #   sh bind.sh --env      prints the line that puts what was installed here on the path
        # It never calls sudo and never refreshes a package index.
        set -u
        case ${XDG_DATA_HOME:-} in /*) data=$XDG_DATA_HOME ;; *) data=${HOME:-/var/empty}/.local/share ;; esac
        data=$data/skvm/env
        venv=$data/python
        paths=$venv/bin:$data/npm/bin:$data/gem/bin:${CARGO_HOME:-${HOME:-/var/empty}/.cargo}/bin:${GOPATH:-${HOME:-/var/empty}/go}/bin
        \#(kegs)mode=${1:-}
        case $mode in
          --check | --repair) ;;
          --env)
            quoted() { printf '%s\n' "$1" | sed "s/'/'\\\\''/g; 1s/^/'/; \$s/\$/'/"; }
            # shellcheck disable=SC2016 # the reader's shell expands it
            printf 'PATH=%s:"$PATH" NODE_PATH=%s"${NODE_PATH:+:$NODE_PATH}"; export PATH NODE_PATH\n' \
              "$(quoted "$paths")" "$(quoted "$data/npm/lib/node_modules")"
            exit 0
            ;;
          *)
            echo "usage: sh bind.sh --check | --repair | --env" >&2
            exit 2
            ;;
        esac
        PATH=$PATH:$paths
        failed=0
        # Python, RubyGems and others take what they load or install from the working folder, which may be anybody's.
        cd / || exit 1
        """#
    }

    /// Homebrew leaves the programs of some formulae off the path, for the system might have others of that name.
    static let kegs = #"""
        brew=$(command -v brew 2>/dev/null) || brew=
        case $brew in
          /*/bin/brew)
            for keg in \#(PackageNames.kegs.joined(separator: " ")); do
              keg=${brew%/bin/brew}/opt/$keg
              # One that a repair brings is looked into at once.
              if [ "${1:-}" != --env ] || [ -d "$keg" ]; then paths=$paths:$keg; fi
            done
            ;;
        esac

        """#

    /// Whether a distribution is installed whole, in a version that will do. Files that its record names and that are
    /// gone make it broken.
    static let pythonCheck = #"""
        python_check='
        import sys
        sys.path[:] = [p for p in sys.path if p]
        import operator, re
        from importlib import metadata
        found = metadata.distribution(sys.argv[1])
        files = [f for f in (found.files or []) if f.suffix == ".py"]
        if any(not f.locate().exists() for f in files[:200]): sys.exit(1)
        def numbers(text): return [int(n) for n in re.findall("[0-9]+", text.split("+")[0])[:6]]
        order = {">=": operator.ge, "<=": operator.le, "==": operator.eq, "!=": operator.ne, ">": operator.gt, "<": operator.lt, "~=": operator.ge}
        for part in filter(None, re.sub(r"^\[[^]]*\]", "", sys.argv[2]).split(",")):
            match = re.match("^ *(>=|<=|==|!=|~=|>|<) *([0-9][0-9.]*)", part)
            if not match: continue
            have, want = numbers(found.version), numbers(match.group(2))
            if match.group(1) in ("==", "!=") and "*" in part: have = have[:len(want)]
            size = max(len(have), len(want))
            pad = lambda v: v + [0] * (size - len(v))
            if not order[match.group(1)](pad(have), pad(want)): sys.exit(1)
        '
        """#

    /// A program on the path that can start, by its bytes: it is not run, because what a program does when it is run no
    /// check can know. There, executable, and of a form that a system starts: a script whose interpreter is there, of Python
    /// with the modules that its first lines import, an ELF file that is as long as its own head says and whose libraries
    /// the loader finds, or another system's program. A text without `#!` is none.
    static let program = #"""
        bytes() { od -An -v -t u1 -j "$2" -N "$3" "$1" 2>/dev/null | tr -s ' \n' ' '; }

        number() {
          total=0
          factor=1
          for byte in $(bytes "$1" "$2" "$3"); do
            if [ "$factor" -gt 4294967296 ]; then
              [ "$byte" = 0 ] || return 1
            else
              total=$((total + byte * factor))
              factor=$((factor * 256))
            fi
          done
          echo "$total"
        }

        whole() {
          case $(bytes "$1" 4 2) in
            ' 2 1 '* | ' 2 1') place=40 width=8 entry=58 ;;
            ' 1 1 '* | ' 1 1') place=32 width=4 entry=46 ;;
            *)
              [ "$(wc -c <"$1")" -gt 64 ]
              return
              ;;
          esac
          table=$(number "$1" "$place" "$width") && size=$(number "$1" "$entry" 2) || return 1
          count=$(number "$1" "$((entry + 2))" 2) || return 1
          length=$(wc -c <"$1") || return 1
          [ "$length" -gt "$entry" ] && [ "$length" -ge "$((table + size * count))" ]
        }

        linked() {
          command -v ldd >/dev/null 2>&1 || return 0
          case $(ldd "$1" 2>&1) in *'not found'*) return 1 ;; esac
        }

        imports() {
          case $(sed -n '1,60p' "$2") in *sys.path* | *addsitedir*) return 0 ;; esac
          # shellcheck disable=SC2046 # one word a module
          "$1" -B -c 'import sys
        sys.path[:] = [folder for folder in sys.path if folder]
        import importlib.util, os
        sys.path.insert(0, os.path.dirname(os.path.realpath(sys.argv[1])))
        sys.exit(77 if any(importlib.util.find_spec(name) is None for name in sys.argv[2:]) else 0)' "$2" $(
            sed -n '1,60{/^"""/q;s/^from  *\([A-Za-z_][A-Za-z0-9_]*\)[. ].*import .*/\1/p;s/^import  *\([A-Za-z_][A-Za-z0-9_]*\) *$/\1/p;}' "$2"
          ) >/dev/null 2>&1 || [ "$?" -ne 77 ]
        }

        runs() {
          file=$(command -v "$1" 2>/dev/null) || return 1
          case $file in /*) ;; *) return 0 ;; esac
          [ -x "$file" ] && [ -s "$file" ] || return 1
          case $(bytes "$file" 0 4) in
            ' 127 69 76 70 '* | ' 127 69 76 70') whole "$file" && linked "$file" ;;
            ' 35 33 '*)
              first=$(dd if="$file" bs=256 count=1 2>/dev/null | tr -d '\000' | sed -n '1s/^#![[:space:]]*//p')
              interpreter=${first%%[[:space:]]*}
              [ -x "$interpreter" ] || return 1
              case $first in
                */env[[:space:]]*)
                  called=$(printf '%s\n' "$first" | sed 's/^[^[:space:]]*[[:space:]]*//; s/^-S[[:space:]]*//; s/[[:space:]].*//')
                  case $called in
                    '' | -* | *=*) return 0 ;;
                    *) interpreter=$(command -v "$called" 2>/dev/null) || return 1 ;;
                  esac
                  ;;
              esac
              case ${interpreter##*/} in python3*) imports "$interpreter" "$file" ;; esac
              ;;
            ' 202 254 186 190'* | ' 207 250 237 254'* | ' 206 250 237 254'* | ' 254 237 250 '* | ' 77 90 '*) return 0 ;;
            *) return 1 ;;
          esac
        }
        """#

    /// By kind: `has_KIND NAME VERSION`. None of them writes anything.
    static let checks: [String: String] = [
        "binary": #"""
        has_binary() {
          for program in $1; do
            runs "$program" || continue
            [ -n "$2" ] || return 0
            version=$(version_of "$program")
            if [ -z "$version" ]; then return 3; fi
            satisfies "$version" "$2" && return 0
            return 1
          done
          return 1
        }
        """#,
        "pip": #"""
        has_pip() {
          for python in "$venv/bin/python" python3; do
            "$python" -B -c "$python_check" "$1" "$2" >/dev/null 2>&1 && return 0
          done
          return 1
        }
        """#,
        "npm": #"""
        has_npm() {
          npm=$(command -v npm 2>/dev/null) || npm=/usr/bin/npm
          for folder in "$data/npm/lib/node_modules" "${npm%/bin/npm}/lib/node_modules" /usr/lib/node_modules \
            /usr/local/lib/node_modules /usr/share/nodejs; do
            [ -s "$folder/$1/package.json" ] || continue
            [ -n "$2" ] || return 0
            version=$(package_version "$folder/$1/package.json")
            [ -n "$version" ] || return 3
            satisfies "$version" "$2" && return 0
          done
          return 1
        }
        """#,
        "cargo": #"""
        has_cargo() {
          record=$(grep -F "\"$1 " "${CARGO_HOME:-${HOME:-/var/empty}/.cargo}/.crates.toml" 2>/dev/null) || return 1
          [ -n "$2" ] || return 0
          record=${record#*\""$1" }
          satisfies "${record%% *}" "$2"
        }
        """#,
        "go": #"""
        has_go() {
          program=${1##*/}
          case $program in
            v[0-9]*)
              program=${1%/*}
              program=${program##*/}
              ;;
          esac
          runs "$program" || return 1
          # What a Go program was built of stands in it as text: another program of that name says something else.
          tab=$(printf '\t')
          built=$(tr -c '[:print:]\t' '\n' <"$(command -v "$program")" | grep -e "^path$tab" -e "^mod$tab")
          printf '%s\n' "$built" | grep -qxF "path$tab$1" || return 1
          # Of what branch or commit it was built, only its own words could tell.
          case $2 in
            '<'* | '>'* | '='* | '~'* | '^'* | '!'* | v[0-9]* | [0-9]*.* | [0-9] | [0-9][0-9]) ;;
            *) return 0 ;;
          esac
          version=$(printf '%s\n' "$built" | sed -n "s/^mod${tab}[^${tab}]*${tab}v\([0-9][^${tab}]*\).*/\1/p")
          [ -n "$version" ] || return 3
          satisfies "$version" "$2"
        }
        """#,
        "gem": #"""
        has_gem() {
          if [ -n "$2" ]; then
            gem list --installed --exact "$1" --version "$2" >/dev/null 2>&1
          else
            gem list --installed --exact "$1" >/dev/null 2>&1
          fi
        }
        """#,
        "apt": #"""
        has_apt() {
          # shellcheck disable=SC2016 # dpkg expands it
          record=$(dpkg-query -W -f='${db:Status-Status} ${Version}' "$1" 2>/dev/null) || return 1
          case $record in 'installed '*) ;; *) return 1 ;; esac
          # Of its files, but for those that a small image leaves out.
          dpkg-query -L "$1" 2>/dev/null | sed -n '/^\/usr\/share\/doc/d;/^\/usr\/share\/man/d;/^\/usr\/share\/info/d;/^\/usr\/share\/locale/d;/^\/usr\/share\/lintian/d;/^\//p' | sed 5000q | (
            while read -r path; do [ -e "$path" ] || [ -h "$path" ] || exit 1; done
          ) || return 1
          [ -n "$2" ] || return 0
          found=${record#installed }
          case ${found#[0-9]:} in "$2" | "$2"[!0-9]*) return 0 ;; esac
          [ "$found" = "$2" ]
        }
        """#,
        "apk": #"""
        has_apk() { apk info -e "$1" >/dev/null 2>&1; }
        """#,
        "brew": #"""
        has_brew() { [ -n "$(HOMEBREW_NO_AUTO_UPDATE=1 brew list --versions "$1" 2>/dev/null)" ]; }
        """#,
        "nothing": #"""
        has_nothing() {
          note "$1 has no known package under this machine's package manager"
          return 1
        }
        """#,
    ]

    /// By manager: `get_MANAGER PACKAGE VERSION AGAIN`; `AGAIN` is not empty when a first try failed or left it broken. 2 where a
    /// second one would fail the same way.
    static let installers: [String: String] = [
        "apt": #"""
        get_apt() {
          if [ "$(id -u)" != 0 ]; then
            note "needs root: apt-get install $1"
            return 2
          fi
          if ! apt-cache show "$1" >/dev/null 2>&1; then
            note "$1 is not in apt's index; if the index is old, apt-get update may help"
            return 2
          fi
          DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends ${3:+--reinstall} -- "$1${2:+=$2*}" >&2
        }
        """#,
        "apk": #"""
        get_apk() {
          if [ "$(id -u)" != 0 ]; then
            note "needs root: apk add $1"
            return 2
          fi
          apk add --quiet -- "$1" >&2
        }
        """#,
        "brew": #"""
        get_brew() {
          if [ -n "$3" ]; then
            HOMEBREW_NO_AUTO_UPDATE=1 HOMEBREW_NO_INSTALL_CLEANUP=1 brew reinstall "$1" >&2
          else
            HOMEBREW_NO_AUTO_UPDATE=1 HOMEBREW_NO_INSTALL_CLEANUP=1 brew install "$1" >&2
          fi
        }
        """#,
        "npm": #"""
        get_npm() {
          need_manager npm || return 1
          npm install --global --prefix "$data/npm" --no-audit --no-fund --no-update-notifier ${3:+--force} \
            -- "$1${2:+@$2}" >&2
        }
        """#,
        "cargo": #"""
        get_cargo() {
          need_manager cargo || return 1
          if [ -n "$2" ]; then
            cargo install --locked ${3:+--force} --version "$2" -- "$1" >&2
          else
            cargo install --locked ${3:+--force} -- "$1" >&2
          fi
        }
        """#,
        "go": #"""
        get_go() {
          need_manager go || return 1
          version=${2#=}
          version=${version#=}
          case $version in
            '' | '<'* | '>'* | '~'* | '^'* | '!'*) version=latest ;;
            [0-9]*.* | [0-9] | [0-9][0-9]) version=v$version ;;
          esac
          go install "$1@$version" >&2
        }
        """#,
        "gem": #"""
        get_gem() {
          need_manager gem || return 1
          if [ -n "$2" ]; then
            gem install --user-install --bindir "$data/gem/bin" --no-document ${3:+--force} --version "$2" "$1" >&2
          else
            gem install --user-install --bindir "$data/gem/bin" --no-document ${3:+--force} "$1" >&2
          fi
        }
        """#,
    ]

    static let pipPlain = #"""
        get_pip() {
          python3 -m pip install --quiet --no-input --disable-pip-version-check ${3:+--force-reinstall} -- "$1$2" >&2 ||
            return 2
        }
        """#

    /// The virtual environment is shared by the skills of a user, sees the system's packages, and is made anew when its
    /// interpreter is broken.
    static func pipVirtual(interpreter: String) -> String {
        #"""
        get_interpreter() { \#(interpreter); }

        make_venv() { mkdir -p "$data" && python3 -m venv --system-site-packages --clear "$venv" >&2; }

        get_pip() {
          if ! "$venv/bin/python" -B -m pip --version >/dev/null 2>&1; then
            make_venv || { get_interpreter && make_venv; } || return 1
          fi
          "$venv/bin/python" -m pip install --quiet --no-input --disable-pip-version-check ${3:+--force-reinstall} \
            -- "$1$2" >&2 || return 2
        }
        """#
    }

    static let note = #"""
        note() { printf 'bind: %s\n' "$*" >&2; }
        """#

    /// `need REQUIRED KIND NAME CHECK CHECKED MANAGER PACKAGE VERSION`
    static let need = #"""
        need() {
          has "$4" "$5" "$8"
          state=$?
          if [ "$state" = 0 ]; then
            echo "ok $2 $3"
            return
          fi
          if [ "$state" = 3 ]; then
            echo "unseen $2 $3 ($1): it is here in a version that can't be read, $8 is asked for"
            return
          fi
          if [ "$mode" = --repair ] && [ "$1" = required ] && [ -n "$6" ]; then
            note "installing $2 $3"
            get "$6" "$7" "$8" '' </dev/null
            got=$?
            if [ "$got" = 0 ] && has "$4" "$5" "$8"; then
              echo "installed $2 $3"
              return
            fi
            if [ "$got" != 2 ] && get "$6" "$7" "$8" again </dev/null && has "$4" "$5" "$8"; then
              echo "repaired $2 $3"
              return
            fi
          fi
          missing "$1" "$2" "$3" "${6:+$6 has it as $7}"
        }
        """#

    static let missing = #"""
        missing() {
          if [ "$1" = required ]; then failed=1; fi
          echo "missing $2 $3 ($1)${4:+: $4}"
        }
        """#

    /// The value of a variable never reaches the script's words: `set` stands for any.
    static let variable = #"""
        need_variable() {
          if [ "$3" = set ]; then echo "ok env $2"; else missing "$1" env "$2" "set it in the agent's environment"; fi
        }
        """#

    /// `need_server REQUIRED NAME VARIABLES PORTS SOCKET…`: whether something listens, by what the system itself tells of it;
    /// nothing is connected to. A server that a variable puts on another machine can't be seen from here; of a variable's
    /// value nothing but the port, or the word "here" or "elsewhere", gets into the script's words.
    static let server = #"""
        listens() {
          if [ -r /proc/net/tcp ]; then
            cat /proc/net/tcp /proc/net/tcp6 2>/dev/null | grep -qi "^ *[0-9]*: [0-9a-f]*:$(printf '%04x' "$1") [0-9a-f]*:0000 0a "
          else
            netstat -an 2>/dev/null | grep -q "[.:]$1 .*LISTEN"
          fi
        }

        place() {
          env | sed -n "s/^$1=//p" | sed -n '1{
        /^$/d
        s#^[A-Za-z][A-Za-z0-9+.-]*://##
        s#^.*@##
        s#[?/,].*##
        s#^localhost#.#
        s#^127\.[0-9.]*#.#
        s#^\[::1\]#.#
        s#^::1$#.#
        s#^0\.0\.0\.0#.#
        s#^default$#.#
        s#^$#.#
        t said
        :said
        s#^\.:\([0-9][0-9]*\)$#\1#p
        t
        s#^\.$#here#p
        t
        s#.*#elsewhere#p
        }'
        }

        need_server() {
          need=$1
          server=$2
          ports=$4
          said=
          for variable in $3; do
            [ -n "$said" ] || said=$(place "$variable")
          done
          shift 4
          case $said in
            elsewhere)
              tell "$need" service "$server" "a variable says that it is on another machine"
              return
              ;;
            [0-9]*)
              ports=$said
              set --
              ;;
          esac
          for socket in "$@"; do
            if [ -S "$socket" ]; then
              echo "ok service $server"
              return
            fi
          done
          for port in $ports; do
            if listens "$port"; then
              echo "ok service $server"
              return
            fi
          done
          missing "$need" service "$server" "it is not running here${ports:+, nothing listens on port $ports}; start it before the skill is used"
        }
        """#

    static let tell = #"""
        tell() { echo "unseen $2 $3 ($1): $4"; }
        """#

    static let end = "exit \"$failed\""
}
