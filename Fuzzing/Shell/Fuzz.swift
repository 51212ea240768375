import FuzzChecks

/// What libFuzzer calls, once an input.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let faults = ShellChecks.faults(Array(UnsafeBufferPointer(start: start, count: count)))
    guard faults.isEmpty else { fatalError(faults.joined(separator: "\n")) }
    return 0
}
