/// What runs a template: the program, the lowest version of it that does, and how the file that holds the template ends.
package struct TemplateRunner: Sendable, Hashable, Codable {
    /// `sh`, `bash`, `python3`, `node`.
    package var program: String
    /// The lowest version that runs it, as the program writes versions; nil for any.
    package var minimum: String?
    /// The ending of the template's file, by which `node` knows which kind of module and which language it reads.
    package var ending: String

    package init(program: String, minimum: String? = nil, ending: String) {
        self.program = program
        self.minimum = minimum
        self.ending = ending
    }
}
