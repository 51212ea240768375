package import Basics

/// The YAML before the body: its keys in the order of the text, and the ones the Agent Skills specification names.
package struct FrontMatter: Sendable, Equatable, Codable {
    package struct Entry: Sendable, Equatable, Codable {
        package var key: String
        /// The value as text: a scalar as written, a list or mapping as canonical JSON.
        package var value: String
        /// True when `value` is JSON of a list or mapping.
        package var isStructured: Bool
        /// From the key to the end of the value.
        package var span: SourceSpan
        /// The value alone, with its quotes or block indicator.
        package var valueSpan: SourceSpan
        package var type: ValueType

        /// What YAML's core schema makes of the value.
        package enum ValueType: String, Sendable, Codable { case string, number, boolean, null, list, mapping }

        package init(
            key: String, value: String, isStructured: Bool, span: SourceSpan, valueSpan: SourceSpan? = nil,
            type: ValueType = .string
        ) {
            self.key = key
            self.value = value
            self.isStructured = isStructured
            self.span = span
            self.valueSpan = valueSpan ?? SourceSpan(span.end, span.end)
            self.type = type
        }
    }

    /// With both fences; nil when the skill has none.
    package var span: SourceSpan?
    package var entries: [Entry]

    package init(span: SourceSpan? = nil, entries: [Entry] = []) {
        self.span = span
        self.entries = entries
    }

    package subscript(key: String) -> String? { entries.first { $0.key == key }?.value }
    package var name: String? { self["name"] }
    package var description: String? { self["description"] }
}

/// A heading and what stands under it, down to the next heading of its level or above.
package struct Section: Sendable, Equatable, Codable {
    /// 1…6.
    package var level: Int
    package var title: String
    package var heading: SourceSpan
    package var span: SourceSpan
    /// Index in `sections` of the section around it.
    package var parent: Int?
    package init(level: Int, title: String, heading: SourceSpan, span: SourceSpan, parent: Int?) {
        self.level = level
        self.title = title
        self.heading = heading
        self.span = span
        self.parent = parent
    }
}

/// A block of the body, as CommonMark (with GitHub's tables and task lists) cuts it.
package struct Block: Sendable, Equatable, Codable {
    package enum Kind: String, Sendable, Codable {
        case heading, paragraph, list, orderedList, item, quote, code, table, tableRow, html, thematicBreak
    }

    package var kind: Kind
    package var span: SourceSpan
    /// Index in `blocks` of the block around it; nil at the top.
    package var parent: Int?
    /// Index in `sections` of the innermost section that holds it; nil before the first heading.
    package var section: Int?
    /// The number of an item of an ordered list.
    package var number: Int?
    /// The plain text of the inline content (of a heading, paragraph or table row): markup removed, lines joined by a
    /// space, table cells by ` | `. Empty for containers and code.
    package var text: String
    package init(kind: Kind, span: SourceSpan, parent: Int?, section: Int?, number: Int? = nil, text: String = "") {
        self.kind = kind
        self.span = span
        self.parent = parent
        self.section = section
        self.number = number
        self.text = text
    }
}

/// `code` in running text.
package struct CodeSpan: Sendable, Equatable, Codable {
    package var text: String
    /// Without the backticks.
    package var span: SourceSpan
    package var block: Int
    package init(text: String, span: SourceSpan, block: Int) {
        self.text = text
        self.span = span
        self.block = block
    }
}

package struct Link: Sendable, Equatable, Codable {
    package var destination: String
    package var text: String
    package var isImage: Bool
    package var span: SourceSpan
    package var block: Int
    package init(destination: String, text: String, isImage: Bool, span: SourceSpan, block: Int) {
        self.destination = destination
        self.text = text
        self.isImage = isImage
        self.span = span
        self.block = block
    }
}

/// A code block.
package struct Fragment: Sendable, Equatable, Codable {
    /// Index in `blocks`.
    package var block: Int
    /// The info string's first word in lower case with aliases folded (`sh`, `shell`, `zsh`, `console` → `bash`; `py` →
    /// `python`; `js` → `javascript`; `ts` → `typescript`; `yml` → `yaml`); empty when there is none.
    package var language: String
    package var info: String
    /// The whole block with its fences.
    package var span: SourceSpan
    /// The lines between the fences, with their line ends. In a list or quote this includes the container's indent.
    package var content: SourceSpan
    /// The code as CommonMark reads it: container indent removed.
    package var text: String
    /// False when the fence runs to the end of the file unclosed.
    package var isClosed: Bool
    /// For shell code: its simple commands in order. Empty for other languages.
    package var commands: [ShellCommand]
    package init(
        block: Int, language: String, info: String, span: SourceSpan, content: SourceSpan, text: String, isClosed: Bool,
        commands: [ShellCommand] = []
    ) {
        self.block = block
        self.language = language
        self.info = info
        self.span = span
        self.content = content
        self.text = text
        self.isClosed = isClosed
        self.commands = commands
    }
}

/// A simple command of a shell fragment, split as a POSIX shell would: quotes removed, nothing expanded.
package struct ShellCommand: Sendable, Equatable, Codable {
    /// What joins it to the command before it.
    package enum Connector: String, Sendable, Codable {
        /// First of its line, or after a newline.
        case newline
        case and = "&&"
        case or = "||"
        case pipe = "|"
        case sequence = ";"
        case background = "&"
        /// Inside `$(…)`, backticks or `<(…)` of the command before it.
        case substitution
    }

    package var connector: Connector
    /// `NAME=value` words before the command.
    package var assignments: [String]
    /// The command and its arguments; empty for assignments alone.
    package var words: [String]
    /// Targets of redirections with their operators: `>out.txt`, `2>&1`, `<<EOF`.
    package var redirections: [String]
    /// `for`, `while`, `if` … around it, outermost first.
    package var keywords: [String]
    /// From its first assignment or word to its last word or redirection, in SKILL.md.
    package var span: SourceSpan
    package init(
        connector: Connector, assignments: [String] = [], words: [String], redirections: [String] = [],
        keywords: [String] = [], span: SourceSpan
    ) {
        self.connector = connector
        self.assignments = assignments
        self.words = words
        self.redirections = redirections
        self.keywords = keywords
        self.span = span
    }

    package var name: String { words.first ?? "" }
}

/// A place where SKILL.md refers to a file by a relative path that must resolve against the skill's own folder.
package struct Reference: Sendable, Equatable, Codable {
    package enum Form: String, Sendable, Codable { case link, command, code, prose }

    /// As written, without a fragment (`#…`): `./scripts/run.py`, `{baseDir}/scripts/run.py`.
    package var path: String
    /// The path below the skill's folder that it means, without `./`, folder variable or final `/`: `scripts/run.py`.
    package var target: String
    /// The path's bytes alone.
    package var span: SourceSpan
    package var form: Form
    /// Whether such a file or folder is bundled.
    package var exists: Bool
    package init(path: String, target: String? = nil, span: SourceSpan, form: Form, exists: Bool) {
        self.path = path
        self.target = target ?? path
        self.span = span
        self.form = form
        self.exists = exists
    }
}

/// A file of the skill beside SKILL.md.
package struct BundledFile: Sendable, Equatable, Codable {
    package struct Import: Sendable, Equatable, Codable {
        /// The module's or program's name as the script has it.
        package var name: String
        /// 1-based line in the script.
        package var line: Int
        /// True of what the script can do without, by the look or handler around it; absent of everything else.
        package var isGuarded: Bool?
        package init(name: String, line: Int, isGuarded: Bool? = nil) {
            self.name = name
            self.line = line
            self.isGuarded = isGuarded
        }
    }

    /// A package that a bundled manifest (`requirements.txt`, `package.json`, …) asks for.
    package struct Package: Sendable, Equatable, Codable {
        package var kind: Dependency.Kind
        package var name: String
        /// As the manifest has it.
        package var version: String?
        /// False of extras, of what only development needs and of what a condition takes.
        package var required: Bool
        /// 1-based line in the manifest.
        package var line: Int
        /// True where the manifest takes it from another place than the usual registry; absent otherwise.
        package var isElsewhere: Bool?
        package init(
            _ kind: Dependency.Kind, _ name: String, version: String?, required: Bool, line: Int,
            isElsewhere: Bool = false
        ) {
            self.kind = kind
            self.name = name
            self.version = version
            self.required = required
            self.line = line
            self.isElsewhere = isElsewhere ? true : nil
        }
    }

    /// A command of a shell script that installs packages.
    package struct Install: Sendable, Equatable, Codable {
        package var words: [String]
        /// 1-based line in the script.
        package var line: Int
        package init(words: [String], line: Int) {
            self.words = words
            self.line = line
        }
    }

    /// A setting by which packages are taken from another place than their manager's usual registry.
    package struct Place: Sendable, Hashable, Codable {
        package var kind: Dependency.Kind
        /// The package or the scope (`@corp`) that it is for; absent where it is for all of the kind.
        package var name: String?
        package init(_ kind: Dependency.Kind, of name: String? = nil) {
            self.kind = kind
            self.name = name
        }
    }

    package var path: RelativePath
    package var size: Int
    package var isExecutable: Bool
    /// `python`, `bash`, `javascript`, `typescript`, `go`, `ruby`, by extension or `#!`; empty for anything else.
    package var language: String
    /// Third-party and standard imports of a script, as written, in order; programs that a shell script runs.
    package var imports: [Import]
    /// What a manifest asks for, in its order; absent of other files.
    package var packages: [Package]?
    /// What a shell script installs, in its order; absent where there is nothing.
    package var installs: [Install]?
    /// What package managers are told in it of where packages come from; absent where that is nothing.
    package var places: [Place]?
    package init(
        path: RelativePath, size: Int, isExecutable: Bool, language: String = "", imports: [Import] = [],
        packages: [Package]? = nil, installs: [Install]? = nil, places: [Place]? = nil
    ) {
        self.path = path
        self.size = size
        self.isExecutable = isExecutable
        self.language = language
        self.imports = imports
        self.packages = packages
        self.installs = installs
        self.places = places
    }
}
