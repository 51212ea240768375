/// Install commands of the systems' package managers that are no kind of their own: what they bring are programs.
enum SystemInstall {
    private static let forms: [String: Set<String>] = [
        "apk": ["add"], "dnf": ["install"], "yum": ["install"], "zypper": ["install", "in"],
        "pacman": ["-S", "-Sy", "-Syu"],
        "choco": ["install"], "scoop": ["install"], "winget": ["install"], "port": ["install"], "snap": ["install"],
        "microdnf": ["install"], "pkg": ["install"],
    ]

    /// The words of `apk add --no-cache jq ffmpeg` that are no options; nil for another command.
    static func packages(_ words: ArraySlice<String>) -> [String]? {
        guard let manager = words.first, let verbs = forms[manager] else { return nil }
        let rest = words.dropFirst()
        guard let verb = rest.firstIndex(where: { verbs.contains($0) }),
            rest[..<verb].allSatisfy({ $0.hasPrefix("-") })
        else { return nil }
        return rest[(verb + 1)...].filter { !$0.hasPrefix("-") }
    }

    /// Those whose name is a known program's: the others may be libraries, or called otherwise.
    static func programs(_ words: ArraySlice<String>) -> [String] {
        (packages(words) ?? []).filter { Programs.isNamed($0) && !Programs.ubiquitous.contains($0) }
    }
}
