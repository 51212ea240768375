import SkillModel

/// `import a.b as c, d` and `from .e import (f, g)` at any indent.
enum PythonImports {
    static func scan(_ bytes: [UInt8]) -> [BundledFile.Import] {
        let guarded = PythonGuards.lines(bytes)
        return statements(bytes).map { item in
            var item = item
            if guarded.contains(item.line) { item.isGuarded = true }
            return item
        }
    }

    private static func statements(_ bytes: [UInt8]) -> [BundledFile.Import] {
        var cursor = ScriptCursor(bytes)
        var found: [BundledFile.Import] = []
        var isLineStart = true
        while !cursor.isAtEnd {
            switch cursor.byte {
            case .space, .tab, .carriageReturn: cursor.advance()
            case .lineFeed, .semicolon:
                cursor.advance()
                isLineStart = true
            case .hash:
                cursor.skipLine()
                isLineStart = true
            case .doubleQuote, .singleQuote:
                skipString(&cursor)
                isLineStart = false
            case let byte where byte.isWord:
                let line = cursor.line
                let word = cursor.word()
                if isLineStart, cursor.byte.isBlank {
                    if word == "import" { found += modules(&cursor, line) }
                    if word == "from", let name = origin(&cursor) { found.append(.init(name: name, line: line)) }
                }
                isLineStart = false
            case .colon:
                // `try: import x`
                cursor.advance()
                isLineStart = true
            default:
                cursor.advance()
                isLineStart = false
            }
        }
        return found
    }

    static func skipString(_ cursor: inout ScriptCursor) {
        if cursor.has("\"\"\"") {
            cursor.advance(3)
            cursor.skip(past: "\"\"\"")
        } else if cursor.has("'''") {
            cursor.advance(3)
            cursor.skip(past: "'''")
        } else {
            cursor.skipString(cursor.byte, spansLines: false)
        }
    }

    private static func skipGaps(_ cursor: inout ScriptCursor) {
        cursor.skipBlanks()
        while cursor.byte == .backslash, cursor.peek(1).isLineEnd {
            cursor.advance(2)
            cursor.skipWhitespace()
        }
    }

    private static func modules(_ cursor: inout ScriptCursor, _ line: Int) -> [BundledFile.Import] {
        var found: [BundledFile.Import] = []
        while true {
            skipGaps(&cursor)
            let line = cursor.line
            let name = cursor.word([.dot])
            guard !name.isEmpty else { return found }
            found.append(.init(name: name, line: line))
            skipGaps(&cursor)
            if cursor.has("as ") {
                cursor.advance(3)
                skipGaps(&cursor)
                _ = cursor.word()
                skipGaps(&cursor)
            }
            guard cursor.byte == .comma else { return found }
            cursor.advance()
        }
    }

    /// The module of `from X import …`; nil when this is no import.
    private static func origin(_ cursor: inout ScriptCursor) -> String? {
        skipGaps(&cursor)
        let name = cursor.word([.dot])
        skipGaps(&cursor)
        return !name.isEmpty && cursor.has("import") && !cursor.peek(6).isWord ? name : nil
    }
}

/// `import … from 'x'`, `import 'x'`, `export … from 'x'`, `require('x')`, `import('x')`.
enum JavaScriptImports {
    static func scan(_ bytes: [UInt8]) -> [BundledFile.Import] {
        var cursor = ScriptCursor(bytes)
        var found: [BundledFile.Import] = []
        var guards = JavaScriptGuards()
        while !cursor.isAtEnd {
            switch cursor.byte {
            case .slash where cursor.peek(1) == .slash: cursor.skipLine()
            case .slash where cursor.peek(1) == .star:
                cursor.advance(2)
                cursor.skip(past: "*/")
            case .doubleQuote, .singleQuote: cursor.skipString(cursor.byte, spansLines: false)
            case .backtick: cursor.skipString(.backtick, spansLines: true)
            case let byte where byte.isWord || byte == .dollar:
                let isMember = bytes.byte(cursor.index - 1) == .dot
                let word = cursor.word([.dollar])
                if !isMember, word == "try" { guards.tries(found.count, at: cursor.index) }
                guard !isMember, word == "import" || word == "require" || word == "from" else { continue }
                cursor.skipWhitespace()
                let isCall = cursor.byte == .openParenthesis && word != "from"
                if isCall {
                    cursor.advance()
                    cursor.skipWhitespace()
                } else if word == "require" {
                    continue
                }
                let line = cursor.line
                guard let name = cursor.string(), !name.isEmpty else { continue }
                let isCaught = isCall && word == "import" && cursor.has(").catch(")
                found.append(.init(name: name, line: line, isGuarded: isCaught ? true : nil))
            case .openBrace:
                guards.open()
                cursor.advance()
            case .closeBrace:
                guards.close(cursor, &found)
                cursor.advance()
            default: cursor.advance()
            }
        }
        return found
    }
}

/// The `import` declarations of a Go file.
enum GoImports {
    static func scan(_ bytes: [UInt8]) -> [BundledFile.Import] {
        var cursor = ScriptCursor(bytes)
        var found: [BundledFile.Import] = []
        var isInBlock = false
        var isImport = false
        while !cursor.isAtEnd {
            switch cursor.byte {
            case .slash where cursor.peek(1) == .slash:
                cursor.skipLine()
                isImport = false
            case .slash where cursor.peek(1) == .star:
                cursor.advance(2)
                cursor.skip(past: "*/")
            case .lineFeed:
                cursor.advance()
                isImport = false
            case .openParenthesis where isImport:
                cursor.advance()
                isInBlock = true
            case .closeParenthesis:
                cursor.advance()
                isInBlock = false
            case .doubleQuote, .backtick:
                let line = cursor.line
                if let name = cursor.string() {
                    if isImport || isInBlock { found.append(.init(name: name, line: line)) }
                } else {
                    cursor.advance()
                }
            case let byte where byte.isWord:
                let word = cursor.word()
                if isInBlock { continue }
                if word == "import" { isImport = true }
                // Imports come before all other declarations.
                if ["func", "type", "var", "const"].contains(word), !isImport { return found }
            default: cursor.advance()
            }
        }
        return found
    }
}

/// `require 'x'`, `require_relative 'x'`, `gem 'x'` at the start of a line.
enum RubyImports {
    static func scan(_ bytes: [UInt8]) -> [BundledFile.Import] {
        var found: [BundledFile.Import] = []
        var isComment = false
        for (number, line) in bytes.lines(0..<bytes.count).enumerated() {
            if bytes.has("__END__", at: line.lowerBound) { break }
            if bytes.has("=begin", at: line.lowerBound) { isComment = true }
            if bytes.has("=end", at: line.lowerBound) { isComment = false }
            if isComment { continue }
            var cursor = ScriptCursor(Array(bytes[line]))
            cursor.skipBlanks()
            let word = cursor.word()
            guard word == "require" || word == "require_relative" || word == "gem" else { continue }
            cursor.skipBlanks()
            if cursor.byte == .openParenthesis { cursor.advance() }
            cursor.skipBlanks()
            guard let name = cursor.string(), !name.isEmpty else { continue }
            found.append(
                .init(name: word == "require_relative" && !name.hasPrefix(".") ? "./" + name : name, line: number + 1))
        }
        return found
    }
}
