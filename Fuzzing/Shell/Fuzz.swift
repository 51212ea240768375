import FuzzChecks

/// SwiftPM links a program to a `main` of the target's own name, so that libFuzzer's is never taken: this one hands over to it.
@_cdecl("FuzzShell_main")
public func main(_ count: CInt, _ words: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?) -> CInt {
    var (count, words) = (count, words)
    return runDriver(&count, &words) { start, count in
        let faults = ShellChecks.faults(Array(UnsafeBufferPointer(start: start, count: count)))
        guard faults.isEmpty else { fatalError(faults.joined(separator: "\n")) }
        return 0
    }
}

/// libFuzzer as a library (`FuzzerInterface.h`); it calls the closure once an input.
@_silgen_name("LLVMFuzzerRunDriver")
private func runDriver(
    _ count: UnsafeMutablePointer<CInt>,
    _ words: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?>,
    _ test: @convention(c) (UnsafePointer<UInt8>?, Int) -> CInt
) -> CInt
