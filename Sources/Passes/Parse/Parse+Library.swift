import CMark

extension Parse {
    /// The version of the Markdown parser: it decides what the pass puts out as much as our own code does.
    package static var libraryVersion: String { String(cString: cmark_version_string()) }
}
