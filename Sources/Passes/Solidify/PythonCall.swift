import SkillModel

/// A function that a fragment defines at its margin, called with what the environment has: a definition alone would run and do nothing.
struct PythonCall {
    let function: String
    let isAsync: Bool
    let parameters: [SolidificationCandidate.Parameter]

    /// The lines after the code. Arguments that have no variable take their defaults; numbers and truth values are read as such. Objects
    /// can't travel so: the function fails, and the model does what it did before.
    var text: String {
        let rows = parameters.map { "(\"\($0.example)\", \"\($0.name)\", \(Self.reader[$0.type] ?? "str"))" }
        let list = "(" + rows.joined(separator: ", ") + ",)"
        let call =
            "\(function)(**{name: kind(_skvm_os.environ[variable]) for name, variable, kind in \(list) "
            + "if variable in _skvm_os.environ})"
        return "\nimport os as _skvm_os\n"
            + (isAsync ? "import asyncio as _skvm_asyncio\nprint(_skvm_asyncio.run(\(call)))\n" : "print(\(call))\n")
    }

    private static let reader: [SolidificationCandidate.Parameter.ValueType: String] = [
        .integer: "int", .number: "float", .boolean: "(lambda text: text == \"true\")",
    ]

    /// What an annotation or a default says of a parameter's type: `: int = 5`, `=0.5`; nil when neither does. O(length).
    static func type(of declaration: String) -> SolidificationCandidate.Parameter.ValueType? {
        let parts = declaration.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        let annotation = parts[0].drop { $0 == ":" || $0 == " " }.prefix { $0.isLetter }
        switch annotation {
        case "int": return .integer
        case "float": return .number
        case "bool": return .boolean
        case "": break
        default: return nil
        }
        guard parts.count == 2 else { return nil }
        let value = parts[1].trimmingBlanks()
        if value == "True" || value == "False" { return .boolean }
        if Int(value) != nil { return .integer }
        return Double(value) == nil ? nil : .number
    }
}
