/// Takes the depth out of hostile Markdown: container markers and brackets beyond a bound become letters, each byte for a
/// byte, because cmark walks every open container for every line and every open bracket for every image.
struct Taming {
    /// More levels than any text meant for reading has.
    static let maximumContainers = 64
    static let maximumBrackets = 256

    private(set) var bytes: [UInt8]
    /// Offset of the first byte that was changed; nil when none was.
    private(set) var firstChange: Int?

    /// O(n).
    init(_ source: [UInt8]) {
        bytes = source
        var index = 0
        while index < bytes.count {
            index = tameMarkers(from: index)
            index = tameBrackets(from: index)
        }
    }

    /// The markers with which a line begins; the offset after them.
    private mutating func tameMarkers(from start: Int) -> Int {
        var index = start
        var markers = 0
        while index < bytes.count {
            switch bytes[index] {
            case .space, .tab: index += 1
            case .greater:
                markers += 1
                if markers > Self.maximumContainers { replace(index) }
                index += 1
            case .hyphen, .star, 0x2B:
                guard index + 1 < bytes.count, bytes[index + 1].isBlank else { return index }
                markers += 1
                if markers > Self.maximumContainers { replace(index) }
                index += 1
            case 0x30...0x39:
                guard let end = orderedMarker(index) else { return index }
                markers += 1
                if markers > Self.maximumContainers { replace(end - 1) }
                index = end
            default: return index
            }
        }
        return index
    }

    /// The end of `12.` or `12)` with a blank after it.
    private func orderedMarker(_ start: Int) -> Int? {
        var index = start
        while index < bytes.count, bytes[index].isDigit, index - start < 10 { index += 1 }
        guard index + 1 < bytes.count, bytes[index] == .dot || bytes[index] == .closeParenthesis else { return nil }
        return bytes[index + 1].isBlank ? index + 1 : nil
    }

    /// The rest of the line; the offset of the next one.
    private mutating func tameBrackets(from start: Int) -> Int {
        var index = start
        var opened = 0
        while index < bytes.count {
            let byte = bytes[index]
            if byte == .openBracket {
                opened += 1
                if opened > Self.maximumBrackets { replace(index) }
            } else if byte == .closeBracket {
                opened = max(0, opened - 1)
            }
            index += 1
            if byte.isLineEnd { break }
        }
        return index
    }

    private mutating func replace(_ index: Int) {
        bytes[index] = UInt8(ascii: "x")
        if firstChange == nil { firstChange = index }
    }
}
