import FuzzChecks

@_cdecl("FuzzParse_main")
func main(_ count: CInt, _ words: Words) -> CInt {
    fuzz(count, words) { require(ParseChecks.faults, of: $0, $1) }
}
