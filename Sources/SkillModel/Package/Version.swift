/// A version as Semantic Versioning 2.0.0 defines it.
///
/// Build metadata (`+…`) is kept and printed, but takes no part in `==`, `<` or hashing: the specification gives two
/// versions that differ only there the same precedence, and a registry may not serve both.
package struct Version: TextValue {
    /// No number is larger: 2⁵³−1, what JSON readers everywhere hold exactly (and what npm allows).
    package static let greatestNumber: UInt64 = 1 << 53 - 1
    /// No text of a version is longer, in bytes.
    package static let greatestLength = 256

    package let major, minor, patch: UInt64
    /// The dot-separated identifiers after `-`, empty for a release.
    package let prerelease: [PrereleaseIdentifier]
    /// What follows `+`, without it; empty when there is none.
    package let build: String

    /// `major.minor.patch`, a release. Numbers are held to `greatestNumber`.
    package init(_ major: UInt64, _ minor: UInt64, _ patch: UInt64) {
        self.init(major, minor, patch, prerelease: [], build: "")
    }

    init(
        _ major: UInt64, _ minor: UInt64, _ patch: UInt64, prerelease: [PrereleaseIdentifier], build: String
    ) {
        self.major = min(major, Self.greatestNumber)
        self.minor = min(minor, Self.greatestNumber)
        self.patch = min(patch, Self.greatestNumber)
        self.prerelease = prerelease
        self.build = build
    }

    /// Reads exactly the grammar of the specification: three numbers, no `v`, no leading zeros, no blanks.
    package init?(_ text: String) {
        guard text.utf8.count <= Self.greatestLength else { return nil }
        var scanner = VersionScanner(text)
        guard let major = scanner.number(), scanner.skip("."), let minor = scanner.number(), scanner.skip("."),
            let patch = scanner.number(), let prerelease = scanner.prerelease(), let build = scanner.build(),
            scanner.isAtEnd
        else { return nil }
        self.init(major, minor, patch, prerelease: prerelease, build: build)
    }

    /// As `init(_:)`, of text in UTF-8. Three plain numbers, as most versions are, are read without making a text of them.
    package init?(utf8: UnsafeBufferPointer<UInt8>) {
        var numbers: (UInt64, UInt64, UInt64) = (0, 0, 0)
        var position = 0
        for number in 0..<3 {
            let start = position
            var value: UInt64 = 0
            while position < utf8.count, utf8[position] >= 0x30, utf8[position] <= 0x39, position - start < 15 {
                value = value * 10 + UInt64(utf8[position] - 0x30)
                position += 1
            }
            let isPlain =
                position > start && (position == start + 1 || utf8[start] != 0x30)
                && (number == 2 ? position == utf8.count : position < utf8.count && utf8[position] == 0x2E)
            guard isPlain else {
                self.init(String(decoding: utf8, as: UTF8.self))
                return
            }
            position += 1
            switch number {
            case 0: numbers.0 = value
            case 1: numbers.1 = value
            default: numbers.2 = value
            }
        }
        self.init(numbers.0, numbers.1, numbers.2)
    }

    package var isPrerelease: Bool { !prerelease.isEmpty }

    package var description: String {
        var text = "\(major).\(minor).\(patch)"
        if isPrerelease { text += "-" + prerelease.map(\.text).joined(separator: ".") }
        if !build.isEmpty { text += "+" + build }
        return text
    }

    package static func fault(in text: String) -> String? {
        if Version(text) != nil { return nil }
        if text.utf8.count > greatestLength { return "a version has at most \(greatestLength) characters" }
        if text.hasPrefix("v"), Version(String(text.dropFirst())) != nil { return "a version has no leading 'v'" }
        return "a version is MAJOR.MINOR.PATCH, like 1.2.0, as Semantic Versioning 2.0.0 has it"
    }

    package static func == (a: Version, b: Version) -> Bool {
        a.major == b.major && a.minor == b.minor && a.patch == b.patch && a.prerelease == b.prerelease
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(major)
        hasher.combine(minor)
        hasher.combine(patch)
        hasher.combine(prerelease)
    }

    /// Precedence (semver.org, rule 11): a prerelease comes before its release.
    package static func < (a: Version, b: Version) -> Bool {
        if (a.major, a.minor, a.patch) != (b.major, b.minor, b.patch) {
            return (a.major, a.minor, a.patch) < (b.major, b.minor, b.patch)
        }
        if a.prerelease.isEmpty || b.prerelease.isEmpty { return !a.prerelease.isEmpty && b.prerelease.isEmpty }
        return a.prerelease.lexicographicallyPrecedes(b.prerelease)
    }
}

/// One dot-separated part of a prerelease. Numbers come before words, and compare as numbers of any length.
package struct PrereleaseIdentifier: Sendable, Hashable, Comparable {
    package let text: String

    private var isNumber: Bool { text.utf8.allSatisfy { $0 >= 0x30 && $0 <= 0x39 } }

    /// Nil when `text` is empty, has another character than letters, digits and hyphens, or is a number with leading
    /// zeros.
    init?(_ text: Substring) {
        guard !text.isEmpty, text.utf8.allSatisfy(VersionScanner.isIdentifier) else { return nil }
        self.text = String(text)
        if isNumber, text.utf8.count > 1, text.utf8.first == 0x30 { return nil }
    }

    package static func < (a: PrereleaseIdentifier, b: PrereleaseIdentifier) -> Bool {
        switch (a.isNumber, b.isNumber) {
        case (true, true): (a.text.utf8.count, a.text) < (b.text.utf8.count, b.text)
        case (true, false): true
        case (false, true): false
        case (false, false): precedes(a.text, b.text)
        }
    }
}

/// Reads the parts of versions and ranges off a text, byte by byte.
struct VersionScanner {
    // An array: views of a string check their indices at each step, and an index of a registry is full of versions.
    private let bytes: [UInt8]
    private var position = 0

    init(_ text: some StringProtocol) { bytes = Array(text.utf8) }

    var isAtEnd: Bool { position == bytes.count }

    static func isIdentifier(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D: true
        default: false
        }
    }

    mutating func skip(_ text: StaticString) -> Bool {
        let count = text.utf8CodeUnitCount
        guard bytes.count - position >= count else { return false }
        for index in 0..<count where bytes[position + index] != text.utf8Start[index] { return false }
        position += count
        return true
    }

    mutating func skipBlanks() {
        while position < bytes.count, bytes[position] == 0x20 || bytes[position] == 0x09 { position += 1 }
    }

    /// A number without leading zeros, at most `Version.greatestNumber`.
    mutating func number() -> UInt64? {
        var end = position
        var value: UInt64 = 0
        while end < bytes.count, bytes[end] >= 0x30, bytes[end] <= 0x39 {
            guard end - position < 16 else { return nil }
            value = value * 10 + UInt64(bytes[end] - 0x30)
            end += 1
        }
        let count = end - position
        guard count > 0, count == 1 || bytes[position] != 0x30, value <= Version.greatestNumber else { return nil }
        position = end
        return value
    }

    /// The identifiers after a `-`: empty when there is none, nil when they are malformed.
    mutating func prerelease() -> [PrereleaseIdentifier]? {
        guard skip("-") else { return [] }
        var identifiers: [PrereleaseIdentifier] = []
        for part in identifierText().split(separator: ".", omittingEmptySubsequences: false) {
            guard let identifier = PrereleaseIdentifier(part) else { return nil }
            identifiers.append(identifier)
        }
        return identifiers
    }

    /// What follows a `+`: empty when there is none, nil when it is malformed.
    mutating func build() -> String? {
        guard skip("+") else { return "" }
        let text = identifierText()
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        return parts.contains(where: \.isEmpty) ? nil : text
    }

    private mutating func identifierText() -> String {
        let start = position
        while position < bytes.count, Self.isIdentifier(bytes[position]) || bytes[position] == 0x2E { position += 1 }
        return String(decoding: bytes[start..<position], as: UTF8.self)
    }
}
