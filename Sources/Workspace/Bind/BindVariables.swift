import Basics
import Passes
import SkillModel

/// The environment that a bind script runs in: never skvm's own as it stands (`docs/formats/variant.md`, "How skvm runs it").
///
/// What a repair installs runs code of strangers, so it gets no variable that a skill asks for. A check gets that such a
/// variable is set, and not what it is.
enum BindVariables {
    private static let kept: Set<String> = [
        "HOME", "USER", "LOGNAME", "LANG", "LANGUAGE", "TZ", "TMPDIR", "TERM", "XDG_DATA_HOME", "XDG_CACHE_HOME",
        "XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_RUNTIME_DIR", "http_proxy", "https_proxy", "no_proxy", "all_proxy",
        "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "ALL_PROXY", "SSL_CERT_FILE", "SSL_CERT_DIR", "CARGO_HOME",
        "RUSTUP_HOME", "GOPATH", "GOROOT", "GOPROXY", "GONOPROXY", "GOPRIVATE", "GOSUMDB", "GOFLAGS", "GEM_HOME",
        "GEM_PATH",
    ]
    /// Settings of package managers.
    private static let keptPrefixes = ["LC_", "PIP_", "npm_config_", "NPM_CONFIG_", "HOMEBREW_", "CARGO_NET_"]
    private static let secretWords = ["TOKEN", "SECRET", "PASSW", "AUTH", "CREDENTIAL"]

    /// What every script gets. The path without what is relative: the folder that it runs in is nobody's.
    static func base(_ all: [String: String]) -> [String: String] {
        var result = all.filter { name, _ in
            let upper = name.uppercased()
            return kept.contains(name)
                || keptPrefixes.contains { name.hasPrefix($0) } && !secretWords.contains { upper.contains($0) }
        }
        let folders = (all["PATH"] ?? "").split(separator: ":").filter { $0.hasPrefix("/") }
        result["PATH"] = folders.isEmpty ? "/usr/local/bin:/usr/bin:/bin" : folders.joined(separator: ":")
        return result
    }

    /// What a check gets: `base`, for each variable that the skill asks for whether it is set, and of one that says where a
    /// server is, nothing but that.
    static func check(_ skill: BoundSkill, _ all: [String: String]) -> [String: String] {
        var result: [String: String] = [:]
        for step in skill.steps where step.kind == .env && step.action == .check {
            guard let value = all[step.name] else { continue }
            // Blanks alone are no value. A word of ours in the place of a loader's or interpreter's setting would break it.
            let isSet = value.contains { !$0.isWhitespace }
            result[step.name] = isSettingOfPrograms(step.name) ? value : isSet ? "set" : " "
        }
        for dependency in skill.dependencies {
            for name in Bind.variables(of: dependency) { result[name] = all[name].map(place) }
        }
        return result.merging(base(all)) { $1 }
    }

    private static func isSettingOfPrograms(_ name: String) -> Bool {
        ["LD_", "DYLD_", "PYTHON", "NODE_", "RUBY", "PERL", "BASH_", "GIT_", "GEM_", "GCONV", "MALLOC_"]
            .contains { name.hasPrefix($0) } || ["ENV", "IFS", "PS4", "SHELLOPTS", "BASHOPTS", "CDPATH"].contains(name)
    }

    /// `redis://:password@localhost:6390/0` → `localhost:6390`: host and port, as the script itself would cut them.
    static func place(_ value: String) -> String {
        var rest = Substring(value)
        if let scheme = rest.firstRange(of: "://") { rest = rest[scheme.upperBound...] }
        if let user = rest.lastIndex(of: "@") { rest = rest[rest.index(after: user)...] }
        let isSocket = rest.hasPrefix("/")
        let host = rest.prefix { !"?/,\n".contains($0) }
        return host.isEmpty ? (isSocket || !value.isEmpty ? "localhost" : "") : String(host)
    }
}
