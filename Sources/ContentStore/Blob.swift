package import Basics

/// Bytes by what they are: their SHA-256 and how many there are. The `Digest` message of the Remote Execution API.
package struct Blob: Sendable, Hashable, Codable {
    package var digest: Digest
    /// In bytes; never negative.
    package var size: Int64

    package init(digest: Digest, size: Int64) {
        self.digest = digest
        self.size = size
    }

    /// The blob that `bytes` are. O(n).
    package init(of bytes: [UInt8]) {
        self.init(digest: Digest(of: bytes), size: Int64(bytes.count))
    }
}
