import Formats
import FoundationEssentials
import Testing

/// Foundation's encoder is another implementation of the same text.
private func reference(_ value: some Encodable) throws -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return [UInt8](try encoder.encode(value))
}

private struct Everything: Codable, Equatable {
    enum Kind: String, Codable { case plain, odd }
    enum Payload: Codable, Equatable { case none, pair(Int, String), named(flag: Bool) }
    struct Empty: Codable, Equatable {}

    var zeta = "z"
    var alpha: Int? = nil
    var beta: [Int8] = [-128, 127]
    var a = UInt64.max
    var ab = Int64.min
    var text = "quote \" slash / back \\ bell \u{7} tab \t line \n é 🚀 \u{7F} \u{2028}"
    var kind = Kind.odd
    var payloads: [Payload] = [.none, .pair(1, "x"), .named(flag: true)]
    var table: [String: [String]] = ["b": [], "a": ["1"], "é": ["2"], "": ["3"]]
    var numbers: [Int: Bool] = [3: true]
    var empty = Empty()
    var nothing: [String] = []
    var maybes: [Int?] = [1, nil]
    var nested: [[UInt16]] = [[1], [], [2, 3]]
}

/// Asks for every container that `Encoder` has, parent's members between those of its children.
private struct Interleaved: Encodable {
    enum Key: String, CodingKey { case z, m, a, list, inner }

    func encode(to encoder: any Encoder) throws {
        var object = encoder.container(keyedBy: Key.self)
        try object.encode(1, forKey: .z)
        var inner = object.nestedContainer(keyedBy: Key.self, forKey: .inner)
        try object.encode(2, forKey: .a)
        try inner.encode("late", forKey: .m)
        var list = object.nestedUnkeyedContainer(forKey: .list)
        try list.encode("first")
        var deep = list.nestedContainer(keyedBy: Key.self)
        try list.encode("last")
        try deep.encode([true], forKey: .z)
        try deep.encodeNil(forKey: .a)
        try inner.encode("later", forKey: .a)
        try "above".encode(to: object.superEncoder())
        try Everything.Empty().encode(to: object.superEncoder(forKey: .m))
    }
}

@Suite struct CanonicalJSONTests {
    @Test func `every kind of value has the text that Foundation gives it`() throws {
        let value = Everything()
        let bytes = try CanonicalJSON.encode(value)
        #expect(bytes == (try reference(value)))
        #expect(try CanonicalJSON.decode(Everything.self, from: bytes) == value)
    }

    @Test func `nested containers that are filled by turns end up in their places`() throws {
        #expect(try CanonicalJSON.encode(Interleaved()) == reference(Interleaved()))
    }

    @Test func `a value that is no object stands alone`() throws {
        #expect(try CanonicalJSON.encode("a/b") == Array(#""a/b""#.utf8))
        #expect(try CanonicalJSON.encode([Int?.none]) == Array("[null]".utf8))
        #expect(try CanonicalJSON.encode(Everything.Empty()) == Array("{}".utf8))
    }

    @Test func `every byte of a string is escaped as Foundation escapes it`() throws {
        let all = String(String.UnicodeScalarView((0..<0x250).compactMap(Unicode.Scalar.init)))
        #expect(try CanonicalJSON.encode([all]) == reference([all]))
    }

    @Test func `keys are sorted by their bytes, one that begins another first`() throws {
        let table = ["ab": 1, "a": 2, "a\"": 3, "aA": 8, "B": 4, "": 5, "z\u{301}": 6, "z": 7]
        let text = String(decoding: try CanonicalJSON.encode(table), as: UTF8.self)
        #expect(text == #"{"":5,"B":4,"a":2,"a\"":3,"aA":8,"ab":1,"z":7,"z\#u{301}":6}"#)
    }

    @Test func `a floating-point number is refused`() {
        #expect(throws: EncodingError.self) { try CanonicalJSON.encode(["x": 0.5]) }
        #expect(throws: EncodingError.self) { try CanonicalJSON.encode([Float(1)]) }
    }
}
