import Basics
import Formats
import Testing

@testable import SkillModel

@Suite struct `Versions and ranges` {
    @Test(arguments: [
        "0.0.4", "1.2.3", "10.20.30", "1.1.2-prerelease+meta", "1.1.2+meta", "1.0.0-alpha", "1.0.0-alpha.beta.1",
        "1.0.0-alpha-a.b-c-somethinglong+build.1-aef.1-its-okay", "1.0.0-0A.is.legal", "2.0.0+build.01",
        "1.0.0-rc.1+build.1", "1.2.3----RC-SNAPSHOT.12.9.1--.12", "9007199254740991.0.0",
    ])
    func `a valid version is read and printed as it was`(_ text: String) throws {
        #expect(try #require(Version(text)).description == text)
        #expect(Version.fault(in: text) == nil)
        #expect(Array(text.utf8).withUnsafeBufferPointer { Version(utf8: $0) }?.description == text)
    }

    @Test(arguments: [
        "", "1", "1.2", "1.2.3-0123", "1.2.3-0123.0123", "1.1.2+.123", "+invalid", "-invalid", "alpha", "1.0.0-alpha..",
        "1.0.0-", "1.0.0+", "01.1.1", "1.01.1", "1.1.01", "1.2.3.DEV", "1.2-SNAPSHOT", "v1.2.3", " 1.2.3", "1.2.3 ",
        "1.2.3+a+b", "9007199254740992.0.0", "99999999999999999999999.999.1", "1.0.0-ä", "-1.0.0", "1.2.3-a\0",
    ])
    func `an invalid version is refused, and the fault says why`(_ text: String) {
        #expect(Version(text) == nil)
        #expect(Version.fault(in: text) != nil)
        #expect(Array(text.utf8).withUnsafeBufferPointer { Version(utf8: $0) } == nil)
    }

    @Test func `precedence is the specification's`() throws {
        let order = [
            "1.0.0-1", "1.0.0-2", "1.0.0-10", "1.0.0-99999999999999999999", "1.0.0-alpha", "1.0.0-alpha.1",
            "1.0.0-alpha.beta", "1.0.0-beta", "1.0.0-beta.2", "1.0.0-beta.11", "1.0.0-rc.1", "1.0.0", "1.0.1", "1.1.0",
            "2.0.0",
        ].map { Version($0)! }
        for (i, a) in order.enumerated() {
            for (j, b) in order.enumerated() {
                #expect((a < b) == (i < j), "\(a) < \(b)")
                #expect((a == b) == (i == j))
            }
        }
    }

    @Test func `build metadata is kept and takes no part in equality`() throws {
        let a = try #require(Version("1.0.0+a"))
        let b = try #require(Version("1.0.0+b"))
        #expect(a == b)
        #expect(a.hashValue == b.hashValue)
        #expect(!(a < b) && !(b < a))
        #expect(a.description != b.description)
    }

    /// Accepted and refused versions as cargo's reference states them.
    @Test(arguments: [
        ("1.2.3", ["1.2.3", "1.9.0"], ["1.2.2", "2.0.0", "1.3.0-a"]),
        ("^1.2", ["1.2.0", "1.9.9"], ["1.1.9", "2.0.0"]),
        ("1", ["1.0.0", "1.5.0"], ["0.9.9", "2.0.0"]), ("0.2.3", ["0.2.3", "0.2.9"], ["0.2.2", "0.3.0"]),
        ("0.2", ["0.2.0", "0.2.9"], ["0.3.0", "0.1.0"]), ("0.0.3", ["0.0.3"], ["0.0.4", "0.0.2"]),
        ("0.0", ["0.0.0", "0.0.9"], ["0.1.0"]), ("0", ["0.0.0", "0.9.0"], ["1.0.0"]),
        ("~1.2.3", ["1.2.3", "1.2.9"], ["1.2.2", "1.3.0"]), ("~1.2", ["1.2.0"], ["1.3.0", "1.1.0"]),
        ("~1", ["1.0.0", "1.9.0"], ["2.0.0"]), ("*", ["0.0.0", "9.9.9"], ["1.0.0-a"]),
        ("1.*", ["1.0.0", "1.9.0"], ["2.0.0"]), ("1.2.*", ["1.2.7"], ["1.3.0"]), ("1.*.*", ["1.4.2"], ["2.0.0"]),
        (">= 1.2.0", ["1.2.0", "9.0.0"], ["1.1.9"]), ("> 1", ["2.0.0"], ["1.9.9"]), ("<2.0.0", ["1.9.9"], ["2.0.0"]),
        ("<=1.2", ["1.2.9"], ["1.3.0"]), ("= 1.2.3", ["1.2.3"], ["1.2.4"]), ("=1.2", ["1.2.0", "1.2.5"], ["1.3.0"]),
        (">=1, <2", ["1.0.0", "1.9.0"], ["2.0.0", "0.9.0", "2.0.0-a"]), (">1.2.3", ["1.2.4"], ["1.2.3"]),
        ("^1.2.3-beta.2", ["1.2.3-beta.2", "1.2.3-beta.10", "1.2.3", "1.4.0"], ["1.2.3-beta.1", "1.2.4-beta.2"]),
        (">=2.0.0-a, <2.0.0", ["2.0.0-a", "2.0.0-z"], ["2.0.0", "1.9.0"]),
        ("^1.2.3, >=2.0.0-alpha", [], ["2.0.0-alpha", "1.9.0", "2.0.0"]),
    ])
    func `a range accepts what cargo's does`(_ text: String, _ accepted: [String], _ refused: [String]) throws {
        let range = try #require(VersionRange(text))
        for version in accepted { #expect(range.contains(Version(version)!), "\(version)") }
        for version in refused { #expect(!range.contains(Version(version)!), "\(version)") }
        #expect(VersionRange(range.description) == range)
    }

    @Test(arguments: [
        "", " ", ",", "1,", ",1", "^", "^^1", "1 2", "1.2.3.4", "a", "1.*.3", "*, 1", "=>1", "1.2-beta", "v1", "1.",
        "1..",
        "1.2.3-", "1 || 2", "latest", "01", "18446744073709551616",
    ])
    func `what is no range is refused`(_ text: String) {
        #expect(VersionRange(text) == nil)
        #expect(VersionRange.fault(in: text) != nil)
    }

    @Test func `a range of ten thousand comparators is refused`() {
        #expect(VersionRange(Array(repeating: "1", count: 33).joined(separator: ",")) == nil)
        #expect(VersionRange(Array(repeating: ">=1", count: 10_000).joined(separator: ",")) == nil)
    }
}

@Suite struct `Names` {
    @Test(arguments: ["a", "pdf-tables", "a1", "3d", String(repeating: "x", count: 64)])
    func `a good name is read`(_ text: String) {
        #expect(PackageName(text)?.description == text)
        #expect(TargetName(text)?.description == text)
    }

    @Test(arguments: [
        "", "-", "-a", "a-", "a--b", "A", "ä", "a b", "a/b", "..", "a.b", "a\0", "a\n",
        String(repeating: "x", count: 65),
    ])
    func `a bad name is refused with a reason`(_ text: String) {
        #expect(PackageName(text) == nil && PackageName.fault(in: text) != nil)
        #expect(TargetName(text) == nil && TargetName.fault(in: text) != nil)
    }

    @Test func `an underscore divides words in a target's name only`() {
        #expect(PackageName("a_b") == nil)
        #expect(TargetName("a_b") != nil)
    }

    @Test func `values are strings in JSON, also as keys`() throws {
        let name = try #require(PackageName("charts"))
        let version = try #require(Version("1.0.2+x"))
        let bytes = try CanonicalJSON.encode([name: [version]])
        #expect(String(decoding: bytes, as: UTF8.self) == #"{"charts":["1.0.2+x"]}"#)
        #expect(try CanonicalJSON.decode([PackageName: [Version]].self, from: bytes) == [name: [version]])
        #expect(throws: DecodingError.self) {
            try CanonicalJSON.decode([Version].self, from: Array(#"["1.0"]"#.utf8))
        }
        let profile: [Primitive: Level] = [.toolExec: .l1, .genRegex: .l2]
        #expect(
            try String(decoding: CanonicalJSON.encode(profile), as: UTF8.self)
                == #"{"gen.regex":"L2","tool.exec":"L1"}"#)
    }
}
