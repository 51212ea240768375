/// What is told of a transfer over a network while it goes on. Addresses are without credentials.
package enum TransferEvent: Sendable, Equatable {
    /// So much of it is here.
    case received(address: String, Amount)
    /// It is over, well or not.
    case ended(address: String)
    /// It failed, for a reason that may pass: the next of `attempts` begins after a pause.
    case failed(address: String, reason: String, milliseconds: Int, attempt: Int, attempts: Int)

    package struct Amount: Sendable, Equatable {
        package var bytes: Int64
        /// Parts that are here, of `total`; of parts nobody knows the size beforehand.
        package var parts: Int
        package var total: Int

        package init(bytes: Int64, parts: Int, total: Int) {
            self.bytes = bytes
            self.parts = parts
            self.total = total
        }
    }
}
