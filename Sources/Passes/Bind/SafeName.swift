import SkillModel

/// Which names and versions may stand in a script. A skill's words choose them, so that they are an attacker's.
///
/// Each package manager reads some names as something else than a package: a leading `-` as an option, `a/b` as a
/// repository on GitHub (npm), a last `-` as a removal (apt), `name @ url` and a path as a place to install from (pip), and
/// most of them a name like `helper.zip` as a file of the working folder. What is let through here is none of those, and needs
/// no quoting in a shell.
enum SafeName {
    static let longest = 128

    static func isSafe(_ dependency: Dependency) -> Bool {
        let name = Array(dependency.name.utf8)
        guard !name.isEmpty, name.count <= longest, isSafeVersion(dependency.version, of: dependency.kind),
            !namesFile(dependency)
        else { return false }
        switch dependency.kind {
        case .pip: return isPip(name)
        case .npm: return isNPM(name)
        case .cargo: return matches(name, also: [0x2D, 0x5F])
        case .gem: return matches(name, also: [0x2D, 0x5F, 0x2E])
        case .go: return isGo(name)
        case .apt: return matches(name, also: [0x2B, 0x2D, 0x2E]) && name.last != 0x2D && name.count > 1
        case .brew: return matches(name, also: [0x2B, 0x2D, 0x2E, 0x40, 0x5F])
        case .binary: return matches(name, also: [0x2B, 0x2D, 0x2E, 0x5F])
        case .env: return name.allSatisfy(\.isIdentifier) && !name[0].isDigit
        case .service, .mcp: return matches(name, also: [0x20, 0x2D, 0x2E, 0x5F, 0x2F, 0x40])
        }
    }

    /// Whether a package manager would look for a file of that name, or of what it makes of name and version, rather than for a
    /// package.
    private static func namesFile(_ dependency: Dependency) -> Bool {
        let endings: [String] =
            switch dependency.kind {
            // Also `helper==1.zip`, and of `helper@1.tgz` the version.
            case .pip, .npm: archives
            case .gem: [".gem"]
            case .brew: archives + [".rb", ".json"]
            case .apt: [".deb", ".ddeb", ".dsc", ".changes", ".apk"]
            case .binary: archives + [".gem", ".rb", ".json", ".deb", ".apk"]
            case .cargo, .go, .env, .service, .mcp: []
            }
        let name = String(dependency.name.prefix { $0 != "[" }).asciiLowercased()
        let version = dependency.version?.asciiLowercased() ?? ""
        return endings.contains { name.hasSuffix($0) || version.hasSuffix($0) || (name + version).hasSuffix($0) }
    }

    private static let archives = [
        ".zip", ".whl", ".tar", ".tgz", ".gz", ".bz2", ".xz", ".tbz", ".txz", ".tlz", ".lz", ".tar.lzma",
    ]

    /// Letters, digits and `also`, the first a letter or a digit.
    private static func matches(_ name: [UInt8], also: Set<UInt8>) -> Bool {
        (name[0].isLetter || name[0].isDigit) && name.allSatisfy { $0.isLetter || $0.isDigit || also.contains($0) }
    }

    /// PEP 508: a name, and extras in brackets.
    private static func isPip(_ name: [UInt8]) -> Bool {
        let parts = name.split(separator: 0x5B, omittingEmptySubsequences: false).map(Array.init)
        guard let base = parts.first, !base.isEmpty, matches(base, also: [0x2D, 0x5F, 0x2E]), base.last != 0x2D else {
            return false
        }
        guard parts.count == 2 else { return parts.count == 1 }
        let extras = parts[1]
        return extras.count > 1 && extras.last == 0x5D && matches(Array(extras.dropLast()), also: [0x2D, 0x5F, 0x2C])
    }

    /// `name` or `@scope/name`.
    private static func isNPM(_ name: [UInt8]) -> Bool {
        let marks: Set<UInt8> = [0x2D, 0x5F, 0x2E, 0x7E]
        guard name[0] == 0x40 else { return matches(name, also: marks) }
        let parts = name.dropFirst().split(separator: 0x2F, omittingEmptySubsequences: false).map(Array.init)
        return parts.count == 2 && parts.allSatisfy { !$0.isEmpty && matches($0, also: marks) }
    }

    /// A module path: a host with a dot, then folders.
    private static func isGo(_ name: [UInt8]) -> Bool {
        let parts = name.split(separator: 0x2F, omittingEmptySubsequences: false).map(Array.init)
        guard parts.count > 1, parts[0].contains(0x2E) else { return false }
        return parts.allSatisfy { !$0.isEmpty && matches($0, also: [0x2D, 0x2E, 0x5F, 0x7E]) }
    }

    private static func isSafeVersion(_ version: String?, of kind: Dependency.Kind) -> Bool {
        guard let version else { return true }
        let whole = Array(version.utf8)
        var bytes = whole
        if kind == .pip, whole.first == 0x5B, let close = whole.firstIndex(of: 0x5D) {
            // Extras: letters and digits between brackets.
            guard close > 1, matches(Array(whole[1..<close]), also: [0x2D, 0x5F, 0x2C]) else { return false }
            bytes = Array(whole[(close + 1)...])
            if bytes.isEmpty { return whole.count <= 64 }
        }
        let marks: Set<UInt8> = [0x2E, 0x2B, 0x2D, 0x2A, 0x3E, 0x3C, 0x3D, 0x21, 0x7E, 0x5E, 0x2C, 0x20]
        return !bytes.isEmpty && whole.count <= 64 && bytes[0] != 0x2D
            && bytes.allSatisfy { $0.isLetter || $0.isDigit || marks.contains($0) }
    }

    /// Any text as it may stand in a comment of a script: printable ASCII, the rest as `\u{…}`, cut.
    static func inComment(_ text: String) -> String {
        var shown = ""
        for scalar in text.unicodeScalars.prefix(80) {
            if scalar.value >= 0x20 && scalar.value < 0x7F && scalar != "\\" {
                shown.unicodeScalars.append(scalar)
            } else {
                shown += "\\u{\(String(scalar.value, radix: 16))}"
            }
        }
        return shown
    }
}
