internal import ModelPackage

/// Numbers, sizes and times as people read them; the same on every machine.
enum Figures {
    /// `1,234,567`.
    static func grouped(_ number: Int64) -> String {
        var digits = String(number.magnitude)
        var groups: [Substring] = []
        while digits.count > 3 {
            groups.append(digits.suffix(3))
            digits = String(digits.dropLast(3))
        }
        groups.append(digits[...])
        return (number < 0 ? "−" : "") + groups.reversed().joined(separator: ",")
    }

    /// `987`, `12.3k`, `4.5M`, `70B`: three digits at most, rounded down so that nothing looks larger than it is.
    static func short(_ number: Int64) -> String {
        scaled(number, units: ["", "k", "M", "B", "T", "Q", "Qi"])
    }

    /// `512 B`, `1.5 kB`, `3.2 GB`, in steps of a thousand.
    static func bytes(_ count: Int64) -> String {
        scaled(count, units: [" B", " kB", " MB", " GB", " TB", " PB", " EB"])
    }

    private static func scaled(_ number: Int64, units: [String]) -> String {
        var rest = number.magnitude
        var tenths: UInt64 = 0
        var unit = 0
        while rest >= 1000, unit < units.count - 1 {
            tenths = rest % 1000 / 100
            rest /= 1000
            unit += 1
        }
        let fraction = unit > 0 && rest < 100 && tenths > 0 ? ".\(tenths)" : ""
        return "\(number < 0 ? "−" : "")\(rest)\(fraction)\(units[unit])"
    }

    /// `12.3 %` of a whole that may be nothing; what is there is never shown as nothing.
    static func percent(_ part: Int64, of whole: Int64) -> String {
        guard whole > 0, part > 0 else { return "0 %" }
        let share = Double(part) / Double(whole) * 100
        if share < 0.1 { return "<0.1 %" }
        let tenths = Int((min(share, 1e6) * 10).rounded())
        return tenths % 10 == 0 || tenths >= 1000 ? "\(tenths / 10) %" : "\(tenths / 10).\(tenths % 10) %"
    }

    /// `1 file`, `12,345 files`.
    static func count(_ number: Int64, _ noun: String, plural: String? = nil) -> String {
        "\(grouped(number)) \(number == 1 ? noun : plural ?? noun + "s")"
    }

    /// `4 Mar 2024` of an ISO 8601 text; any other text as it is.
    static func date(_ iso8601: String) -> String {
        let parts = iso8601.prefix(10).split(separator: "-")
        guard parts.count == 3, let month = Int(parts[1]), let day = Int(parts[2]), months.indices.contains(month - 1) else {
            return iso8601
        }
        return "\(day) \(months[month - 1]) \(parts[0])"
    }

    /// `Mar 2024`.
    static func month(year: Int, month: Int) -> String {
        months.indices.contains(month - 1) ? "\(months[month - 1]) \(year)" : String(year)
    }

    /// `4 Mar 2024, 17:05 UTC`.
    static func dateAndTime(_ instant: Instant) -> String {
        let text = instant.description
        return "\(date(text)), \(text.dropFirst(11).prefix(5)) UTC"
    }

    private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
}
