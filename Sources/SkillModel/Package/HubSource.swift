/// Who publishes a skill on a ClawHub: 1–64 lower-case letters, digits, `.`, `_` and hyphens, a letter or digit first.
///
/// A hub gives one name to several owners, so a package of it is known by both. Its servers read owners without regard to
/// case: there is one spelling here.
package struct HubOwner: TextValue {
    package let description: String

    /// Nil when `text` breaks the rule. O(n), at most 65 bytes are looked at.
    package init?(_ text: String) {
        guard Self.fault(in: text) == nil else { return nil }
        description = text
    }

    package static func fault(in text: String) -> String? {
        guard (1...64).contains(text.utf8.count), let first = text.utf8.first else {
            return "an owner has 1 to 64 characters"
        }
        let isGood = text.utf8.allSatisfy { byte in
            switch byte {
            case 0x30...0x39, 0x61...0x7A, 0x2D, 0x2E, 0x5F: true
            default: false
            }
        }
        guard isGood, first != 0x2D, first != 0x2E, first != 0x5F, !text.contains("..") else {
            return
                "an owner has lower-case letters, digits, '.', '_' and hyphens only, and begins with a letter or digit"
        }
        return nil
    }

    package static func < (a: HubOwner, b: HubOwner) -> Bool { precedes(a.description, b.description) }
}

/// All skills of one owner on one ClawHub (`docs/formats/clawhub.md`): within it, a name means one package.
///
/// As a lock writes it: `clawhub+https://hub.example.org#alice`.
package struct HubSource: TextValue {
    /// How the address of a hub begins in `[registries]` and in locks.
    package static let prefix = "clawhub+"

    package var url: WebURL
    package var owner: HubOwner

    package init(url: WebURL, owner: HubOwner) {
        self.url = url
        self.owner = owner
    }

    package init?(_ text: String) {
        guard text.hasPrefix(Self.prefix), let mark = text.lastIndex(of: "#"),
            let url = WebURL(String(text[..<mark].dropFirst(Self.prefix.count))),
            let owner = HubOwner(String(text[text.index(after: mark)...]))
        else { return nil }
        self.init(url: url, owner: owner)
    }

    /// The hub that an address of `[registries]` names; nil when it names something else.
    package static func hub(_ text: String) -> WebURL? {
        text.hasPrefix(prefix) ? WebURL(String(text.dropFirst(prefix.count))) : nil
    }

    package var description: String { "\(Self.prefix)\(url)#\(owner)" }

    package static func fault(in text: String) -> String? {
        HubSource(text) == nil ? "a source on a ClawHub is clawhub+URL#OWNER" : nil
    }

    package static func < (a: HubSource, b: HubSource) -> Bool { precedes(a.description, b.description) }
}
