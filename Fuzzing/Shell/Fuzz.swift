import FuzzChecks

@_cdecl("FuzzShell_main")
func main(_ count: CInt, _ words: Words) -> CInt {
    fuzz(count, words) { require(ShellChecks.faults, of: $0, $1) }
}
