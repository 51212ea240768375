package import Basics
package import Formats

extension TOMLRecord {
    /// The value of `key` as a `TextValue`; what it can't be is reported with the reason.
    package func value<Value: TextValue>(_ key: String, as type: Value.Type = Value.self) -> Value? {
        parsed(key, Value.init, fault: Value.fault)
    }

    package func requiredValue<Value: TextValue>(_ key: String, as type: Value.Type = Value.self) -> Value? {
        requiredParsed(key, Value.init, fault: Value.fault)
    }

    package func digest(_ key: String) -> Digest? {
        parsed(key, { Digest(text: $0) }, fault: { _ in "a digest is sha256: and 64 lower-case hexadecimal digits" })
    }

    /// A text that can be printed: on one line, without control characters, at most `limit` bytes.
    package func line(_ key: String, limit: Int = 1024) -> String? {
        parsed(
            key, { $0.isPrintable && $0.utf8.count <= limit ? $0 : nil },
            fault: { _ in "one line of at most \(limit) bytes, without control characters" })
    }

    package func requiredLine(_ key: String, limit: Int = 1024) -> String? {
        required(key) == nil ? nil : line(key, limit: limit)
    }

    /// Reports a format newer than `known`; false then: the rest of the file can't be judged.
    func checkFormat(known: Int64, id: String, what: String) -> Bool {
        guard let value = required("version") else { return false }
        guard let number = value.integer, number >= 1 else {
            let _: Int? = mistyped(value, "a positive integer")
            return false
        }
        guard number <= known else {
            report(
                value, id: id, "\(what) has format version \(number), this skvm knows up to \(known)",
                hint: "update skvm")
            return false
        }
        return true
    }
}

extension String {
    /// No control characters, C0 or C1, no line ends, and nothing that reverses or hides what is printed.
    package var isPrintable: Bool {
        unicodeScalars.allSatisfy { scalar in
            switch scalar.value {
            case 0..<0x20, 0x7F..<0xA0, 0x2028, 0x2029, 0x200E, 0x200F, 0x202A...0x202E, 0x2066...0x2069: false
            default: true
            }
        }
    }
}
