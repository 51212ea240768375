/// The name of a package: 1–64 lower-case ASCII letters, digits and single hyphens, no hyphen at either end.
///
/// That is the Agent Skills specification's rule for a skill's `name`, and it makes every name safe as a file name, a
/// git ref component, a bare TOML key and a program's argument.
package struct PackageName: TextValue {
    package let description: String

    /// Nil when `text` breaks the rule. O(n), at most 65 bytes are looked at.
    package init?(_ text: String) {
        guard Self.fault(in: text) == nil else { return nil }
        description = text
    }

    package static func fault(in text: String) -> String? {
        nameFault(in: text, what: "a package name", separators: "-")
    }

    package static func < (a: PackageName, b: PackageName) -> Bool { precedes(a.description, b.description) }
}

/// The name of a target in a manifest: like a package's, and `_` may divide words too.
///
/// Dots are refused, because `[targets.qwen3.5]` means another thing in TOML than it seems to.
package struct TargetName: TextValue {
    package let description: String

    /// Nil when `text` breaks the rule.
    package init?(_ text: String) {
        guard Self.fault(in: text) == nil else { return nil }
        description = text
    }

    package static func fault(in text: String) -> String? {
        nameFault(in: text, what: "a target name", separators: "-_")
    }

    package static func < (a: TargetName, b: TargetName) -> Bool { precedes(a.description, b.description) }
}

/// The name of a custom pass: like a package's, and none of the compiler's own passes.
package struct PassName: TextValue {
    package let description: String

    /// What `skvm explain` and the lock call passes that are part of skvm, and words kept for others to come.
    package static let reserved = [
        "bind", "custom", "depend", "flow", "gap", "guard", "harness", "hazards", "inspection", "link", "lower",
        "model", "parse", "require", "schedule", "skvm", "solidify", "source",
    ]

    /// Nil when `text` breaks the rule.
    package init?(_ text: String) {
        guard Self.fault(in: text) == nil else { return nil }
        description = text
    }

    package static func fault(in text: String) -> String? {
        if reserved.contains(text) { return "'\(text)' is one of skvm's own passes" }
        return nameFault(in: text, what: "a pass name", separators: "-")
    }

    package static func < (a: PassName, b: PassName) -> Bool { precedes(a.description, b.description) }
}

private func nameFault(in text: String, what: String, separators: StaticString) -> String? {
    let utf8 = text.utf8
    guard !utf8.isEmpty else { return "\(what) can't be empty" }
    // The count of a native string is stored, so a hostile megabyte costs nothing here.
    guard utf8.count <= 64 else { return "\(what) has at most 64 characters" }
    var afterSeparator = true
    for byte in utf8 {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"):
            afterSeparator = false
        case UInt8(ascii: "-"), UInt8(ascii: "_"):
            guard byte == UInt8(ascii: "-") || separators.utf8CodeUnitCount > 1 else { fallthrough }
            guard !afterSeparator else { return "\(what) has single hyphens, between letters or digits" }
            afterSeparator = true
        default:
            let underscore = separators.utf8CodeUnitCount > 1 ? ", underscores" : ""
            return "\(what) has lower-case letters, digits\(underscore) and hyphens only"
        }
    }
    return afterSeparator ? "\(what) can't end with a hyphen" : nil
}
