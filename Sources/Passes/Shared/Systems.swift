import SkillModel

/// Names of operating systems as texts have them, and which of them an environment is.
enum Systems {
    /// The systems that words name, when one at least does and the others only join or narrow; nil otherwise. "Linux"
    /// means each of its families.
    static func named(_ words: [String]) -> Set<String>? {
        var found: Set<String> = []
        for word in words {
            if let system = names[word] { found.insert(system) } else if !beside.contains(word) { return nil }
        }
        return found.isEmpty ? nil : found
    }

    /// The systems that any of the words names.
    static func mentioned(_ words: [String]) -> Set<String> { Set(words.compactMap { names[$0] }) }

    /// Whether what is for `systems` is for this environment. Of a Linux whose family nobody here knows it may be.
    static func hold(_ systems: [String], in environment: EnvironmentDescription) -> Bool {
        if systems.contains(environment.os) { return true }
        guard environment.os == "linux" else { return false }
        let families = systems.filter { $0 != "macos" && $0 != "windows" }
        guard !families.isEmpty else { return false }
        return names[environment.distribution].map { $0 == "linux" || families.contains($0) } ?? true
    }

    private static let names: [String: String] = [
        "macos": "macos", "mac": "macos", "osx": "macos", "darwin": "macos", "linux": "linux", "wsl": "linux",
        "wsl2": "linux", "windows": "windows", "debian": "debian", "ubuntu": "debian",
        "raspbian": "debian", "fedora": "rhel", "rhel": "rhel", "centos": "rhel", "rocky": "rhel", "almalinux": "rhel",
        "amzn": "rhel", "arch": "arch", "archlinux": "arch", "manjaro": "arch", "alpine": "alpine", "suse": "suse",
        "opensuse": "suse",
    ]
    private static let beside: Set<String> = [
        "and", "or", "on", "with", "using", "via", "for", "users", "systems", "x", "amd64", "arm64", "homebrew", "brew",
        "apt", "dnf", "yum", "pacman", "systemd", "launchd", "chocolatey", "winget", "scoop", "snap", "only", "x86",
        "the",
        "install", "installation", "setup",
    ]
}
