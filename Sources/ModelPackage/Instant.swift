/// A point in time in milliseconds since 1970-01-01T00:00:00Z, read from and written as ISO 8601 in UTC.
public struct Instant: Hashable, Sendable, Comparable, CustomStringConvertible {
    public let millisecondsSince1970: Int64

    public init(millisecondsSince1970: Int64) {
        self.millisecondsSince1970 = millisecondsSince1970
    }

    public static func < (left: Instant, right: Instant) -> Bool {
        left.millisecondsSince1970 < right.millisecondsSince1970
    }

    /// Reads `YYYY-MM-DD`, optionally followed by `T` or a space and `HH:MM[:SS[.fraction]]` and `Z` or `±HH[:]MM`.
    ///
    /// Without an offset the time is UTC. Digits past the millisecond are dropped. Nil for anything else, and for days
    /// that do not exist.
    public init?(iso8601 text: some StringProtocol) {
        var text = String(text)
        guard let value = text.withUTF8({ Self.milliseconds(parsing: $0) }) else { return nil }
        millisecondsSince1970 = value
    }

    /// `YYYY-MM-DDTHH:MM:SS.mmmZ`: always with milliseconds, so that text order is time order.
    public var description: String {
        let clamped = min(max(millisecondsSince1970, Self.earliest), Self.latest)
        let days = clamped.flooredDivision(by: 86_400_000)
        let milliseconds = clamped - days * 86_400_000
        let (year, month, day) = civilDate(fromDays: days)
        return String(unsafeUninitializedCapacity: 32) { buffer in
            var writer = DigitWriter(buffer: buffer)
            writer.put(year, digits: 4, then: "-")
            writer.put(month, digits: 2, then: "-")
            writer.put(day, digits: 2, then: "T")
            writer.put(milliseconds / 3_600_000, digits: 2, then: ":")
            writer.put(milliseconds / 60_000 % 60, digits: 2, then: ":")
            writer.put(milliseconds / 1000 % 60, digits: 2, then: ".")
            writer.put(milliseconds % 1000, digits: 3, then: "Z")
            return writer.count
        }
    }

    /// The years that four digits can name.
    private static let earliest: Int64 = -62_167_219_200_000
    private static let latest: Int64 = 253_402_300_799_999

    private static func milliseconds(parsing bytes: UnsafeBufferPointer<UInt8>) -> Int64? {
        var cursor = DigitCursor(bytes: bytes)
        guard let year = cursor.digits(4), cursor.take("-"), let month = cursor.digits(2), cursor.take("-"),
            let day = cursor.digits(2), (1...12).contains(month), day >= 1, day <= daysIn(month: month, year: year)
        else { return nil }
        let midnight = days(year: year, month: month, day: day) * 86_400_000
        if cursor.isAtEnd { return midnight }
        guard cursor.take("T") || cursor.take("t") || cursor.take(" ") else { return nil }
        guard let hour = cursor.digits(2), cursor.take(":"), let minute = cursor.digits(2), hour < 24, minute < 60 else {
            return nil
        }
        var second: Int64 = 0
        var fraction: Int64 = 0
        if cursor.take(":") {
            guard let value = cursor.digits(2), value <= 60 else { return nil }
            second = value
            if cursor.take(".") {
                guard let value = cursor.millisecondFraction() else { return nil }
                fraction = value
            }
        }
        guard let offset = cursor.utcOffsetMinutes(), cursor.isAtEnd else { return nil }
        return midnight + ((hour * 60 + minute - offset) * 60 + second) * 1000 + fraction
    }
}

private struct DigitCursor {
    let bytes: UnsafeBufferPointer<UInt8>
    var index = 0

    var isAtEnd: Bool { index == bytes.count }

    mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard index < bytes.count, bytes[index] == UInt8(ascii: character) else { return false }
        index += 1
        return true
    }

    mutating func digit() -> Int64? {
        guard index < bytes.count, bytes[index] >= UInt8(ascii: "0"), bytes[index] <= UInt8(ascii: "9") else { return nil }
        index += 1
        return Int64(bytes[index - 1] - UInt8(ascii: "0"))
    }

    mutating func digits(_ count: Int) -> Int64? {
        var value: Int64 = 0
        for _ in 0..<count {
            guard let digit = digit() else { return nil }
            value = value * 10 + digit
        }
        return value
    }

    mutating func millisecondFraction() -> Int64? {
        guard var value = digit() else { return nil }
        var places = 1
        while let next = digit() {
            if places < 3 {
                value = value * 10 + next
                places += 1
            }
        }
        while places < 3 {
            value *= 10
            places += 1
        }
        return value
    }

    mutating func utcOffsetMinutes() -> Int64? {
        if isAtEnd || take("Z") || take("z") { return 0 }
        let sign: Int64
        if take("+") { sign = 1 } else if take("-") { sign = -1 } else { return nil }
        guard let hours = digits(2), hours < 24 else { return nil }
        _ = take(":")
        guard !isAtEnd else { return sign * hours * 60 }
        guard let minutes = digits(2), minutes < 60 else { return nil }
        return sign * (hours * 60 + minutes)
    }
}

// The proleptic Gregorian calendar as day numbers, after Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms".

private func days(year: Int64, month: Int64, day: Int64) -> Int64 {
    let shifted = month <= 2 ? year - 1 : year
    let era = shifted.flooredDivision(by: 400)
    let yearOfEra = shifted - era * 400
    let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
    let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    return era * 146_097 + dayOfEra - 719_468
}

private func civilDate(fromDays days: Int64) -> (year: Int64, month: Int64, day: Int64) {
    let shifted = days + 719_468
    let era = shifted.flooredDivision(by: 146_097)
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shiftedMonth = (5 * dayOfYear + 2) / 153
    let day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
    let month = shiftedMonth + (shiftedMonth < 10 ? 3 : -9)
    return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day)
}

private func daysIn(month: Int64, year: Int64) -> Int64 {
    switch month {
    case 2: (year % 4 == 0 && year % 100 != 0) || year % 400 == 0 ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
}

extension Int64 {
    fileprivate func flooredDivision(by divisor: Int64) -> Int64 {
        self >= 0 ? self / divisor : -((-self + divisor - 1) / divisor)
    }
}

private struct DigitWriter {
    let buffer: UnsafeMutableBufferPointer<UInt8>
    var count = 0

    /// Writes a number with at least so many digits, the last ones of it where it has more than fit, and a character.
    mutating func put(_ value: Int64, digits: Int, then character: Unicode.Scalar) {
        var rest = value
        for place in stride(from: count + digits - 1, through: count, by: -1) {
            buffer[place] = UInt8(ascii: "0") + UInt8(rest % 10)
            rest /= 10
        }
        buffer[count + digits] = UInt8(ascii: character)
        count += digits + 1
    }
}
