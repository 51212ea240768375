/// Integers, floats, dates and times.
extension TOMLParser {
    mutating func numberOrDate(into node: Int32) throws(TOMLFault) {
        if digits(at: position) >= 4, peek(4) == UInt8(ascii: "-") { return try date(into: node) }
        if digits(at: position) == 2, peek(2) == UInt8(ascii: ":") {
            nodes[Int(node)].kind = .localTime
            return try time()
        }
        try number(into: node)
    }

    // MARK: Numbers

    private mutating func number(into node: Int32) throws(TOMLFault) {
        let start = position
        while Self.isBare(peek) || peek == UInt8(ascii: "+") || peek == UInt8(ascii: ".") { position += 1 }
        let token = bytes[start..<position]
        if let integer = try integer(token, at: start) {
            nodes[Int(node)].kind = .integer
            nodes[Int(node)].bits = UInt64(bitPattern: integer)
        } else if let float = Self.float(token) {
            nodes[Int(node)].kind = .float
            nodes[Int(node)].bits = float.bitPattern
        } else {
            throw TOMLFault(
                "toml.value", at: start, "'\(String(decoding: token.prefix(40), as: UTF8.self))' is no value",
                hint: "text needs quotes: \"…\"; a number has no leading zeros")
        }
    }

    /// Nil when `token` isn't spelled as an integer; throws when it is one of more than 64 bits.
    private func integer(_ token: ArraySlice<UInt8>, at start: Int) throws(TOMLFault) -> Int64? {
        var digits = token
        var isNegative = false
        var radix: UInt8 = 10
        if let sign = digits.first, sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") {
            isNegative = sign == UInt8(ascii: "-")
            digits = digits.dropFirst()
        } else if digits.first == 0x30, digits.count > 2 {
            switch digits[digits.startIndex + 1] {
            case UInt8(ascii: "x"): radix = 16
            case UInt8(ascii: "o"): radix = 8
            case UInt8(ascii: "b"): radix = 2
            default: break
            }
            if radix != 10 { digits = digits.dropFirst(2) }
        }
        guard Self.isDigits(digits, radix: radix) else { return nil }
        if radix == 10, digits.count > 1, digits.first == 0x30 { return nil }
        // Counted downwards: the least integer has no positive counterpart.
        var value: Int64 = 0
        for byte in digits where byte != UInt8(ascii: "_") {
            let (product, overflow) = value.multipliedReportingOverflow(by: Int64(radix))
            let (sum, overflow2) = product.subtractingReportingOverflow(Int64(TOMLText.hexValue(byte) ?? 0))
            value = sum
            if overflow || overflow2 { throw tooLarge(start) }
        }
        if isNegative { return value }
        guard value != .min else { throw tooLarge(start) }
        return -value
    }

    private func tooLarge(_ start: Int) -> TOMLFault {
        TOMLFault("toml.value", at: start, "an integer of more than 64 bits")
    }

    /// Digits with single underscores between them.
    private static func isDigits(_ text: ArraySlice<UInt8>, radix: UInt8) -> Bool {
        var afterDigit = false
        for byte in text {
            if byte == UInt8(ascii: "_") {
                guard afterDigit else { return false }
                afterDigit = false
            } else {
                guard let value = TOMLText.hexValue(byte), value < radix else { return false }
                afterDigit = true
            }
        }
        return afterDigit
    }

    private static func float(_ token: ArraySlice<UInt8>) -> Double? {
        var rest = token
        let isNegative = rest.first == UInt8(ascii: "-")
        if isNegative || rest.first == UInt8(ascii: "+") { rest = rest.dropFirst() }
        if rest.elementsEqual("inf".utf8) { return isNegative ? -.infinity : .infinity }
        if rest.elementsEqual("nan".utf8) { return .nan }
        let exponent = rest.firstIndex { $0 | 0x20 == UInt8(ascii: "e") } ?? rest.endIndex
        let mantissa = rest[..<exponent]
        let point = mantissa.firstIndex(of: UInt8(ascii: ".")) ?? mantissa.endIndex
        let whole = mantissa[..<point]
        guard isDigits(whole, radix: 10), whole.count == 1 || whole.first != 0x30 else { return nil }
        if point < mantissa.endIndex, !isDigits(mantissa[(point + 1)...], radix: 10) { return nil }
        if exponent < rest.endIndex {
            var power = rest[(exponent + 1)...]
            if power.first == UInt8(ascii: "-") || power.first == UInt8(ascii: "+") { power = power.dropFirst() }
            guard isDigits(power, radix: 10) else { return nil }
        }
        guard point < mantissa.endIndex || exponent < rest.endIndex else { return nil }
        return Double(String(decoding: token.filter { $0 != UInt8(ascii: "_") }, as: UTF8.self))
    }

    // MARK: Dates and times (RFC 3339)

    private mutating func date(into node: Int32) throws(TOMLFault) {
        let start = position
        let year = field(4)
        guard let year, skip("-"), let month = field(2), skip("-"), let day = field(2),
            (1...12).contains(month), (1...Self.days(month, year)).contains(day)
        else { throw badDate(start) }
        nodes[Int(node)].kind = .localDate
        let separator = peek
        guard separator | 0x20 == UInt8(ascii: "t") || separator == 0x20 && digits(at: position + 1) > 0 else {
            return
        }
        position += 1
        try time()
        nodes[Int(node)].kind = .localDateTime
        if peek | 0x20 == UInt8(ascii: "z") {
            position += 1
            nodes[Int(node)].kind = .offsetDateTime
        } else if peek == UInt8(ascii: "+") || peek == UInt8(ascii: "-") {
            position += 1
            guard let hour = field(2), skip(":"), let minute = field(2), hour < 24, minute < 60 else {
                throw badDate(start)
            }
            nodes[Int(node)].kind = .offsetDateTime
        }
    }

    private mutating func time() throws(TOMLFault) {
        let start = position
        guard let hour = field(2), skip(":"), let minute = field(2), skip(":"), let second = field(2),
            hour < 24, minute < 60, second < 60
        else { throw badDate(start) }
        guard peek == UInt8(ascii: ".") else { return }
        position += 1
        let count = digits(at: position)
        guard count > 0 else { throw badDate(start) }
        position += count
    }

    private func badDate(_ start: Int) -> TOMLFault {
        TOMLFault(
            "toml.value", at: start, "no date or time",
            hint: "dates are like 2026-04-10, 2026-04-10T12:44:08Z; text needs quotes")
    }

    private static func days(_ month: Int, _ year: Int) -> Int {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    /// A number of exactly that many digits.
    private mutating func field(_ count: Int) -> Int? {
        guard digits(at: position) >= count else { return nil }
        let value = bytes[position..<position + count].reduce(0) { $0 * 10 + Int($1 - 0x30) }
        position += count
        return value
    }

    private mutating func skip(_ text: Character) -> Bool {
        guard let byte = text.asciiValue, peek == byte else { return false }
        position += 1
        return true
    }

    private func digits(at start: Int) -> Int {
        var end = start
        while end < bytes.count, bytes[end] >= 0x30, bytes[end] <= 0x39 { end += 1 }
        return end - start
    }
}
