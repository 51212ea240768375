package import Basics
package import ContentStore

extension ActionCache: RecordTable {
    package func recordAll(_ records: [(key: Digest, value: [UInt8])]) throws {
        try recordAll(records.map { Entry(key: $0.key, value: $0.value) })
    }
}
