/// Which keys and headers may name which tables: TOML's rules against defining a thing twice.
extension TOMLParser {
    func find(_ part: Range<Int>, in table: Int32) -> Int32? {
        withKey(part) { index.find($0, in: table, nodes: nodes, bytes: bytes) }
    }

    /// Appends a node with that key; the caller has made sure that `find` finds none.
    mutating func add(_ node: TOMLNode, _ part: Range<Int>) -> Int32 {
        var node = node
        node.keyStart = Int32(part.lowerBound)
        node.keyEnd = Int32(part.upperBound)
        node.hash = withKey(part) { TOMLKeyIndex.hash($0, in: node.parent) }
        let number = append(node)
        index.insert(number, nodes: nodes)
        return number
    }

    /// Appends a node as the last child of its parent.
    mutating func append(_ node: TOMLNode) -> Int32 {
        let number = Int32(nodes.count)
        let parent = Int(node.parent)
        nodes.append(node)
        let last = nodes[parent].lastChild
        if last == TOMLNode.none { nodes[parent].firstChild = number } else { nodes[Int(last)].next = number }
        nodes[parent].lastChild = number
        nodes[parent].count += 1
        return number
    }

    /// The table that a part of a dotted key leads to, made when there is none.
    mutating func descend(from table: Int32, _ part: Range<Int>) throws(TOMLFault) -> Int32 {
        guard let child = find(part, in: table) else {
            return add(
                TOMLNode(
                    kind: .table, definition: .dotted(section: currentSection), parent: table,
                    start: Int32(part.lowerBound), end: Int32(part.upperBound)), part)
        }
        guard nodes[Int(child)].kind == .table else { throw duplicate(part, child) }
        switch nodes[Int(child)].definition {
        case .implied:
            nodes[Int(child)].definition = .dotted(section: currentSection)
            nodes[Int(child)].start = Int32(part.lowerBound)
            nodes[Int(child)].end = Int32(part.upperBound)
        case .dotted(section: currentSection): break
        default:
            throw TOMLFault(
                "toml.duplicate", at: part.lowerBound,
                "table '\(text(part))' is defined elsewhere and can't be extended here",
                hint: "put the key where the table is defined", earlier: Int(nodes[Int(child)].start))
        }
        return child
    }

    /// The table that a part of a header, not its last, leads to, made when there is none.
    mutating func descendHeader(from table: Int32, _ part: Range<Int>) throws(TOMLFault) -> Int32 {
        guard let child = find(part, in: table) else {
            return add(
                TOMLNode(
                    kind: .table, definition: .implied, parent: table, start: Int32(part.lowerBound),
                    end: Int32(part.upperBound)), part)
        }
        let node = nodes[Int(child)]
        if node.definition == .inline { throw duplicate(part, child) }
        return node.kind == .array ? node.lastChild : child
    }

    /// The table of `[… part]`.
    mutating func define(in table: Int32, _ part: Range<Int>, _ start: Int) throws(TOMLFault) -> Int32 {
        guard let child = find(part, in: table) else {
            return add(
                TOMLNode(
                    kind: .table, definition: .header, parent: table, start: Int32(start), end: Int32(position)), part)
        }
        guard nodes[Int(child)].kind == .table, nodes[Int(child)].definition == .implied else {
            throw duplicate(part, child)
        }
        nodes[Int(child)].definition = .header
        nodes[Int(child)].start = Int32(start)
        nodes[Int(child)].end = Int32(position)
        return child
    }

    /// The new element of `[[… part]]`.
    mutating func appendElement(to table: Int32, _ part: Range<Int>, _ start: Int) throws(TOMLFault) -> Int32 {
        let array: Int32
        if let child = find(part, in: table) {
            guard nodes[Int(child)].kind == .array, nodes[Int(child)].definition == .header else {
                throw duplicate(part, child)
            }
            array = child
        } else {
            array = add(
                TOMLNode(
                    kind: .array, definition: .header, parent: table, start: Int32(start), end: Int32(position)), part)
        }
        return append(
            TOMLNode(kind: .table, definition: .header, parent: array, start: Int32(start), end: Int32(position)))
    }

    func duplicate(_ part: Range<Int>, _ earlier: Int32) -> TOMLFault {
        let node = nodes[Int(earlier)]
        return TOMLFault(
            "toml.duplicate", at: part.lowerBound, "'\(text(part))' is defined twice", hint: "keep one of the two",
            earlier: Int(max(node.keyStart, 0)))
    }

    private func text(_ part: Range<Int>) -> String {
        String(TOMLText.decode(bytes, part.lowerBound, part.upperBound).prefix(64))
    }

    /// Calls `body` with the key's text in UTF-8, which is the source itself unless there are escapes.
    private func withKey<R>(_ part: Range<Int>, _ body: (UnsafeBufferPointer<UInt8>) -> R) -> R {
        let quote = bytes[part.lowerBound]
        if quote == UInt8(ascii: "\""), bytes[part].contains(UInt8(ascii: "\\")) {
            var text = TOMLText.decode(bytes, part.lowerBound, part.upperBound)
            return text.withUTF8(body)
        }
        let isQuoted = quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'")
        let content = isQuoted ? part.lowerBound + 1..<part.upperBound - 1 : part
        return bytes.withUnsafeBufferPointer { body(UnsafeBufferPointer(rebasing: $0[content])) }
    }
}
