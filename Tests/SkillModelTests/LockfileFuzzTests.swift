import Basics
import Testing

@testable import SkillModel

/// The lock that has every field.
private func golden() throws -> [UInt8] {
    let path = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
    return try FileSystem.read("/\(path)/lockfiles/golden/every-field.lock")
}

/// What reading `bytes` came to: a lock, or diagnostics with a place each.
private func outcome(_ bytes: [UInt8]) -> (lock: Lockfile?, diagnostics: [Diagnostic]) {
    do throws(DiagnosticsError) {
        return (try Lockfile(parsing: bytes), [])
    } catch {
        return (nil, error.diagnostics)
    }
}

@Suite struct `A lock that something happened to` {
    /// An error with file and line, or exactly the same meaning.
    private func expectErrorOrSame(_ bytes: [UInt8], _ what: String) throws {
        let original = try Lockfile(parsing: golden())
        let (lock, diagnostics) = outcome(bytes)
        if let lock {
            #expect(lock == original, "\(what) was read as another lock: \(Lockfile.diff(original, lock))")
        } else {
            #expect(!diagnostics.isEmpty, "\(what)")
            for found in diagnostics {
                #expect(found.severity == .error && found.location?.line != nil, "\(what): \(found)")
            }
        }
    }

    @Test func `and ends at any byte is an error or whole`() throws {
        let bytes = try golden()
        let original = try Lockfile(parsing: bytes)
        var errors = 0
        for end in bytes.indices {
            let (lock, diagnostics) = outcome(Array(bytes[..<end]))
            guard let lock else {
                errors += 1
                #expect(diagnostics.allSatisfy { $0.location?.line != nil }, "cut at \(end)")
                continue
            }
            // Records are independent of one another, so a file that ends behind a whole line may read as a shorter lock:
            // only the last record may lack lines, and none may be another.
            #expect(original.packages.map(\.id).starts(with: lock.packages.map(\.id)), "cut at \(end)")
            #expect(original.packages.starts(with: lock.packages.dropLast()), "cut at \(end)")
            #expect(original.targets.map(\.name).starts(with: lock.targets.map(\.name)), "cut at \(end)")
            #expect(original.targets.starts(with: lock.targets.dropLast()), "cut at \(end)")
            #expect(original.variants.starts(with: lock.variants.dropLast()), "cut at \(end)")
            if !lock.targets.isEmpty { #expect(lock.packages == original.packages, "cut at \(end)") }
            if !lock.variants.isEmpty { #expect(lock.targets == original.targets, "cut at \(end)") }
        }
        #expect(errors > bytes.count / 2)
    }

    @Test func `and has a line twice is an error or the same`() throws {
        let lines = String(decoding: try golden(), as: UTF8.self).split(
            separator: "\n", omittingEmptySubsequences: false)
        for (number, line) in lines.enumerated() {
            var changed = lines
            changed.insert(line, at: number)
            // A second header begins an empty record, a second key is one too many, a second blank line is nothing.
            try expectErrorOrSame(Array(changed.joined(separator: "\n").utf8), "line \(number + 1) twice: \(line)")
        }
    }

    @Test func `and has values of another type, odd ones, or rubbish, is an error with its place`() throws {
        let text = String(decoding: try golden(), as: UTF8.self)
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        let values = [
            "1", "-1", "true", "[]", "{}", "1979-05-27", "\"\"", "\"\\u0000\"", "\"\\u001b[2J\"",
            "\"../../etc/passwd\"",
            "\"\u{202E}x\"", "\"" + String(repeating: "x", count: 1 << 20) + "\"", "[\"x\", 1]", "nan", "\"unclosed",
            "\u{7}", "",
        ]
        let original = try Lockfile(parsing: golden())
        var tried = 0
        for (number, line) in lines.enumerated() {
            guard let equals = line.firstIndex(of: "="), !line.hasPrefix("[") else { continue }
            let key = line[..<equals].trimmed
            // A greater revision is tolerated by design, and what is then not known is skipped.
            for value in values where !(key == "revision" && value == "1") {
                var changed = lines
                changed[number] = "\(key) = \(value)"
                let (lock, diagnostics) = outcome(Array(changed.joined(separator: "\n").utf8))
                tried += 1
                if let lock {
                    // Another value that is valid must show as a difference, and as nothing but this field.
                    let isEmptyList = ["dependencies", "ranges", "registries", "recordings", "passes"].contains(key)
                    #expect(
                        lock == original || isEmptyList || key == "signer",
                        "\(key) = \(value.prefix(40)) was taken: \(lock)")
                } else {
                    #expect(!diagnostics.isEmpty, "\(key) = \(value.prefix(40))")
                    for found in diagnostics {
                        #expect(found.location?.line != nil, "\(key) = \(value.prefix(40)): \(found)")
                        #expect(!"\(found)".utf8.contains(0x1B), "\(key)")
                        #expect("\(found)".utf8.count < 10_000, "\(key)")
                    }
                }
            }
        }
        #expect(tried > 400)
    }

    @Test func `and lacks a line is an error, or lacks what that line said and nothing else`() throws {
        let original = try Lockfile(parsing: golden())
        let lines = String(decoding: try golden(), as: UTF8.self).split(
            separator: "\n", omittingEmptySubsequences: false)
        for number in lines.indices where !lines[number].isEmpty {
            var changed = lines
            changed.remove(at: number)
            let (lock, diagnostics) = outcome(Array(changed.joined(separator: "\n").utf8))
            guard let lock else {
                #expect(diagnostics.allSatisfy { $0.location != nil }, "without line \(number + 1)")
                continue
            }
            let optional = ["signer", "profile", "alias", "revision", "commit", "\"", "#", "tree"]
            let what = lines[number].drop { $0 == " " }
            #expect(
                lock == original || optional.contains { what.hasPrefix($0) }
                    || Lockfile.diff(original, lock).count == 1,
                "without line \(number + 1), \(lines[number]): \(Lockfile.diff(original, lock))")
        }
    }

    @Test func `and has git's marks in it is named, at every line`() throws {
        let lines = String(decoding: try golden(), as: UTF8.self).split(
            separator: "\n", omittingEmptySubsequences: false)
        for mark in ["<<<<<<< ours", "=======", ">>>>>>> theirs", "||||||| base"] {
            for number in lines.indices {
                var changed = lines
                changed.insert(Substring(mark), at: number)
                let (lock, diagnostics) = outcome(Array(changed.joined(separator: "\n").utf8))
                #expect(lock == nil && diagnostics.first?.location?.line != nil, "\(mark) before line \(number + 1)")
            }
        }
    }

    @Test func `and has one byte changed is an error, or says which field is another`() throws {
        let bytes = try golden()
        var random = SystemlessRandom(seed: 17)
        for _ in 0..<4000 {
            var changed = bytes
            let place = Int(random.next() % UInt64(bytes.count))
            changed[place] = UInt8(truncatingIfNeeded: random.next() >> 8)
            let (lock, diagnostics) = outcome(changed)
            if lock == nil { #expect(diagnostics.allSatisfy { $0.location?.line != nil }, "byte \(place)") }
            if let lock { #expect(outcome(lock.encoded()).lock == lock, "byte \(place) is not written as it was read") }
        }
    }
}

/// The same numbers in every run (SplitMix64).
private struct SystemlessRandom {
    var state: UInt64
    init(seed: UInt64) { state = seed }
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}

extension Substring {
    fileprivate var trimmed: String { String(drop { $0 == " " }.reversed().drop { $0 == " " }.reversed()) }
}
