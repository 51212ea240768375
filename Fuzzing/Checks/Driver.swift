#if SKVM_FUZZ
    /// The words of a command line, as C has them.
    package typealias Words = UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
    package typealias Input = UnsafePointer<UInt8>?

    /// Runs libFuzzer, which calls `test` once an input. SwiftPM links a program to a `main` of the target's own name, so that
    /// libFuzzer's is never taken: each fuzzer has one that hands over to this.
    package func fuzz(_ count: CInt, _ words: Words, _ test: @convention(c) (Input, Int) -> CInt) -> CInt {
        var (count, words) = (count, words)
        return runDriver(&count, &words, test)
    }

    /// Ends the program when a claim does not hold: libFuzzer then writes the input down.
    package func require(_ faults: ([UInt8]) -> [String], of start: Input, _ count: Int) -> CInt {
        let found = faults(Array(UnsafeBufferPointer(start: start, count: count)))
        guard found.isEmpty else { fatalError(found.joined(separator: "\n")) }
        return 0
    }

    /// libFuzzer as a library (`FuzzerInterface.h`).
    @_silgen_name("LLVMFuzzerRunDriver")
    private func runDriver(
        _ count: UnsafeMutablePointer<CInt>, _ words: UnsafeMutablePointer<Words>,
        _ test: @convention(c) (Input, Int) -> CInt
    ) -> CInt
#endif
