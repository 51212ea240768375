import Basics
import SkillModel

/// A list of who may sign, in OpenSSH's format (`ssh-keygen(1)`, "ALLOWED SIGNERS"): a line a key.
package struct AllowedSigners: Sendable, Hashable {
    package static let fileName = "allowed_signers"
    /// Larger files are refused, in bytes.
    package static let greatestSize = 1 << 20

    package struct Line: Sendable, Hashable {
        /// As it stands in the file, without its end.
        package var text: String
        /// The names, each perhaps a pattern.
        package var principals: [String]
        /// `namespaces="git"` and the like; empty when there is none.
        package var options: String
        package var keyType: String
        /// The key's bytes.
        package var key: [UInt8]

        package var fingerprint: String { AllowedSigners.fingerprint(of: key) }
        /// `ssh-ed25519 AAAA…`
        package var keyText: String { "\(keyType) \(Base64.encode(key))" }
    }

    package private(set) var lines: [Line] = []
    /// The numbers of lines that are neither empty, a comment, nor a key: they count for nothing.
    package private(set) var unreadable: [Int] = []

    package init() {}

    /// Reads all lines; one that can't be read does not take the others down. O(n).
    package init(parsing bytes: [UInt8]) {
        for (number, bytes) in bytes.split(separator: 0x0A, omittingEmptySubsequences: false).enumerated() {
            let text = Self.text(ofLine: bytes)
            let trimmed = text.drop { $0 == " " || $0 == "\t" }
            if trimmed.isEmpty || trimmed.hasPrefix("#") { continue }
            if let line = Line(text) { lines.append(line) } else { unreadable.append(number + 1) }
        }
    }

    /// A line without its end, which on Windows begins with CR.
    package static func text(ofLine bytes: ArraySlice<UInt8>) -> String {
        String(decoding: bytes.last == 0x0D ? bytes.dropLast() : bytes, as: UTF8.self)
    }

    package var isEmpty: Bool { lines.isEmpty }

    /// Whether some line names exactly this principal.
    package func names(_ principal: String) -> Bool { lines.contains { $0.principals.contains(principal) } }

    /// The lines that could be read: what `ssh-keygen` is given.
    package var text: [UInt8] { Array(lines.map { $0.text + "\n" }.joined().utf8) }

    /// As `ssh-keygen -l` prints it.
    package static func fingerprint(of key: [UInt8]) -> String {
        let digest = Digest(of: key).hex
        var bytes: [UInt8] = []
        var rest = digest[...]
        while let byte = UInt8(rest.prefix(2), radix: 16) {
            bytes.append(byte)
            rest = rest.dropFirst(2)
        }
        return "SHA256:" + Base64.encode(bytes).prefix { $0 != "=" }
    }
}

extension AllowedSigners.Line {
    /// Nil for text that is no line of a key.
    package init?(_ text: String) {
        guard text.utf8.count <= 16 << 10, text.unicodeScalars.allSatisfy({ $0 == "\t" || $0.value >= 0x20 }) else {
            return nil
        }
        let fields = Self.fields(text)
        // The options, if there are any, stand before the key's type.
        guard let place = fields.indices.first(where: { (1...2).contains($0) && Self.isKeyType(fields[$0]) }),
            fields.count > place + 1, let key = Base64.decode(fields[place + 1]), Self.begins(key, with: fields[place])
        else { return nil }
        let names = fields[0].filter { $0 != "\"" }.split(separator: ",").map(String.init)
        guard !names.isEmpty else { return nil }
        self.init(
            text: text, principals: names, options: place == 2 ? fields[1] : "", keyType: fields[place], key: key)
    }

    private static func isKeyType(_ text: String) -> Bool {
        ["ssh-", "ecdsa-sha2-", "sk-ssh-", "sk-ecdsa-"].contains { text.hasPrefix($0) } && !text.contains("=")
    }

    /// A key says its own type first.
    private static func begins(_ key: [UInt8], with type: String) -> Bool {
        let name = Array(type.utf8)
        return key.count > 4 + name.count && key.prefix(3).allSatisfy { $0 == 0 } && Int(key[3]) == name.count
            && key.dropFirst(4).starts(with: name)
    }

    /// Split at blanks that are not within quotes.
    private static func fields(_ text: String) -> [String] {
        var fields: [String] = []
        var field = ""
        var isQuoted = false
        for character in text {
            if character == "\"" { isQuoted.toggle() }
            if !isQuoted, character == " " || character == "\t" {
                if !field.isEmpty { fields.append(field) }
                field = ""
            } else {
                field.append(character)
            }
        }
        if !field.isEmpty { fields.append(field) }
        return fields
    }
}

/// Base 64 with `+`, `/` and padding (RFC 4648).
enum Base64 {
    private static let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

    static func encode(_ bytes: [UInt8]) -> String {
        var text: [UInt8] = []
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let group = bytes[start..<min(start + 3, bytes.count)]
            let bits = group.reduce(UInt32(0)) { $0 << 8 | UInt32($1) } << UInt32(8 * (3 - group.count))
            for place in 0..<4 {
                let isFilled = place <= group.count
                text.append(isFilled ? digits[Int(bits >> UInt32(18 - 6 * place) & 63)] : UInt8(ascii: "="))
            }
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// Nil for text that `encode` does not write.
    static func decode(_ text: String) -> [UInt8]? {
        var bytes: [UInt8] = []
        var bits: UInt32 = 0
        var count = 0
        for digit in text.utf8 where digit != UInt8(ascii: "=") {
            guard let value = digits.firstIndex(of: digit) else { return nil }
            bits = bits << 6 | UInt32(value)
            count += 6
            if count >= 8 {
                count -= 8
                bytes.append(UInt8(truncatingIfNeeded: bits >> UInt32(count)))
            }
            bits &= (1 << UInt32(count)) - 1
        }
        return encode(bytes) == text ? bytes : nil
    }
}
