import Basics
import Testing

struct DigestTests {
    /// FIPS 180-4 examples and the NIST long message.
    @Test(arguments: [
        ("", 1, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ("abc", 1, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        (
            "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", 1,
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
        ),
        ("a", 1_000_000, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"),
    ])
    func `published vectors are met, in one piece and in parts`(text: String, count: Int, hex: String) {
        let bytes = Array(String(repeating: text, count: count).utf8)
        #expect(Digest(of: bytes).hex == hex)
        #expect(Digest(of: String(repeating: text, count: count)).hex == hex)
        var hasher = SHA256Hasher()
        for start in stride(from: 0, to: bytes.count, by: 777) {
            hasher.update(Array(bytes[start..<min(start + 777, bytes.count)]))
        }
        #expect(hasher.finish().hex == hex)
    }

    @Test func `a digest's text, bytes and order agree`() throws {
        let digests = (0..<200).map { Digest(of: "\($0)") }
        for digest in digests {
            #expect(Digest(text: digest.description) == digest)
            #expect(Digest(hex: digest.hex) == digest)
            #expect(Digest(bytes: digest.bytes) == digest)
            #expect(digest.bytes.hex == digest.hex)
            var bytes: [UInt8] = [1]
            digest.appendHex(to: &bytes)
            #expect(bytes == [1] + Array(digest.hex.utf8))
            #expect(digest.withBytes { [UInt8]($0) } == digest.bytes)
        }
        #expect(digests.sorted().map(\.hex) == digests.map(\.hex).sorted())
    }

    @Test(arguments: ["", "sha256:", "sha256:00", "SHA256:", "sha512:"])
    func `what is no digest is none`(prefix: String) {
        let hex = String(repeating: "0", count: 64)
        #expect(Digest(text: prefix) == nil)
        #expect(Digest(text: prefix + hex.dropLast()) == nil)
        #expect(Digest(hex: hex.dropLast() + "g") == nil)
        #expect(Digest(hex: hex.dropLast() + "A") == nil)
        #expect(Digest(hex: hex + "0") == nil)
        #expect(Digest(bytes: [UInt8](repeating: 0, count: 31)) == nil)
    }
}
