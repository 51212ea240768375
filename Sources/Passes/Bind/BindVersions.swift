/// The parts of a bind script that ask for versions without running what they ask about, and that bring a package manager.
enum BindVersions {
    /// `satisfies VERSION CONSTRAINT`: by numbers, as `VersionConstraint` decides it.
    static let compare = #"""
        satisfies() {
          awk 'function numbers(text, list,   count, parts, i) {
            sub(/^v/, "", text)
            count = split(text, parts, ".")
            for (i = 1; i <= count; i++) {
              if (parts[i] !~ /^[0-9]/) return i - 1
              list[i] = parts[i] + 0
            }
            return count
          }
          function same(n,   i) {
            for (i = 1; i <= n; i++) if (have[i] + 0 != want[i] + 0) return 0
            return 1
          }
          BEGIN {
            m = numbers(ARGV[1], have)
            text = ARGV[2]
            while (match(text, /[<>=~^!]*[ ]*v?[0-9][0-9A-Za-z.*+-]*/)) {
              part = substr(text, RSTART, RLENGTH)
              text = substr(text, RSTART + RLENGTH)
              match(part, /^[<>=~^!]*/)
              mark = substr(part, 1, RLENGTH)
              part = substr(part, RLENGTH + 1)
              sub(/^ */, "", part)
              split("", want)
              n = numbers(part, want)
              order = 0
              for (i = 1; i <= (m > n ? m : n) && !order; i++) order = (have[i] + 0 > want[i] + 0) - (have[i] + 0 < want[i] + 0)
              if (mark == ">=") good = order >= 0
              else if (mark == ">") good = order > 0
              else if (mark == "<=") good = order <= 0
              else if (mark == "<") good = order < 0
              else if (mark == "!=") good = order != 0
              else if (mark == "~" || mark == "~=") good = order >= 0 && same(n > 1 ? n - 1 : 1)
              else if (mark == "^") good = order >= 0 && same(want[1] > 0 ? 1 : 2)
              else good = same(n)
              if (!good) exit 1
            }
            exit 0
          }' "$1" "$2"
        }
        """#

    static let ofPackage = #"""
        package_version() { sed -n 's/^[{[:space:]]*"version"[[:space:]]*:[[:space:]]*"v\{0,1\}\([0-9][^"]*\)".*/\1/p' "$1" | sed 1q; }
        """#

    /// `version_of PROGRAM`: by what lies beside it or owns it, in this order: the environment that it belongs to, the
    /// package.json around it, its path, the headers of Node.js, the system's package. Nothing where none of them says it.
    static let ofProgram = #"""
        version_of() {
          found=$(command -v "$1") || return 0
          real=$(readlink -f "$found" 2>/dev/null) || real=$found
          folder=${found%/*}
          case ${1##*/} in
            python*)
              if [ -r "$folder/../pyvenv.cfg" ]; then
                sed -n 's/^version[_info]* *= *\([0-9][0-9.]*\).*/\1/p' "$folder/../pyvenv.cfg" | sed 1q
                return 0
              fi
              ;;
            node | nodejs)
              if [ -r "${real%/bin/*}/include/node/node_version.h" ]; then
                sed -n 's/^#define NODE_M[AI][JN]OR_VERSION *\([0-9]*\).*/\1/p' \
                  "${real%/bin/*}/include/node/node_version.h" | sed 2q | paste -s -d . -
                return 0
              fi
              ;;
          esac
          case $real in
            */node_modules/*)
              package=${real##*/node_modules/}
              name=${package%%/*}
              case $name in @*) name=$name/$(printf '%s\n' "${package#*/}" | sed 's#/.*##') ;; esac
              package_version "${real%/node_modules/*}/node_modules/$name/package.json" 2>/dev/null
              return 0
              ;;
          esac
          named=$(printf '%s\n' "$real" | sed -n 's#^.*/[A-Za-z-]*v\{0,1\}\([0-9][0-9]*\.[0-9][0-9.]*\)[^/]*/.*#\1#p')
          if [ -z "$named" ] && command -v dpkg-query >/dev/null 2>&1; then
            owner=$(dpkg-query -S "$real" 2>/dev/null || dpkg-query -S "/usr$real" 2>/dev/null || dpkg-query -S "${real#/usr}" 2>/dev/null)
            owner=$(printf '%s\n' "$owner" | sed -n '/^diversion/d;s/: .*//p' | sed 1q)
            # shellcheck disable=SC2016 # dpkg expands it
            [ -z "$owner" ] || named=$(dpkg-query -W -f='${Version}\n' "${owner%%,*}" 2>/dev/null | sed '1!d;s/^[0-9]*://;s/-.*//')
          fi
          printf '%s\n' "$named"
        }
        """#

    /// `need_manager PROGRAM`: a package manager that is missing comes from the system's one.
    static func needManager(_ rows: [(program: String, manager: String, package: String)]) -> String {
        let cases = rows.map { "    \($0.program)) get_\($0.manager) '\($0.package)' '' '' ;;" }
        let other = #"""
                *)
                  note "$1 is missing, and this machine's package manager is not known to have it"
                  return 1
                  ;;
            """#
        return
            (["need_manager() {", "  if command -v \"$1\" >/dev/null 2>&1; then return 0; fi", "  case $1 in"] + cases
            + [other, "  esac", "}"]).joined(separator: "\n")
    }
}
