import FuzzChecks

@_cdecl("FuzzCompile_main")
func main(_ count: CInt, _ words: Words) -> CInt {
    fuzz(count, words) { require(CompileChecks.faults, of: $0, $1) }
}
